using System.Security.Cryptography;
using System.Text;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Storage;
using IssueLogChain = OpenSts.Vending.Client.IssueLogChain;
using LogEntry = OpenSts.Vending.Client.LogEntry;

namespace OpenSts.Vending.IssueLog;

/// <summary>One token set as the log records it; never the digits, only their digest.</summary>
public sealed record LoggedTokens(OrderKind Kind, int Register, MeterKey? Key, int Subclass, long Field, int? Identifier, int BaseDate, int Count, string Digest);

/// <summary>One entry of the issue log.</summary>
public sealed record LogBody
{
    /// <summary>1 for the first, no gaps.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Issued or reversed; restored or clock-accepted where the entry is about no issue.</summary>
    public required string Event { get; init; }

    public required string Issue { get; init; }

    public required long Number { get; init; }

    public required IssueKind Kind { get; init; }

    public string? Pan { get; init; }

    public string? Vendor { get; init; }

    public required string Operator { get; init; }

    /// <summary>The second identity, where there is one.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>What was paid, in minor units.</summary>
    public long Minor { get; init; }

    public IReadOnlyList<LoggedTokens> Tokens { get; init; } = [];
}

/// <summary>The end of the log: how many entries, and the hash that ties the last to all before it.</summary>
public sealed record LogHead(long Sequence, string Hash);

/// <summary>The append-only issue log, written in the transaction of the issue itself.</summary>
/// <remarks>Chained as <see cref="IssueLogChain"/> says.</remarks>
public static class IssueLogTable
{
    internal const string Issued = "issued";
    private const string Restored = "restored";
    private const string ClockAccepted = "clock-accepted";

    /// <summary>The head of a log without entries.</summary>
    public static LogHead Empty { get; } = new(IssueLogChain.Empty.Sequence, IssueLogChain.Empty.Hash);

    /// <summary>Adds an entry about an issue.</summary>
    /// <returns>The new head.</returns>
    public static LogHead Append(IStoreSession session, string what, Issue issue, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(session);
        var tail = new LogTail(Head(session));
        tail.Append(what, issue, at);
        session.Write(tail.Rows());
        return tail.Head;
    }

    /// <summary>Adds an entry that says that the store was restored and something is missing, and how far its journal is known to have come.</summary>
    /// <returns>The new head.</returns>
    public static LogHead AppendRestored(IStoreSession session, long transactions, string hash, DateTimeOffset at) =>
        AppendNote(session, Restored, $"{transactions} {hash}", 0, "accept-loss", at);

    /// <summary>Adds an entry that says that issues up to a number were made by a wrong clock.</summary>
    /// <returns>The new head.</returns>
    public static LogHead AppendClockAccepted(IStoreSession session, long number, DateTimeOffset latest, DateTimeOffset at) =>
        AppendNote(session, ClockAccepted, $"{latest.UtcDateTime:yyyy-MM-dd HH:mm:ss}", number, "accept-clock", at);

    /// <summary>True for an entry that is about the store and not about an issue.</summary>
    internal static bool IsNote(LogBody body) => body.Event is Restored or ClockAccepted;

    /// <summary>The head as stored.</summary>
    public static LogHead Head(IStoreSession session) => session.First(HeadQuery, ReadHead) ?? Empty;

    internal const string HeadQuery = "SELECT sequence, hash FROM issue_log_head WHERE one = 1";

    internal static LogHead ReadHead(ISqlRow row) => new(row.Number(0), row.Text(1));

    /// <summary>Entries behind a place, in order, exactly as they are stored.</summary>
    public static List<LogEntry> Entries(IStoreSession session, long after, int count)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Query("SELECT sequence, body, hash FROM issue_log WHERE sequence > $1 ORDER BY sequence LIMIT $2", row => new LogEntry(row.Number(0), row.Text(1), row.Text(2)), after, count);
    }

    /// <summary>The body of an entry; null where it cannot be read.</summary>
    public static LogBody? Read(string body) => StoredJson.TryRead<LogBody>(body);

    /// <summary>The digest of tokens that stands in the log: SHA-256 of their digits, joined by spaces.</summary>
    public static string DigestOf(IReadOnlyList<Token66> tokens) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(' ', tokens))));


    private static LogHead AppendNote(IStoreSession session, string what, string text, long number, string command, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(session);
        var tail = new LogTail(Head(session));
        tail.AppendNote(what, text, number, command, at);
        session.Write(tail.Rows());
        return tail.Head;
    }
}
