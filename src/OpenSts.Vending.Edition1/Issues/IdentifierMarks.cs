using OpenSts.Vending.Documents;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Issues;

/// <summary>The highest token identifier given for each meter and base date. It only rises, whatever the clock does.</summary>
/// <remarks>
/// The standard asks for it per meter and key; one mark for all keys of a base date is stricter and needs no rule for the time when two
/// keys are vended side by side. See docs/decisions/vending.md. Marks are read, raised and written inside one transaction.
/// </remarks>
internal sealed class IdentifierMarks
{
    /// <summary>How far a mark may be ahead of the clock: beyond it a clock was wrong.</summary>
    public static readonly TimeSpan MostAhead = TimeSpan.FromHours(24);

    private const string FloorCounter = "identifier-floor";
    private static readonly RowShape Shape = RowShape.Insert("identifier_marks", "pan TEXT, base_date INTEGER, last INTEGER", "(pan, base_date) DO UPDATE SET last = excluded.last");

    private readonly Dictionary<(string Pan, int BaseDate), TokenIdentifier> _marks = [];
    private readonly HashSet<(string Pan, int BaseDate)> _raised = [];
    private long _floor;

    /// <summary>Reads the marks of meters.</summary>
    public static IdentifierMarks Read(IStoreSession session, params IReadOnlyCollection<string> pans)
    {
        var marks = new IdentifierMarks();
        session.Ask([marks.Question(pans)]);
        return marks;
    }

    /// <summary>What to ask for the marks of meters.</summary>
    public Question Question(IReadOnlyCollection<string> pans) => new(
        $"SELECT pan, base_date, last FROM identifier_marks WHERE pan = ANY($1) UNION ALL SELECT '', 0, value FROM counters WHERE name = '{FloorCounter}'",
        row =>
        {
            if (row.Text(0) is { Length: > 0 } pan)
                _marks[(pan, (int)row.Number(1))] = TokenIdentifier.FromNumber((int)row.Number(2));
            else
                _floor = row.Number(2);
        },
        SqlValue.Of(pans));

    /// <summary>Takes the next identifier.</summary>
    public Refusal? TryTake(MeterPan pan, BaseDate baseDate, DateTimeOffset now, out TokenIdentifier tid)
    {
        tid = default;
        var key = (pan.ToString(), baseDate.Year);
        TokenIdentifier? highest = _marks.TryGetValue(key, out var last) ? last : null;
        if (Floor(baseDate) is { } floor && (highest is null || highest.Value < floor))
            highest = floor;
        // What was barred by minute is no sign of a wrong clock.
        var barred = DateTimeOffset.FromUnixTimeSeconds(_floor * 60);
        if (highest is { } mark && mark.ToTime(baseDate) > (barred > now ? barred : now) + MostAhead)
            return new Refusal("clock-behind", $"The meter's last token is of {mark.ToTime(baseDate):yyyy-MM-dd HH:mm} UTC and the clock shows {now.UtcDateTime:yyyy-MM-dd HH:mm}; more than a day ahead is not believed. Set the clock.");
        if (!TokenIdentifier.TryAllocate(now, baseDate, highest, out tid))
            return new Refusal("base-date-ended", $"Base date {baseDate} has no identifier for {now.UtcDateTime:yyyy-MM-dd HH:mm} UTC; permitted is {baseDate.Start:yyyy-MM-dd} to {baseDate.LastMinute:yyyy-MM-dd HH:mm}. Change the meter's key.");
        _marks[key] = tid;
        _ = _raised.Add(key);
        return null;
    }

    /// <summary>The marks that were raised.</summary>
    public RowSet Rows()
    {
        var rows = new RowSet(Shape);
        foreach (var (pan, baseDate) in _raised)
            rows.Add(pan, baseDate, _marks[(pan, baseDate)].Value);
        return rows;
    }

    /// <summary>Bars every identifier that can have been given until now, for all meters: what was given out before a loss is not known one by one.</summary>
    /// <remarks>Identifiers run ahead of the clock where a meter buys more often than once a minute, by <see cref="MostAhead"/> at most.</remarks>
    public static void BarGiven(IStoreSession session, DateTimeOffset now) =>
        session.Write([Counters.At(FloorCounter, Math.Max(((now + MostAhead).ToUnixTimeSeconds() / 60) + 1, Counters.Last(session, FloorCounter)))]);

    private TokenIdentifier? Floor(BaseDate baseDate) =>
        _floor > 0 && TokenIdentifier.TryFromTime(DateTimeOffset.FromUnixTimeSeconds(_floor * 60), baseDate, out var floor) ? floor : null;
}
