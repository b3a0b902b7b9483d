using OpenSts.Vending.Documents;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Storage;
using IssueLogChain = OpenSts.Vending.Client.IssueLogChain;

namespace OpenSts.Vending.IssueLog;

/// <summary>Entries that are chained to the end of the log and written together, in the transaction of their issues.</summary>
/// <param name="head">The log's head as this transaction reads it.</param>
internal sealed class LogTail(LogHead head)
{
    private static readonly RowShape Entries = RowShape.Insert("issue_log", "sequence INTEGER, issue TEXT, body TEXT, hash TEXT");
    private static readonly RowShape Heads = RowShape.Insert("issue_log_head", "one INTEGER, sequence INTEGER, hash TEXT", "(one) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash");

    private readonly RowSet _entries = new(Entries);

    /// <summary>The head behind the last entry.</summary>
    public LogHead Head { get; private set; } = head;

    /// <summary>Adds an entry about an issue.</summary>
    public void Append(string what, Issue issue, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(issue);
        Append(new LogBody
        {
            Sequence = Head.Sequence + 1,
            At = at,
            Event = what,
            Issue = issue.Id,
            Number = issue.Number,
            Kind = issue.Kind,
            Pan = issue.Meter?.Pan.ToString(),
            Vendor = issue.Vendor,
            Operator = issue.Operator,
            ApprovedBy = issue.ApprovedBy,
            Minor = issue.Quote?.Tender ?? 0,
            Tokens = what == IssueLogTable.Issued ? [.. issue.Orders.Zip(issue.Tokens, Logged)] : [],
        });
    }

    /// <summary>Adds an entry that is about the store and not about an issue.</summary>
    public void AppendNote(string what, string text, long number, string command, DateTimeOffset at) => Append(new LogBody
    {
        Sequence = Head.Sequence + 1,
        At = at,
        Event = what,
        Issue = text,
        Number = number,
        Kind = IssueKind.Sale,
        Operator = command,
    });

    /// <summary>Everything that is to be written.</summary>
    public IReadOnlyList<RowSet> Rows()
    {
        if (_entries.Rows.Count == 0)
            return [];
        var heads = new RowSet(Heads);
        heads.Add(1, Head.Sequence, Head.Hash);
        return [_entries, heads];
    }

    private void Append(LogBody body)
    {
        var text = StoredJson.Write(body);
        Head = new LogHead(body.Sequence, IssueLogChain.Next(Head.Hash, text));
        _entries.Add(body.Sequence, body.Issue, text, Head.Hash);
    }

    private static LoggedTokens Logged(TokenOrder order, MadeTokens made) =>
        new(order.Kind, order.Register, order.Key, order.Subclass, order.Field, order.Identifier, order.BaseDate, made.Tokens.Count, IssueLogTable.DigestOf(made.Tokens));
}
