namespace OpenSts.Vending.Money;

/// <summary>The side of a posting.</summary>
public enum PostingSide
{
    Debit,
    Credit,
}

/// <summary>One line of a journal entry.</summary>
/// <param name="Account">The account.</param>
/// <param name="Side">Debit or credit.</param>
/// <param name="Minor">Minor units, 1 or more.</param>
public readonly record struct Posting(AccountCode Account, PostingSide Side, long Minor)
{
    /// <summary>Credit above zero, debit below: what the account's balance changes by.</summary>
    public long Signed => Side == PostingSide.Credit ? Minor : -Minor;

    /// <summary>A posting of a signed amount: above zero is credit.</summary>
    public static Posting OfSigned(AccountCode account, long minor) =>
        new(account, minor >= 0 ? PostingSide.Credit : PostingSide.Debit, Math.Abs(minor));
}

/// <summary>Why money moved. The stored texts are those of <see cref="JournalKinds"/>.</summary>
public enum JournalKind
{
    Vend,
    VendReversed,
    Deposit,
    DepositReversed,
    Charge,
    ChargeReversed,
    Refund,
    WriteOff,
    CashDifference,
    CommissionPaid,
    OpeningBalance,
}

/// <summary>The stored texts of journal kinds.</summary>
public static class JournalKinds
{
    /// <summary>The stored text; never renamed.</summary>
    public static string Text(this JournalKind kind) => kind switch
    {
        JournalKind.Vend => "vend",
        JournalKind.VendReversed => "vend-reversed",
        JournalKind.Deposit => "deposit",
        JournalKind.DepositReversed => "deposit-reversed",
        JournalKind.Charge => "charge",
        JournalKind.ChargeReversed => "charge-reversed",
        JournalKind.Refund => "refund",
        JournalKind.WriteOff => "write-off",
        JournalKind.CashDifference => "cash-difference",
        JournalKind.CommissionPaid => "commission-paid",
        JournalKind.OpeningBalance => "opening-balance",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>True for kinds that need a second person whatever the amount.</summary>
    public static bool NeedsSecondActor(this JournalKind kind) =>
        kind is JournalKind.DepositReversed or JournalKind.Refund or JournalKind.WriteOff;
}

/// <summary>An entry of the ledger: complete, balanced, never changed.</summary>
public sealed record JournalEntry
{
    private JournalEntry(IReadOnlyList<Posting> postings) => Postings = postings;

    public required JournalKind Kind { get; init; }

    /// <summary>What it is about: the id of a vend, a bank reference. Kind and reference are used once.</summary>
    public required string Reference { get; init; }

    /// <summary>Who did it.</summary>
    public required string Actor { get; init; }

    /// <summary>The second person, where one is needed.</summary>
    public string? SecondActor { get; init; }

    /// <summary>Why; empty for vends, which are their own reason.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Where it came from: api, page, job, import.</summary>
    public required string Source { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>The local day it counts on.</summary>
    public required DateOnly BookedOn { get; init; }

    public required Currency Currency { get; init; }

    /// <summary>Two lines or more; debits and credits are equal.</summary>
    public IReadOnlyList<Posting> Postings { get; }

    /// <summary>Builds an entry from signed amounts (credit above zero). Amounts of zero are left out; an entry
    /// without lines is null.</summary>
    /// <exception cref="InvalidOperationException">The amounts do not sum to zero.</exception>
    public static JournalEntry? Create(
        JournalHeader header, params ReadOnlySpan<(AccountCode Account, long Minor)> lines)
    {
        ArgumentNullException.ThrowIfNull(header);
        var (sum, postings) = (0L, new List<Posting>(lines.Length));
        foreach (var (account, minor) in lines)
        {
            sum += minor;
            _ = account.Line;
            if (minor != 0)
                postings.Add(Posting.OfSigned(account, minor));
        }

        if (sum != 0)
            throw new InvalidOperationException(
                $"The entry {header.Kind} {header.Reference} sums to {sum} minor units, not to zero.");
        return postings.Count == 0 ? null : header.With(postings);
    }

    /// <summary>The opposite of this entry, in whole.</summary>
    public JournalEntry Reverse(JournalHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        return header.With([.. Postings.Select(posting => Posting.OfSigned(posting.Account, -posting.Signed))]);
    }

    internal static JournalEntry Of(JournalHeader header, IReadOnlyList<Posting> postings) => new(postings)
    {
        Kind = header.Kind,
        Reference = header.Reference,
        Actor = header.Actor,
        SecondActor = header.SecondActor,
        Reason = header.Reason,
        Source = header.Source,
        RecordedAt = header.RecordedAt,
        BookedOn = header.BookedOn,
        Currency = header.Currency,
    };
}

/// <summary>Everything of a journal entry but its lines.</summary>
public sealed record JournalHeader(
    JournalKind Kind, string Reference, string Actor, string Source, DateTimeOffset RecordedAt, DateOnly BookedOn,
        Currency Currency)
{
    public string? SecondActor { get; init; }

    public string Reason { get; init; } = "";

    internal JournalEntry With(IReadOnlyList<Posting> postings)
    {
        if (Kind.NeedsSecondActor() && SecondActor is null)
            throw new InvalidOperationException($"An entry of kind {Kind.Text()} needs a second person.");
        if (Kind.NeedsSecondActor() && SecondActor == Actor)
            throw new InvalidOperationException($"The second person of {Kind.Text()} {Reference} is the first.");
        return JournalEntry.Of(this, postings);
    }
}
