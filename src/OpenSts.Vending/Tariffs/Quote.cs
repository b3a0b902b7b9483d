using OpenSts.Vending.Customers;
using OpenSts.Vending.Meters;

namespace OpenSts.Vending.Tariffs;

/// <summary>What a price is computed from; nothing else enters it.</summary>
public sealed record QuoteRequest
{
    public required TariffVersion Tariff { get; init; }

    public required Currency Currency { get; init; }

    /// <summary>What the customer pays, in minor units: 1 or more.</summary>
    public required long Tender { get; init; }

    /// <summary>Units bought before in this local calendar month.</summary>
    public decimal BoughtThisMonth { get; init; }

    /// <summary>What was tendered for the meter before on this local day, in minor units.</summary>
    public long TenderedToday { get; init; }

    /// <summary>Fixed charges due, without tax, in minor units.</summary>
    public long FixedChargesDue { get; init; }

    /// <summary>What the customer owes, in minor units.</summary>
    public long ArrearsOwed { get; init; }

    public ArrearsPlan? ArrearsPlan { get; init; }

    public string Channel { get; init; } = "counter";

    public TokenForm Form { get; init; }
}

/// <summary>What a line of a receipt is about.</summary>
public enum QuoteLineKind
{
    FixedCharge,
    Arrears,
    Fee,
    Energy,
    Tax,
}

/// <summary>One line; all lines together are the tender, to the cent.</summary>
public sealed record QuoteLine
{
    public required QuoteLineKind Kind { get; init; }

    /// <summary>What it is called: a charge's name, a channel, a block's bounds.</summary>
    public required string Name { get; init; }

    /// <summary>Minor units; without tax but for the tax line.</summary>
    public required long Minor { get; init; }

    /// <summary>Units, on energy lines.</summary>
    public decimal? Units { get; init; }

    /// <summary>Money for a unit, on energy lines; percent, on the tax line.</summary>
    public decimal? Rate { get; init; }
}

/// <summary>A tender taken apart.</summary>
public sealed record Quote
{
    /// <summary>Minor units.</summary>
    public required long Tender { get; init; }

    public required IReadOnlyList<QuoteLine> Lines { get; init; }

    /// <summary>What the money buys, cut off after six decimals.</summary>
    public required decimal Units { get; init; }

    /// <summary>What the token gives: rounded up to its step, in the customer's favour. Money for a currency
    /// meter.</summary>
    public required decimal TokenUnits { get; init; }

    /// <summary>The token's value field.</summary>
    public required int Field { get; init; }

    /// <summary>Fixed charges that stay due, without tax, in minor units.</summary>
    public required long FixedChargesLeft { get; init; }

    /// <summary>What stays owed, in minor units.</summary>
    public required long ArrearsLeft { get; init; }

    /// <summary>The sum of the lines of a kind, in minor units.</summary>
    public long Sum(QuoteLineKind kind) => Lines.Where(line => line.Kind == kind).Sum(line => line.Minor);
}
