using OpenSts.Vending.Documents;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Money;

/// <summary>What one account gains or loses in an entry, in minor units.</summary>
public readonly record struct Posting(string Account, long Minor);

/// <summary>One line of an account's statement.</summary>
/// <param name="Number">Of the entry.</param>
/// <param name="At">When.</param>
/// <param name="Kind">Deposit, sale, sale-reversed and so on.</param>
/// <param name="Reference">What it is about.</param>
/// <param name="Minor">What the account gained or lost, in minor units.</param>
public sealed record StatementLine(long Number, DateTimeOffset At, string Kind, string Reference, long Minor);

/// <summary>The names of accounts. An account's balance is what it holds; what it owes is below zero.</summary>
public static class Accounts
{
    /// <summary>Money the utility took in by deposits; below zero by as much as came in.</summary>
    public const string Bank = "bank";
    public const string Energy = "revenue:energy";
    public const string FixedCharges = "revenue:fixed-charges";
    public const string Fees = "revenue:fees";
    public const string Tax = "tax";
    public const string Commission = "expense:commission";
    public const string Receivables = "receivables";

    /// <summary>What a vendor can still sell for.</summary>
    public static string Wallet(string vendor) => $"wallet:{vendor}";

    /// <summary>What a customer owes; below zero while something is owed.</summary>
    public static string Arrears(string customer) => $"arrears:{customer}";
}

/// <summary>The double entry ledger: every entry sums to zero, entries are never changed.</summary>
public static class Ledger
{
    /// <summary>Writes an entry and moves the balances with it.</summary>
    /// <param name="session">The transaction it belongs to.</param>
    /// <param name="at">When.</param>
    /// <param name="kind">Deposit, sale, sale-reversed and so on; with the reference it is written once only.</param>
    /// <param name="reference">What it is about.</param>
    /// <param name="postings">Lines; those of zero are left out.</param>
    /// <exception cref="InvalidOperationException">The lines do not sum to zero.</exception>
    /// <exception cref="StoreException">The same kind and reference were written before.</exception>
    public static void Post(IStoreSession session, DateTimeOffset at, string kind, string reference, params ReadOnlySpan<Posting> postings)
    {
        ArgumentNullException.ThrowIfNull(session);
        var entries = new LedgerEntries(Counters.Last(session, LedgerEntries.Counter));
        entries.Post(at, kind, reference, postings);
        session.Write(entries.Rows());
    }

    /// <summary>Writes the opposite of an entry, in whole.</summary>
    public static void Reverse(IStoreSession session, DateTimeOffset at, string kind, string reference)
    {
        ArgumentNullException.ThrowIfNull(session);
        var lines = session.Query("SELECT p.account, p.minor FROM postings p JOIN entries e ON e.number = p.entry WHERE e.kind = $1 AND e.reference = $2 ORDER BY p.line",
            row => new Posting(row.Text(0), -row.Number(1)), kind, reference);
        if (lines.Count > 0)
            Post(session, at, kind + "-reversed", reference, [.. lines]);
    }

    /// <summary>What moved an account, the newest first.</summary>
    /// <param name="session">Of the store.</param>
    /// <param name="account">Which.</param>
    /// <param name="before">Entries with lower numbers only.</param>
    /// <param name="count">The most lines.</param>
    public static List<StatementLine> Statement(IStoreSession session, string account, long before, int count)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Query(
            "SELECT e.number, e.at, e.kind, e.reference, p.minor FROM postings p JOIN entries e ON e.number = p.entry WHERE p.account = $1 AND p.entry < $2 ORDER BY p.entry DESC LIMIT $3",
            row => new StatementLine(row.Number(0), row.Time(1), row.Text(2), row.Text(3), row.Number(4)), account, before, count);
    }

    /// <summary>What an account holds, in minor units.</summary>
    public static long Balance(IStoreSession session, string account) => session.Number("SELECT minor FROM balances WHERE account = $1", account);

    /// <summary>The first thing that is wrong with the ledger; null when all entries sum to zero, the balances are the sums of their postings and no posting is without its entry.</summary>
    public static Refusal? Verify(IStoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var unbalanced = session.First("SELECT entry, SUM(minor) FROM postings GROUP BY entry HAVING SUM(minor) <> 0 ORDER BY entry LIMIT 1",
            row => $"Entry {row.Number(0)} sums to {row.Number(1)} minor units, not to zero.");
        var drifted = session.First(
            "SELECT b.account, b.minor, COALESCE((SELECT SUM(p.minor) FROM postings p WHERE p.account = b.account), 0) FROM balances b "
            + "WHERE b.minor <> COALESCE((SELECT SUM(p.minor) FROM postings p WHERE p.account = b.account), 0) ORDER BY b.account LIMIT 1",
            row => $"Account {row.Text(0)} holds {row.Number(1)} minor units; its postings sum to {row.Number(2)}.");
        var loose = session.First("SELECT p.entry FROM postings p WHERE NOT EXISTS (SELECT 1 FROM entries e WHERE e.number = p.entry) ORDER BY p.entry LIMIT 1",
            row => $"There is a posting of entry {row.Number(0)}, which does not exist.");
        return (unbalanced ?? drifted ?? loose) is { } fault ? new Refusal("ledger-out-of-balance", fault) : null;
    }
}
