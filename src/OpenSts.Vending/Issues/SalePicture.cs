using OpenSts.Vending.Access;
using OpenSts.Vending.Customers;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Money;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Shifts;
using OpenSts.Vending.Storage;
using OpenSts.Vending.SupplyGroups;
using OpenSts.Vending.Tariffs;
using OpenSts.Vending.Vendors;

namespace OpenSts.Vending.Issues;

/// <summary>What of a meter's last sale the next one needs.</summary>
/// <param name="ChargedThrough">The last local day whose fixed charges are in it.</param>
/// <param name="FixedChargesLeft">Fixed charges that it did not take, in minor units.</param>
/// <param name="Created">When.</param>
internal sealed record LastSale(DateOnly? ChargedThrough, long FixedChargesLeft, DateTimeOffset Created);

/// <summary>Everything that sales are planned from, for many at once: read in one message, and kept true as sales are added to it.</summary>
/// <remarks>Belongs to one transaction: what it says is what the store would say, had each sale before been written.</remarks>
internal sealed class SalePicture
{
    private readonly IStoreSession _session;
    private readonly Dictionary<string, PaymentMeter> _meters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Customer> _customers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Vendor> _vendors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tariff> _tariffs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SupplyGroup?> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Shift> _shifts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LastSale> _last = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Bought> _bought = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _balances = new(StringComparer.Ordinal);
    private long _lastEntry;
    private long _lastIssue;
    private long _latest;

    private SalePicture(IStoreSession session) => _session = session;

    /// <summary>The marks of the meters' identifiers.</summary>
    public IdentifierMarks Marks { get; } = new();

    /// <summary>The entries of the sales that were added.</summary>
    public LedgerEntries Ledger { get; private set; } = new(0);

    /// <summary>When the last issue of the store was made; 1970 for none.</summary>
    public DateTimeOffset Latest => DateTimeOffset.FromUnixTimeMilliseconds(_latest);

    /// <summary>Reads everything that sales need.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="settings">Of the utility.</param>
    /// <param name="now">The time of the sales.</param>
    /// <param name="sales">The requests, each with who asks.</param>
    /// <param name="others">What else is to be asked in the same message.</param>
    public static SalePicture Read(IStoreSession session, VendingSettings settings, DateTimeOffset now, IReadOnlyCollection<(SaleRequest Request, Caller Caller)> sales, params IReadOnlyList<Question> others)
    {
        var picture = new SalePicture(session);
        session.Ask(sales.Count == 0 ? others : [.. others, .. picture.Questions(settings, now, sales)]);
        picture.Ledger = new LedgerEntries(picture._lastEntry);
        return picture;
    }

    public PaymentMeter? Meter(MeterPan pan) => _meters.GetValueOrDefault(pan.ToString());

    public Customer? Customer(string id) => _customers.GetValueOrDefault(id);

    public Vendor? Vendor(string id) => _vendors.GetValueOrDefault(id);

    public Tariff? Tariff(string id) => _tariffs.GetValueOrDefault(id);

    /// <summary>A supply group; one that no meter of the sales is in is read now, as a key change to another group needs it.</summary>
    public SupplyGroup? Group(SupplyGroupCode code)
    {
        var id = code.ToString();
        if (!_groups.TryGetValue(id, out var group))
            _groups[id] = group = SupplyGroup.Table.Find(_session, id)?.Value;
        return group;
    }

    /// <summary>The operator's open shift, or null.</summary>
    public Shift? Shift(string @operator) => _shifts.GetValueOrDefault(@operator);

    /// <summary>The issue that holds a meter's key change set: few sales need one.</summary>
    public Issue? Issue(string id) => IssueTable.Find(_session, id);

    /// <summary>The meter's last sale that stands or may stand, or null.</summary>
    public LastSale? Last(MeterPan pan) => _last.GetValueOrDefault(pan.ToString());

    /// <summary>What the meter bought, sales in doubt included.</summary>
    public Bought BoughtBy(MeterPan pan) => _bought.GetValueOrDefault(pan.ToString());

    /// <summary>What an account holds, in minor units.</summary>
    public long Balance(string account) => _balances.GetValueOrDefault(account) + Ledger.Change(account);

    /// <summary>Numbers a sale and makes it a part of the picture.</summary>
    public Issue Add(Issue sale)
    {
        var numbered = sale with { Number = ++_lastIssue };
        _latest = Math.Max(_latest, sale.Created.ToUnixTimeMilliseconds());
        if (sale is { Sandbox: false, Meter.Pan: var pan })
        {
            var bought = BoughtBy(pan);
            _bought[pan.ToString()] = new Bought(
                bought.MilliUnits + IssueTable.MilliUnits(sale),
                bought.TenderedToday + (sale.Quote?.Tender ?? 0),
                bought.HadFree || sale.Orders.Any(order => order.Kind == OrderKind.Free));
            _last[pan.ToString()] = new LastSale(sale.ChargedThrough, sale.Quote?.FixedChargesLeft ?? 0, sale.Created);
        }

        return numbered;
    }

    /// <summary>What is to be written beside the issues themselves.</summary>
    public IReadOnlyList<RowSet> Rows() => [.. Ledger.Rows(), Marks.Rows(), Counters.At(IssueTable.Counter, _lastIssue)];

    private List<Question> Questions(VendingSettings settings, DateTimeOffset now, IReadOnlyCollection<(SaleRequest Request, Caller Caller)> sales)
    {
        var pans = sales.Select(sale => sale.Request.Pan.ToString()).Distinct().ToList();
        var meters = SqlValue.Of(pans);
        var vendors = sales.Select(sale => sale.Request.Vendor).Distinct().ToList();
        var operators = sales.Where(sale => sale.Caller.IsOperator).Select(sale => sale.Caller.Id).Distinct().ToList();
        // What a meter names is found by the meter, in the same message.
        const string ofMeters = "FROM meters WHERE pan = ANY($1)";
        const string standing = "kind = 'Sale' AND sandbox = 0 AND state IN ('Pending', 'Issued')";
        var questions = new List<Question>
        {
            new("SELECT body " + ofMeters, row => Keep(_meters, StoredJson.Read<PaymentMeter>(row.Text(0)), meter => meter.Pan.ToString()), meters),
            new($"SELECT body FROM customers WHERE id IN (SELECT customer {ofMeters})", row => Keep(_customers, StoredJson.Read<Customer>(row.Text(0)), customer => customer.Id), meters),
            new($"SELECT body FROM documents WHERE kind = 'tariff' AND id IN (SELECT tariff {ofMeters})", row => Keep(_tariffs, StoredJson.Read<Tariff>(row.Text(0)), tariff => tariff.Id), meters),
            new($"SELECT body FROM documents WHERE kind = 'supply-group' AND id IN (SELECT supply_group {ofMeters})", row => Keep(_groups, StoredJson.Read<SupplyGroup>(row.Text(0)), group => group!.Code.ToString()), meters),
            new("SELECT body FROM documents WHERE kind = 'vendor' AND id = ANY($1)", row => Keep(_vendors, StoredJson.Read<Vendor>(row.Text(0)), vendor => vendor.Id), SqlValue.Of(vendors)),
            new("SELECT pan, SUM(CASE WHEN kind = 'Sale' AND sandbox = 0 AND month = $2 THEN milli_units ELSE 0 END), SUM(CASE WHEN kind = 'Sale' AND sandbox = 0 AND created >= $3 THEN minor ELSE 0 END), "
                + "MAX(CASE WHEN month = $2 THEN free ELSE 0 END) FROM issues WHERE pan = ANY($1) AND month >= $2 AND state IN ('Pending', 'Issued') GROUP BY pan",
                row => _bought[row.Text(0)] = new Bought(row.Number(1), row.Number(2), row.Number(3) != 0), meters, settings.Month(now), settings.DayStart(now)),
            new($"SELECT pan, body FROM issues WHERE number IN (SELECT (SELECT MAX(number) FROM issues i WHERE i.pan = m.pan AND {standing}) FROM meters m WHERE m.pan = ANY($1))",
                row => _last[row.Text(0)] = ReadLast(row.Text(1)), meters),
            new("SELECT account, minor FROM balances WHERE account = ANY($1)", row => _balances[row.Text(0)] = row.Number(1), SqlValue.Of([.. vendors.Select(Accounts.Wallet)])),
            new($"SELECT account, minor FROM balances WHERE account IN (SELECT '{Accounts.Arrears("")}' || customer {ofMeters})", row => _balances[row.Text(0)] = row.Number(1), meters),
            new($"SELECT value FROM counters WHERE name = '{LedgerEntries.Counter}'", row => _lastEntry = row.Number(0)),
            new($"SELECT value FROM counters WHERE name = '{IssueTable.Counter}'", row => _lastIssue = row.Number(0)),
            new(IssueTable.LatestQuery, row => _latest = row.Number(0)),
        };
        questions.AddRange(Marks.Questions(pans));
        if (operators.Count > 0)
            questions.Add(new("SELECT body FROM shifts WHERE operator = ANY($1) AND closed IS NULL", row => Keep(_shifts, StoredJson.Read<Shift>(row.Text(0)), shift => shift.Operator), SqlValue.Of(operators)));
        return questions;
    }

    private static void Keep<T>(Dictionary<string, T> kept, T value, Func<T, string> id) => kept[id(value)] = value;

    private static LastSale ReadLast(string body)
    {
        var stored = StoredJson.Read<StoredLast>(body);
        return new LastSale(stored.ChargedThrough, stored.Quote?.FixedChargesLeft ?? 0, stored.Created);
    }

    // The few members of a stored issue that are needed: the rest of its text is passed over.
    private sealed record StoredLast(DateOnly? ChargedThrough, StoredCharges? Quote, DateTimeOffset Created);

    private sealed record StoredCharges(long FixedChargesLeft);
}

/// <summary>What a meter bought.</summary>
/// <param name="MilliUnits">Thousandths of units in this local month.</param>
/// <param name="TenderedToday">Minor units on this local day.</param>
/// <param name="HadFree">True where it had its free allocation of this month.</param>
internal readonly record struct Bought(long MilliUnits, long TenderedToday, bool HadFree);
