using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Money;

/// <summary>Entries of the ledger that are written together.</summary>
/// <param name="last">The number of the last entry that was written.</param>
internal sealed class LedgerEntries(long last)
{
    /// <summary>The counter of the entries' numbers.</summary>
    public const string Counter = "entries";

    private static readonly RowShape Entries = RowShape.Insert("entries", "number INTEGER, at INTEGER, kind TEXT, reference TEXT");
    private static readonly RowShape Postings = RowShape.Insert("postings", "entry INTEGER, line INTEGER, account TEXT, minor INTEGER");
    private static readonly RowShape Balances = RowShape.Insert("balances", "account TEXT, minor INTEGER", "(account) DO UPDATE SET minor = balances.minor + excluded.minor");

    private readonly RowSet _entries = new(Entries);
    private readonly RowSet _postings = new(Postings);
    private readonly Dictionary<string, long> _changes = new(StringComparer.Ordinal);

    /// <summary>Adds an entry.</summary>
    /// <exception cref="InvalidOperationException">The lines do not sum to zero.</exception>
    public void Post(DateTimeOffset at, string kind, string reference, params ReadOnlySpan<Posting> postings)
    {
        var sum = 0L;
        foreach (var posting in postings)
            sum += posting.Minor;
        if (sum != 0)
            throw new InvalidOperationException($"The entry {kind} {reference} sums to {sum} minor units, not to zero.");
        var number = last + _entries.Rows.Count + 1;
        _entries.Add(number, at, kind, reference);
        var line = 0;
        foreach (var posting in postings)
        {
            if (posting.Minor == 0)
                continue;
            _postings.Add(number, ++line, posting.Account, posting.Minor);
            _changes[posting.Account] = Change(posting.Account) + posting.Minor;
        }
    }

    /// <summary>What the entries change in an account, in minor units.</summary>
    public long Change(string account) => _changes.GetValueOrDefault(account);

    /// <summary>Everything that is to be written.</summary>
    /// <param name="counters">Other counters that are written with the ledger's own.</param>
    public IReadOnlyList<RowSet> Rows(params IReadOnlyList<(string Name, long Value)> counters)
    {
        if (_entries.Rows.Count == 0)
            return counters.Count == 0 ? [] : [Counters.At(counters)];
        var balances = new RowSet(Balances);
        // In one order whoever writes: so it is easy to see that no two wait for each other.
        foreach (var (account, change) in _changes.OrderBy(change => change.Key, StringComparer.Ordinal))
            balances.Add(account, change);
        return [_entries, _postings, balances, Counters.At([.. counters, (Counter, last + _entries.Rows.Count)])];
    }
}
