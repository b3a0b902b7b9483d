namespace OpenSts.Vending.Customers;

/// <summary>How arrears are taken from a purchase.</summary>
public enum ArrearsRule
{
    /// <summary>A fixed amount of each purchase.</summary>
    Instalment,

    /// <summary>A share of each purchase.</summary>
    Share,

    /// <summary>Everything first.</summary>
    Priority,
}

/// <summary>How a customer pays off arrears.</summary>
public sealed record ArrearsPlan
{
    public required ArrearsRule Rule { get; init; }

    /// <summary>For an instalment the money; for a share 0 to 100 percent; otherwise 0.</summary>
    public decimal Value { get; init; }

    /// <summary>Units that a purchase must still buy; less is taken where it would not.</summary>
    public decimal KeepUnits { get; init; }
}

/// <summary>The right to a free basic allocation; registered by one person, approved by another.</summary>
public sealed record FreeAllocation
{
    /// <summary>Units for each local calendar month.</summary>
    public required decimal Units { get; init; }

    /// <summary>What proves it, such as the number of a decision.</summary>
    public required string Evidence { get; init; }

    /// <summary>The last local day on which it may be given.</summary>
    public required DateOnly Expires { get; init; }

    public required string RegisteredBy { get; init; }

    /// <summary>Null until a second person approved it.</summary>
    public string? ApprovedBy { get; init; }
}

/// <summary>Who pays.</summary>
public sealed record Customer
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The utility's account number; unique.</summary>
    public required string Account { get; init; }

    public string Address { get; init; } = "";

    public string Phone { get; init; } = "";

    public ArrearsPlan? Arrears { get; init; }

    public FreeAllocation? FreeAllocation { get; init; }
}
