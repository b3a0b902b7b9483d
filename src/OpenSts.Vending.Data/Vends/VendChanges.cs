using System.Security.Cryptography;
using System.Text.Json;
using OpenSts.Vending.Data.Stores;
using OpenSts.Vending.Data.Tokens;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Money;
using OpenSts.Vending.Vends;

namespace OpenSts.Vending.Data.Vends;

/// <summary>Everything that a batch writes.</summary>
internal sealed class VendChanges(ITokenSeal seal)
{
    private readonly List<StoredVend> _vends = [];
    private readonly List<StoredVend> _results = [];
    private readonly List<SealedToken> _tokens = [];
    private readonly List<GivenIdentifier> _identifiers = [];
    private readonly List<NumberedEntry> _entries = [];
    private readonly List<AuditEntry> _audit = [];
    private readonly List<OutboxMessage> _outbox = [];
    private readonly Dictionary<string, MeterTotals> _totals = new(StringComparer.Ordinal);
    private readonly List<StoreCommand> _commands = [];

    /// <summary>Last receipt numbers by outlet.</summary>
    public Dictionary<(string Vendor, string Outlet), long> Receipts { get; } = [];

    /// <summary>Statements that change rows.</summary>
    public IReadOnlyList<StoreCommand> Commands => _commands;

    /// <summary>How many changes there are.</summary>
    public int Count => _vends.Count + _results.Count + _commands.Count + _entries.Count + _audit.Count;

    /// <summary>Adds a vend that begins.</summary>
    public void Add(StoredVend vend, JournalEntry? entry, VendRecords records)
    {
        _vends.Add(vend);
        Order(vend);
        if (entry is not null)
            Post(entry, records);
    }

    /// <summary>Adds the identifiers and totals of a vend whose tokens are ordered.</summary>
    public void Order(StoredVend vend)
    {
        if (vend.Plan.Meter is not { } meter)
            return;
        var pan = meter.Pan.ToString();
        foreach (var order in vend.Plan.Orders)
        {
            if (order.Identifier is { } identifier)
                _identifiers.Add(new GivenIdentifier(pan, order.BaseDate, identifier.Value, vend.Number));
        }

        if (vend.Plan.Totals is { } totals)
            _totals[pan] = totals;
    }

    /// <summary>Adds an entry of the ledger.</summary>
    public void Post(JournalEntry entry, VendRecords records) =>
        _entries.Add(new NumberedEntry(records.EntryNumbers.Dequeue(), entry));

    /// <summary>Adds the result of a vend.</summary>
    public void Close(StoredVend result)
    {
        _results.Add(result);
        _commands.Add(new StoreCommand("close-open-vend", [[result.Number]]));
        foreach (var token in result.Tokens)
        {
            _tokens.Add(new SealedToken(result, token,
                seal.Seal(token.Token, result.Number, token.Order, token.Part), seal.Hash(token.Token)));
        }
    }

    /// <summary>Adds a change by a named statement.</summary>
    public void Command(string statement, params object?[] parameters) =>
        _commands.Add(new StoreCommand(statement, [parameters]));

    /// <summary>Remembers where a meter's key is going.</summary>
    public void SetNextKey(MeterPan pan, MeterKey? next, string? vend) =>
        Command("set-next-key", pan.ToString(), next?.SupplyGroup.ToString(),
        next is null ? null
            : (long)next.KeyRevisionNumber.Value, next?.KeyType.Abbreviation(), next?.TariffIndex.ToString(), vend);

    /// <summary>Frees an identifier.</summary>
    public void ReleaseIdentifier(MeterPan pan, TokenOrder order, long number) =>
        Command("release-identifier", pan.ToString(), (long)order.BaseDate, (long)order.Identifier!.Value.Value,
            number);

    /// <summary>Writes totals of a meter.</summary>
    public void SetTotals(MeterPan pan, MeterTotals totals, VendRecords records)
    {
        _totals[pan.ToString()] = totals;
        records.Keep(pan.ToString(), totals);
    }

    /// <summary>Adds an entry for the log; it is numbered later.</summary>
    public void Audit(string kind, DateTimeOffset at, string actor, string? second, string subject, string details) =>
        _audit.Add(new AuditEntry(kind, at, actor, second, subject, details, RandomNumberGenerator.GetBytes(16)));

    /// <summary>Adds a message for others.</summary>
    public void Tell(string topic, StoredVend vend, DateTimeOffset at) => _outbox.Add(new OutboxMessage(topic, vend.Id,
        JsonSerializer.Serialize(
            new { id = vend.Id, number = vend.Number, state = vend.State.Text(), at = at.UtcDateTime }), at));

    /// <summary>All rows, accounts before the postings that name them, postings before their entries.</summary>
    public IReadOnlyList<IRowSet> Rows()
    {
        var postings = _entries.SelectMany(entry => entry.Entry.Postings.Select((posting, at) =>
            new NumberedPosting(entry.Number, at + 1, posting))).ToList();
        // In one order whoever writes: no two wait for each other.
        var accounts = postings.GroupBy(posting => posting.Posting.Account).OrderBy(group => group.Key)
            .Select(group => new AccountChange(
                group.Key, _entries[0].Entry.Currency.Code, group.Sum(posting => posting.Posting.Signed)));
        return
        [
            new RowSet<StoredVend>(VendRows.VendIds, _vends),
            new RowSet<StoredVend>(VendRows.Vends, _vends),
            new RowSet<StoredVend>(VendRows.OpenVends, _vends),
            new RowSet<GivenIdentifier>(VendRows.Identifiers, _identifiers),
            new RowSet<PanTotals>(VendRows.Totals, [.. _totals.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => new PanTotals(pair.Key, pair.Value))]),
            new RowSet<AccountChange>(VendRows.Accounts, [.. accounts]),
            new RowSet<NumberedPosting>(VendRows.Postings, postings),
            new RowSet<NumberedEntry>(VendRows.Entries, _entries),
            new RowSet<StoredVend>(VendRows.Results, _results),
            new RowSet<SealedToken>(VendRows.Tokens, _tokens),
            new RowSet<ReceiptCount>(VendRows.ReceiptNumbers, [.. Receipts.OrderBy(pair => pair.Key)
                .Select(pair => new ReceiptCount(pair.Key.Vendor, pair.Key.Outlet, pair.Value))]),
            new RowSet<AuditEntry>(VendRows.Audit, _audit),
            new RowSet<OutboxMessage>(VendRows.Outbox, _outbox),
        ];
    }
}
