using System.Globalization;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Issues;

/// <summary>What of a meter's last sale the next one needs.</summary>
/// <param name="ChargedThrough">The last local day whose fixed charges are in it.</param>
/// <param name="FixedChargesLeft">Fixed charges that it did not take, in minor units.</param>
/// <param name="Created">When.</param>
internal sealed record LastSale(DateOnly? ChargedThrough, long FixedChargesLeft, DateTimeOffset Created);

/// <summary>What a meter bought, sales in doubt included.</summary>
/// <param name="MilliUnits">Thousandths of units in this local month.</param>
/// <param name="TenderedToday">Minor units on this local day.</param>
/// <param name="HadFree">True where it had its free allocation of this month.</param>
internal readonly record struct Bought(long MilliUnits, long TenderedToday, bool HadFree);

/// <summary>What the sales of meters come to: the last one, the month's units and the day's money, each meter's in one row.</summary>
/// <remarks>
/// The row says what the issues say and is written in the transaction that adds a sale, so the next sale reads one row and not all sales of the month. Where there
/// is none, or it is of a later day or month than that of this server (clocks around midnight), the issues themselves are asked. So a row may be forgotten at any
/// time, and is when a sale is refused or taken back.
/// </remarks>
internal sealed class MeterSales
{
    private const string DayForm = "yyyy-MM-dd";

    // A row without a number says nothing.
    private static readonly RowShape Shape = RowShape.Insert("meter_sales",
        "pan TEXT, number INTEGER, created INTEGER, latest INTEGER, charged_through TEXT, fixed_left INTEGER, month TEXT, milli_units INTEGER, free INTEGER, day INTEGER, minor INTEGER",
        "(pan) DO UPDATE SET number = excluded.number, created = excluded.created, latest = excluded.latest, charged_through = excluded.charged_through, fixed_left = excluded.fixed_left, "
        + "month = excluded.month, milli_units = excluded.milli_units, free = excluded.free, day = excluded.day, minor = excluded.minor");

    private readonly string _month;
    private readonly long _day;
    private readonly HashSet<string> _asked;
    private readonly Dictionary<string, Totals> _totals = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);

    /// <param name="settings">Say which month and day it is.</param>
    /// <param name="now">The time of the sales.</param>
    /// <param name="pans">The meters.</param>
    public MeterSales(VendingSettings settings, DateTimeOffset now, IEnumerable<string> pans) =>
        (_month, _day, _asked) = (settings.Month(now), settings.DayStart(now).ToUnixTimeMilliseconds(), pans.ToHashSet(StringComparer.Ordinal));

    /// <summary>Asks for the rows.</summary>
    public Question Question => new(
        "SELECT pan, created, latest, charged_through, fixed_left, month, milli_units, free, day, minor FROM meter_sales WHERE pan = ANY($1) AND number > 0", Read, SqlValue.Of(_asked));

    /// <summary>Asks the issues for what no row answers; nothing where all did.</summary>
    public IReadOnlyList<Question> Rest
    {
        get
        {
            var pans = _asked.Where(pan => !_totals.ContainsKey(pan)).ToList();
            if (pans.Count == 0)
                return [];
            const string standing = "kind = 'Sale' AND sandbox = 0 AND state IN ('Pending', 'Issued')";
            return
            [
                new("SELECT pan, SUM(CASE WHEN kind = 'Sale' AND sandbox = 0 AND month = $2 THEN milli_units ELSE 0 END), SUM(CASE WHEN kind = 'Sale' AND sandbox = 0 AND created >= $3 THEN minor ELSE 0 END), "
                    + "MAX(CASE WHEN month = $2 THEN free ELSE 0 END), MAX(month), MAX(created) FROM issues WHERE pan = ANY($1) AND month >= $2 AND state IN ('Pending', 'Issued') GROUP BY pan",
                    row => Of(row.Text(0)).Take(new Bought(row.Number(1), row.Number(2), row.Number(3) != 0), row.Text(4), row.Number(5)), SqlValue.Of(pans), _month, _day),
                new($"SELECT pan, body FROM issues WHERE number IN (SELECT (SELECT MAX(number) FROM issues i WHERE i.pan = m.pan AND {standing}) FROM meters m WHERE m.pan = ANY($1))",
                    row => Of(row.Text(0)).Last = ReadLast(row.Text(1)), SqlValue.Of(pans)),
            ];
        }
    }

    /// <summary>The meter's last sale that stands or may stand, or null.</summary>
    public LastSale? Last(string pan) => _totals.GetValueOrDefault(pan)?.Last;

    /// <summary>What the meter bought.</summary>
    public Bought BoughtBy(string pan) => _totals.GetValueOrDefault(pan)?.Bought ?? default;

    /// <summary>Adds a numbered sale.</summary>
    public void Add(Issue sale)
    {
        var pan = sale.Meter!.Pan.ToString();
        var totals = Of(pan);
        var bought = totals.Bought;
        totals.Take(
            new Bought(bought.MilliUnits + IssueTable.MilliUnits(sale), bought.TenderedToday + (sale.Quote?.Tender ?? 0), bought.HadFree || sale.Orders.Any(order => order.Kind == OrderKind.Free)),
            sale.Month, sale.Created.ToUnixTimeMilliseconds());
        totals.Last = new LastSale(sale.ChargedThrough, sale.Quote?.FixedChargesLeft ?? 0, sale.Created);
        totals.Number = sale.Number;
        _ = _changed.Add(pan);
    }

    /// <summary>The rows of the meters whose sales were added.</summary>
    public RowSet Rows()
    {
        var rows = new RowSet(Shape);
        foreach (var pan in _changed)
        {
            var (totals, bought) = (_totals[pan], _totals[pan].Bought);
            // Sums of this month are of no use to a server that is in the next one already.
            var number = string.CompareOrdinal(totals.Month, _month) > 0 ? 0 : totals.Number;
            rows.Add(pan, number, totals.Last!.Created, totals.Latest, totals.Last.ChargedThrough?.ToString(DayForm, CultureInfo.InvariantCulture), totals.Last.FixedChargesLeft,
                _month, bought.MilliUnits, bought.HadFree, _day, bought.TenderedToday);
        }

        return rows;
    }

    /// <summary>Forgets a meter's row: the issues say something else now.</summary>
    public static void Forget(IStoreSession session, string pan) => _ = session.Execute("DELETE FROM meter_sales WHERE pan = $1", pan);

    private Totals Of(string pan) => _totals.TryGetValue(pan, out var totals) ? totals : _totals[pan] = new Totals();

    private void Read(ISqlRow row)
    {
        var (latest, month, day) = (row.Number(2), row.Text(5), row.Number(8));
        if (string.CompareOrdinal(month, _month) > 0 || (day != _day && latest >= _day))
            return;
        var totals = Of(row.Text(0));
        var same = month == _month;
        totals.Take(new Bought(same ? row.Number(6) : 0, day == _day ? row.Number(9) : 0, same && row.Number(7) != 0), month, latest);
        totals.Last = new LastSale(row.IsNull(3) ? null : DateOnly.ParseExact(row.Text(3), DayForm, CultureInfo.InvariantCulture), row.Number(4), row.Time(1));
    }

    private static LastSale ReadLast(string body)
    {
        var stored = StoredJson.Read<StoredLast>(body);
        return new LastSale(stored.ChargedThrough, stored.Quote?.FixedChargesLeft ?? 0, stored.Created);
    }

    private sealed class Totals
    {
        public LastSale? Last { get; set; }

        public long Number { get; set; }

        public Bought Bought { get; private set; }

        /// <summary>The latest month of a sale.</summary>
        public string Month { get; private set; } = "";

        /// <summary>When the latest sale was made, which is not the last one where clocks differ.</summary>
        public long Latest { get; private set; }

        public void Take(Bought bought, string month, long created)
        {
            Bought = bought;
            Month = string.CompareOrdinal(month, Month) > 0 ? month : Month;
            Latest = Math.Max(Latest, created);
        }
    }

    // The few members of a stored issue that are needed: the rest of its text is passed over.
    private sealed record StoredLast(DateOnly? ChargedThrough, StoredCharges? Quote, DateTimeOffset Created);

    private sealed record StoredCharges(long FixedChargesLeft);
}
