using OpenSts.Vending.Documents;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Shifts;

/// <summary>An operator's time at a till, from its float to its cash-up.</summary>
public sealed record Shift
{
    public required string Id { get; init; }

    /// <summary>The caller who opened it.</summary>
    public required string Operator { get; init; }

    public string? Vendor { get; init; }

    public required DateTimeOffset Opened { get; init; }

    /// <summary>Money in the till at the start, in minor units.</summary>
    public required long Float { get; init; }

    public DateTimeOffset? Closed { get; init; }

    /// <summary>Money counted at the end, in minor units.</summary>
    public long? Counted { get; init; }

    /// <summary>Money that sales brought in, in minor units; set when it is closed.</summary>
    public long? Sold { get; init; }

    /// <summary>Counted less float less sold: below zero something is missing.</summary>
    public long? Difference => Counted - Float - Sold;

    /// <summary>The operator's open shift, or null.</summary>
    public static Shift? Open(IStoreSession session, string @operator)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.First("SELECT body FROM shifts WHERE operator = $1 AND closed IS NULL", row => StoredJson.Read<Shift>(row.Text(0)), @operator);
    }

    /// <summary>Shifts, the newest first.</summary>
    public static List<Shift> List(IStoreSession session, string before, int count)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Query("SELECT body FROM shifts WHERE id < $1 ORDER BY id DESC LIMIT $2", row => StoredJson.Read<Shift>(row.Text(0)), before, count);
    }

    /// <summary>Opens a shift; refused while the operator has one open.</summary>
    public static Verdict<Shift> TryOpen(IStoreSession session, Shift shift)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(shift);
        if (Open(session, shift.Operator) is { } open)
            return new Refusal("shift-already-open", $"The shift {open.Id} is open since {open.Opened:yyyy-MM-dd HH:mm} UTC; close it first.");
        _ = session.Execute("INSERT INTO shifts (id, operator, opened, closed, body) VALUES ($1, $2, $3, NULL, $4)", shift.Id, shift.Operator, shift.Opened, StoredJson.Write(shift));
        return shift;
    }

    /// <summary>Closes the operator's open shift with the money counted.</summary>
    public static Verdict<Shift> TryClose(IStoreSession session, string @operator, long counted, DateTimeOffset at)
    {
        if (Open(session, @operator) is not { } open)
            return new Refusal("no-open-shift", "There is no open shift to close.");
        var sold = session.Number("SELECT COALESCE(SUM(minor), 0) FROM issues WHERE shift = $1 AND kind = 'Sale' AND sandbox = 0 AND state IN ('Pending', 'Issued')", open.Id);
        var closed = open with { Closed = at, Counted = counted, Sold = sold };
        _ = session.Execute("UPDATE shifts SET closed = $2, body = $3 WHERE id = $1", closed.Id, at, StoredJson.Write(closed));
        return closed;
    }
}
