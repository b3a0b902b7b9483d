using System.Text.Json;
using OpenSts.Vending.Client;
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
        var chain = new IssueLogChain(witness is null ? null : new Client.LogHead(witness.Sequence, witness.Hash));
        while (true)
        {
            var rows = IssueLogTable.Entries(session, chain.Head.Sequence, Chunk);
            foreach (var row in rows)
            {
                if (chain.Take(row) is { } fault)
                    return Report(fault);
                if (IssueLogTable.Read(row.Body) is not { } body)
                    return new LogReport(LogFault.Altered, row.Sequence, $"Entry {row.Sequence} cannot be read.", row.Sequence - 1);
                if (CheckIssue(session, body) is { } difference)
                    return difference with { Entries = row.Sequence - 1 };
            }

            if (rows.Count < Chunk)
                break;
        }

        var found = Report(chain.Finish());
        if (found.Fault != LogFault.None)
            return found;
        var (head, sequence) = (IssueLogTable.Head(session), chain.Head.Sequence);
        if (head.Sequence > sequence)
            return new LogReport(LogFault.Removed, sequence + 1, $"The log ends before entry {sequence + 1}; {head.Sequence} were written.", sequence);
        if (head.Sequence != sequence || head.Hash != chain.Head.Hash)
            return new LogReport(LogFault.Altered, head.Sequence, $"The head names entry {head.Sequence} and another hash than the log has.", sequence);
        return Unlogged(session) is { } id
            ? new LogReport(LogFault.IssueNotLogged, 0, $"The issue {id} has tokens and is not in the log.", sequence)
            : found;
    }

    private static LogReport Report(LogVerification found) => new(Enum.Parse<LogFault>(found.Fault.ToString()), found.Sequence, found.Detail, found.Entries);

    private static LogReport? CheckIssue(IStoreSession session, LogBody body)
    {
        if (IssueLogTable.IsNote(body))
            return null;
        Issue? issue;
        try
        {
            issue = IssueTable.Find(session, body.Issue);
        }
        catch (JsonException)
        {
            return new LogReport(LogFault.IssueDiffers, body.Sequence, $"The issue {body.Issue} of entry {body.Sequence} cannot be read.", 0);
        }

        if (issue is null)
            return new LogReport(LogFault.IssueMissing, body.Sequence, $"Entry {body.Sequence} is about the issue {body.Issue}, which does not exist.", 0);
        if (body.Event != IssueLogTable.Issued)
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
