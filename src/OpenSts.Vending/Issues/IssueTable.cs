using OpenSts.Vending.Documents;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Issues;

/// <summary>The stored issues.</summary>
public static class IssueTable
{
    private const string Columns = "SELECT body, number, state, released, attempts, copies, completed FROM issues ";

    /// <summary>The issue with this id, or null: then it was never seen.</summary>
    public static Issue? Find(IStoreSession session, string id)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.First(Columns + "WHERE id = $1", Read, id);
    }

    /// <summary>Writes a new issue; its number is given here.</summary>
    public static Issue Add(IStoreSession session, Issue issue)
    {
        ArgumentNullException.ThrowIfNull(issue);
        var numbered = issue with { Number = Counters.Next(session, "issues") };
        var free = numbered.Orders.Any(order => order.Kind == OrderKind.Free);
        _ = session.Execute(
            "INSERT INTO issues (id, number, kind, state, digest, pan, vendor, operator, shift, month, milli_units, minor, free, sandbox, released, attempts, copies, created, completed, body) "
            + "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0, 0, $16, $17, $18)",
            numbered.Id, numbered.Number, numbered.Kind.ToString(), numbered.State.ToString(), numbered.Digest, numbered.Meter?.Pan.ToString(), numbered.Vendor, numbered.Operator,
            numbered.Shift, numbered.Month, MilliUnits(numbered), numbered.Quote?.Tender ?? 0, free, numbered.Sandbox, numbered.Released, numbered.Created, numbered.Completed, StoredJson.Write(numbered));
        return numbered;
    }

    /// <summary>Moves an issue on from a state; false where it is not in that state any more.</summary>
    public static bool TryMove(IStoreSession session, IssueState from, Issue issue)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(issue);
        return session.Execute("UPDATE issues SET state = $3, released = $4, completed = $5, milli_units = $6, minor = $7, body = $8 WHERE id = $1 AND state = $2",
            issue.Id, from.ToString(), issue.State.ToString(), issue.Released, issue.Completed, MilliUnits(issue), issue.Quote?.Tender ?? 0, StoredJson.Write(issue)) == 1;
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

    /// <summary>Issues of a state, the oldest first.</summary>
    public static List<Issue> InState(IStoreSession session, IssueState state, int count)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Query(Columns + "WHERE state = $1 ORDER BY number LIMIT $2", Read, state.ToString(), count);
    }

    /// <summary>Issues before a number, the newest first; of one meter, vendor or state where given.</summary>
    public static List<Issue> List(IStoreSession session, long before, int count, string? pan = null, string? vendor = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        return pan is not null
            ? session.Query(Columns + "WHERE pan = $3 AND number < $1 AND (vendor = $4 OR $4 IS NULL) ORDER BY number DESC LIMIT $2", Read, before, count, pan, vendor)
            : session.Query(Columns + "WHERE number < $1 AND (vendor = $3 OR $3 IS NULL) ORDER BY number DESC LIMIT $2", Read, before, count, vendor);
    }

    /// <summary>The meter's last sale that stands or may stand, or null.</summary>
    public static Issue? LastSale(IStoreSession session, string pan)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.First(Columns + "WHERE pan = $1 AND kind = 'Sale' AND sandbox = 0 AND state IN ('Pending', 'Issued') ORDER BY number DESC LIMIT 1", Read, pan);
    }

    /// <summary>Thousandths of units sold to the meter in a local month, sales in doubt included.</summary>
    public static long MilliUnitsIn(IStoreSession session, string pan, string month)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Number("SELECT COALESCE(SUM(milli_units), 0) FROM issues WHERE pan = $1 AND month = $2 AND kind = 'Sale' AND sandbox = 0 AND state IN ('Pending', 'Issued')", pan, month);
    }

    /// <summary>What was tendered for the meter since a time, in minor units, sales in doubt included.</summary>
    public static long TenderedSince(IStoreSession session, string pan, DateTimeOffset since)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Number("SELECT COALESCE(SUM(minor), 0) FROM issues WHERE pan = $1 AND created >= $2 AND kind = 'Sale' AND sandbox = 0 AND state IN ('Pending', 'Issued')", pan, since);
    }

    /// <summary>True where the meter had its free allocation of that month.</summary>
    public static bool HadFree(IStoreSession session, string pan, string month)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Number("SELECT COUNT(*) FROM issues WHERE pan = $1 AND month = $2 AND free = 1 AND state IN ('Pending', 'Issued')", pan, month) > 0;
    }

    private static long MilliUnits(Issue issue) => issue is { Kind: IssueKind.Sale, Quote: { } quote } ? (long)decimal.Round(quote.Units * 1000m, 0, MidpointRounding.ToEven) : 0;

    private static Issue Read(ISqlRow row) => StoredJson.Read<Issue>(row.Text(0)) with
    {
        Number = row.Number(1),
        State = Enum.Parse<IssueState>(row.Text(2)),
        Released = row.Number(3) != 0,
        Attempts = row.Number(4),
        Copies = row.Number(5),
        Completed = row.IsNull(6) ? null : row.Time(6),
    };
}
