using System.Text.Json;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.IssueLog;

/// <summary>What is wrong with a log, or with what the log and the issues say of each other.</summary>
public enum LogFault
{
    None,

    /// <summary>An entry is not what was hashed.</summary>
    Altered,

    /// <summary>An entry is missing, in the middle or at the end.</summary>
    Removed,

    /// <summary>Entries stand in another order than they were written.</summary>
    Reordered,

    /// <summary>An issue has tokens and the log does not know it.</summary>
    IssueNotLogged,

    /// <summary>The log and the issue differ in tokens.</summary>
    IssueDiffers,

    /// <summary>The log has an entry of an issue that does not exist.</summary>
    IssueMissing,
}

/// <summary>The result of a verification.</summary>
/// <param name="Fault">The first fault.</param>
/// <param name="Sequence">Which entry; 0 where it is about none.</param>
/// <param name="Detail">A sentence.</param>
/// <param name="Entries">Entries that were read and found in order.</param>
public sealed record LogReport(LogFault Fault, long Sequence, string Detail, long Entries);

/// <summary>Finds the first entry of the issue log that was altered, removed or reordered, and holds the log against the issues.</summary>
public static class IssueLogVerifier
{
    private const int Chunk = 1000;

    /// <summary>Verifies the whole log.</summary>
    /// <param name="session">One consistent picture of the store.</param>
    /// <param name="witness">A head that was kept elsewhere; null for none. A log cut short and hashed anew is found only with one.</param>
    public static LogReport Verify(IStoreSession session, LogHead? witness = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        var (sequence, hash) = (0L, IssueLogTable.Empty.Hash);
        while (true)
        {
            var rows = session.Query("SELECT sequence, body, hash FROM issue_log WHERE sequence > $1 ORDER BY sequence LIMIT $2",
                row => (Sequence: row.Number(0), Body: row.Text(1), Hash: row.Text(2)), sequence, Chunk);
            foreach (var row in rows)
            {
                if (row.Sequence != sequence + 1)
                    return Fault(LogFault.Removed, sequence + 1, "Entry {0} is missing.", sequence);
                if (Read(row.Body) is not { } body)
                    return Fault(LogFault.Altered, row.Sequence, "Entry {0} cannot be read.", sequence);
                if (body.Sequence != row.Sequence)
                    return Fault(LogFault.Reordered, row.Sequence, $"In place {{0}} stands the entry that was written as {body.Sequence}.", sequence);
                if (IssueLogTable.Next(hash, row.Body) != row.Hash)
                    return Fault(LogFault.Altered, row.Sequence, "Entry {0} is not what was hashed.", sequence);
                if (CheckIssue(session, body) is { } difference)
                    return difference with { Entries = sequence };
                (sequence, hash) = (row.Sequence, row.Hash);
                if (witness?.Sequence == sequence && witness.Hash != hash)
                    return Fault(LogFault.Altered, sequence, "Up to entry {0} the log is not the one that the witness saw.", sequence);
            }

            if (rows.Count < Chunk)
                break;
        }

        var head = IssueLogTable.Head(session);
        if (head.Sequence > sequence || witness?.Sequence > sequence)
            return Fault(LogFault.Removed, sequence + 1, $"The log ends before entry {{0}}; {Math.Max(head.Sequence, witness?.Sequence ?? 0)} were written.", sequence);
        if (head.Sequence != sequence || head.Hash != hash)
            return Fault(LogFault.Altered, head.Sequence, "The head names entry {0} and another hash than the log has.", sequence);
        return Unlogged(session) is { } id
            ? new LogReport(LogFault.IssueNotLogged, 0, $"The issue {id} has tokens and is not in the log.", sequence)
            : new LogReport(LogFault.None, 0, $"{sequence} entries are in order.", sequence);
    }

    private static LogReport Fault(LogFault fault, long sequence, string detail, long good) =>
        new(fault, sequence, string.Format(System.Globalization.CultureInfo.InvariantCulture, detail, sequence), good);

    private static LogBody? Read(string text)
    {
        try
        {
            return StoredJson.Read<LogBody>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static LogReport? CheckIssue(IStoreSession session, LogBody body)
    {
        if (IssueLogTable.IsNote(body))
            return null;
        if (IssueTable.Find(session, body.Issue) is not { } issue)
            return new LogReport(LogFault.IssueMissing, body.Sequence, $"Entry {body.Sequence} is about the issue {body.Issue}, which does not exist.", 0);
        if (body.Event != "issued")
            return null;
        // What was taken back holds no tokens any more; another entry must say so.
        if (issue.State == IssueState.Reversed)
        {
            return session.Number("SELECT COUNT(*) FROM issue_log WHERE issue = $1 AND sequence > $2", issue.Id, body.Sequence) > 0
                ? null
                : new LogReport(LogFault.IssueDiffers, body.Sequence, $"The issue {body.Issue} of entry {body.Sequence} is reversed and the log does not say so.", 0);
        }

        var digests = issue.Tokens.Select(made => IssueLogTable.DigestOf(made.Tokens));
        return digests.SequenceEqual(body.Tokens.Select(tokens => tokens.Digest), StringComparer.Ordinal) && (issue.Quote?.Tender ?? 0) == body.Minor
            ? null
            : new LogReport(LogFault.IssueDiffers, body.Sequence, $"Entry {body.Sequence} and the issue {body.Issue} differ in tokens or money.", 0);
    }

    private static string? Unlogged(IStoreSession session)
    {
        var unlogged = session.Query(
            "SELECT i.id, i.body FROM issues i WHERE i.state = 'Issued' AND i.sandbox = 0 AND NOT EXISTS (SELECT 1 FROM issue_log l WHERE l.issue = i.id) ORDER BY i.number LIMIT 1",
            row => row.Text(0));
        return unlogged.Count == 0 ? null : unlogged[0];
    }
}
