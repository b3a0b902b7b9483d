using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using OpenSts.Vending.Contracts.Json;

namespace OpenSts.Vending.Contracts.Money;

/// <summary>How arrears are taken from a purchase.</summary>
[JsonConverter(typeof(KebabEnumConverter<ArrearsRuleKind>))]
public enum ArrearsRuleKind
{
    /// <summary>A fixed amount of each purchase.</summary>
    Instalment,

    /// <summary>A share of each purchase, percent.</summary>
    Share,

    /// <summary>Everything first.</summary>
    Priority,
}

/// <summary>How a customer pays off arrears.</summary>
public sealed record ArrearsPlanResource
{
    /// <summary>The rule.</summary>
    [Required]
    public ArrearsRuleKind? Rule { get; init; }

    /// <summary>Money of an instalment, 0 to 100 percent of a share.</summary>
    [DecimalText("0", "100000000")]
    public string? Value { get; init; }

    /// <summary>Units that a purchase must still buy.</summary>
    [DecimalText("0", "100000")]
    public string? KeepUnits { get; init; }
}

/// <summary>A free basic allocation.</summary>
public sealed record FreeAllocationResource
{
    /// <summary>Units for each local calendar month.</summary>
    public required string Units { get; init; }

    /// <summary>What proves it.</summary>
    public required string Evidence { get; init; }

    /// <summary>The last local day on which it may be given.</summary>
    public required DateOnly Expires { get; init; }

    /// <summary>Who registered it.</summary>
    public required string RegisteredBy { get; init; }

    /// <summary>Null until a second person approved it.</summary>
    public string? ApprovedBy { get; init; }
}

/// <summary>A customer.</summary>
public sealed record CustomerResource
{
    /// <summary>Set by the path in a request.</summary>
    public string? Id { get; init; }

    /// <summary>Name.</summary>
    [Required]
    [PlainText(1, 100)]
    public string? Name { get; init; }

    /// <summary>The utility's account number; unique, never changed.</summary>
    [Required]
    [PlainText(1, 40)]
    public string? Account { get; init; }

    /// <summary>Null or empty for none; left out for callers of a vendor.</summary>
    [PlainText(0, 200)]
    public string? Address { get; init; }

    /// <summary>Null or empty for none; left out for callers of a vendor.</summary>
    [PlainText(0, 40)]
    public string? Phone { get; init; }

    /// <summary>How arrears are paid off; null for no plan.</summary>
    public ArrearsPlanResource? Arrears { get; init; }

    /// <summary>Set by the server: the free allocation.</summary>
    public FreeAllocationResource? FreeAllocation { get; init; }

    /// <summary>Set by the server: what is owed, a decimal string.</summary>
    public string? Owed { get; init; }
}

/// <summary>Registers a free allocation: <c>POST /v1/customers/{id}/free-allocation</c>. A second person approves
/// it.</summary>
public sealed record FreeAllocationRequest
{
    /// <summary>Units for each local calendar month.</summary>
    [Required]
    [DecimalText("0.1", "10000")]
    public string? Units { get; init; }

    /// <summary>What proves it, such as the number of a decision.</summary>
    [Required]
    [PlainText(3, 100)]
    public string? Evidence { get; init; }

    /// <summary>The last local day.</summary>
    [Required]
    public DateOnly? Expires { get; init; }
}

/// <summary>Books an amount that a customer owes: <c>POST /v1/customers/{id}/charges</c>.</summary>
public sealed record ChargeRequest
{
    /// <summary>Money.</summary>
    [Required]
    [DecimalText("0.0001", "100000000")]
    public string? Amount { get; init; }

    /// <summary>Booked once. The same with another amount is <c>reference-used</c>.</summary>
    [Required]
    [PlainText(1, 64)]
    public string? Reference { get; init; }

    /// <summary>Why; kept with the entry.</summary>
    [Required]
    [PlainText(3, 200)]
    public string? Reason { get; init; }
}
