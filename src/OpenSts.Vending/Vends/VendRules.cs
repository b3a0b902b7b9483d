using OpenSts.Vending.Money;
using OpenSts.Vending.TokenIdentifiers;

namespace OpenSts.Vending.Vends;

/// <summary>What the utility decided about vends; the same for every vend of a batch.</summary>
public sealed record VendRules
{
    public required Currency Currency { get; init; }

    public required LocalCalendar Calendar { get; init; }

    public IdentifierAllocator Identifiers { get; init; } = new();

    /// <summary>The most replacements of one vend.</summary>
    public int MaxReplacements { get; init; } = 2;

    /// <summary>The last period of the books that is closed; null for none.</summary>
    public AccountingPeriod? ClosedThrough { get; init; }
}
