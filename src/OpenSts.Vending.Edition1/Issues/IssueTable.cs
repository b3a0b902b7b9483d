using OpenSts.Vending.Documents;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Issues;

/// <summary>The stored issues.</summary>
public static class IssueTable
{
    /// <summary>The counter of the issues' numbers.</summary>
    internal const string Counter = "issues";

    internal const string Columns = "SELECT body, number, state, released, attempts, copies, completed, tokens FROM issues ";

    /// <summary>The counters of what a wrong clock made: issues up to this number do not count for <see cref="Latest"/>, and it is not before this time.</summary>
    internal const string NotCounted = "clock-accepted-number", NotBefore = "clock-accepted-time";

    // The plus keeps the index of numbers out of it: by that of times the last issue is the first looked at.
    internal const string LatestQuery =
        "SELECT COALESCE(MAX(at), 0) FROM (SELECT created AS at FROM (SELECT created FROM issues "
        + $"WHERE +number > (SELECT COALESCE(MAX(value), 0) FROM counters WHERE name = '{NotCounted}') ORDER BY created DESC LIMIT 1) AS counted "
        + $"UNION ALL SELECT value AS at FROM counters WHERE name = '{NotBefore}') AS known";

    private static readonly RowShape New = RowShape.Insert("issues",
        "id TEXT, number INTEGER, kind TEXT, state TEXT, digest TEXT, pan TEXT, vendor TEXT, operator TEXT, shift TEXT, month TEXT, milli_units INTEGER, minor INTEGER, free INTEGER, sandbox INTEGER, "
        + "released INTEGER, attempts INTEGER, copies INTEGER, created INTEGER, completed INTEGER, body TEXT");

    private static readonly RowShape Move = RowShape.Update("issues", "id TEXT, state TEXT, released INTEGER, completed INTEGER, milli_units INTEGER, minor INTEGER, body TEXT, tokens TEXT");

    // The tokens stand beside the body, which was written with the intent and is not written again.
    private static readonly RowShape Result = RowShape.Update("issues", "id TEXT, state TEXT, released INTEGER, completed INTEGER, tokens TEXT");

    /// <summary>The issue with this id, or null: then it was never seen.</summary>
    public static Issue? Find(IStoreSession session, string id)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.First(Columns + "WHERE id = $1", Read, id);
    }

    /// <summary>Writes a new issue; its number is given here.</summary>
    public static Issue Add(IStoreSession session, Issue issue)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(issue);
        var numbered = issue with { Number = Counters.Next(session, Counter) };
        session.Write([Added(numbered)]);
        return numbered;
    }

    /// <summary>The rows of new issues, which have their numbers.</summary>
    internal static RowSet Added(params IReadOnlyCollection<Issue> issues)
    {
        var rows = new RowSet(New);
        foreach (var issue in issues)
        {
            rows.Add(issue.Id, issue.Number, issue.Kind.ToString(), issue.State.ToString(), issue.Digest, issue.Meter?.Pan.ToString(), issue.Vendor, issue.Operator, issue.Shift, issue.Month,
                MilliUnits(issue), issue.Quote?.Tender ?? 0, issue.Orders.Any(order => order.Kind == OrderKind.Free), issue.Sandbox, issue.Released, 0, 0, issue.Created, issue.Completed, StoredJson.Write(issue));
        }

        return rows;
    }

    /// <summary>Moves an issue on from a state; false where it is not in that state any more.</summary>
    public static bool TryMove(IStoreSession session, IssueState from, Issue issue)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(issue);
        if (session.First("SELECT state FROM issues WHERE id = $1", row => row.Text(0), issue.Id) != from.ToString())
            return false;
        var rows = new RowSet(Move);
        rows.Add(issue.Id, issue.State.ToString(), issue.Released, issue.Completed, MilliUnits(issue), issue.Quote?.Tender ?? 0, StoredJson.Write(issue), default);
        session.Write([rows]);
        if (issue is { Kind: IssueKind.Sale, State: IssueState.Refused or IssueState.Reversed, Meter: { } meter })
            MeterSales.Forget(session, meter.Pan.ToString());
        return true;
    }

    /// <summary>The rows of pending issues that have their tokens now, and are otherwise as they were; the transaction has read their states.</summary>
    internal static RowSet Made(IReadOnlyCollection<Issue> issues)
    {
        var rows = new RowSet(Result);
        foreach (var issue in issues)
            rows.Add(issue.Id, issue.State.ToString(), issue.Released, issue.Completed, StoredJson.Write(issue.Tokens));
        return rows;
    }

    /// <summary>Remembers that tokens leave the server now.</summary>
    public static void Release(IStoreSession session, string id)
    {
        ArgumentNullException.ThrowIfNull(session);
        _ = session.Execute("UPDATE issues SET released = 1 WHERE id = $1", id);
    }

    /// <summary>Counts an ask that had no answer.</summary>
    public static void CountAttempt(IStoreSession session, string id)
    {
        ArgumentNullException.ThrowIfNull(session);
        _ = session.Execute("UPDATE issues SET attempts = attempts + 1 WHERE id = $1", id);
    }

    /// <summary>Counts a copy of the receipt; its number.</summary>
    public static long CountCopy(IStoreSession session, string id)
    {
        ArgumentNullException.ThrowIfNull(session);
        _ = session.Execute("UPDATE issues SET copies = copies + 1 WHERE id = $1", id);
        return session.Number("SELECT copies FROM issues WHERE id = $1", id);
    }

    /// <summary>Issues that wait, for the module or for a second person, the oldest first.</summary>
    public static List<Issue> InState(IStoreSession session, IssueState state, int count)
    {
        ArgumentNullException.ThrowIfNull(session);
        // The list of states is that of the index, which holds few of all issues.
        return session.Query(Columns + "WHERE state = $1 AND state IN ('Pending', 'AwaitingApproval') ORDER BY number LIMIT $2", Read, state.ToString(), count);
    }

    /// <summary>Issues before a number, the newest first; of one meter, vendor or state where given.</summary>
    public static List<Issue> List(IStoreSession session, long before, int count, string? pan = null, string? vendor = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        return pan is not null
            ? session.Query(Columns + "WHERE pan = $3 AND number < $1 AND (vendor = $4 OR $4 IS NULL) ORDER BY number DESC LIMIT $2", Read, before, count, pan, vendor)
            : session.Query(Columns + "WHERE number < $1 AND (vendor = $3 OR $3 IS NULL) ORDER BY number DESC LIMIT $2", Read, before, count, vendor);
    }

    /// <summary>When the last issue was made; 1970 for none.</summary>
    public static DateTimeOffset Latest(IStoreSession session) => DateTimeOffset.FromUnixTimeMilliseconds(session.Number(LatestQuery));

    /// <summary>Thousandths of units that an issue sells.</summary>
    internal static long MilliUnits(Issue issue) => issue is { Kind: IssueKind.Sale, Quote: { } quote } ? (long)decimal.Round(quote.Units * 1000m, 0, MidpointRounding.ToEven) : 0;

    internal static Issue Read(ISqlRow row)
    {
        var issue = StoredJson.Read<Issue>(row.Text(0));
        return issue with
        {
            Number = row.Number(1),
            State = Enum.Parse<IssueState>(row.Text(2)),
            Released = row.Number(3) != 0,
            Attempts = row.Number(4),
            Copies = row.Number(5),
            Completed = row.IsNull(6) ? null : row.Time(6),
            Tokens = row.IsNull(7) ? issue.Tokens : StoredJson.Read<IReadOnlyList<MadeTokens>>(row.Text(7)),
        };
    }
}
