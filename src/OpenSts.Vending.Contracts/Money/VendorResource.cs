using System.ComponentModel.DataAnnotations;

namespace OpenSts.Vending.Contracts.Money;

/// <summary>A vendor.</summary>
public sealed record VendorResource
{
    /// <summary>Set by the path in a request.</summary>
    public string? Id { get; init; }

    /// <summary>For people.</summary>
    [Required]
    [PlainText(1, 100)]
    public string? Name { get; init; }

    /// <summary>The least the wallet may hold after a vend; below zero is credit. Null in a request for 0.</summary>
    [DecimalText("-100000000", "100000000")]
    public string? Floor { get; init; }

    /// <summary>Percent of the tender that it earns; null in a request for 0.</summary>
    [DecimalText("0", "100")]
    public string? CommissionPercent { get; init; }

    /// <summary>False stops its vends; null in a request for true.</summary>
    public bool? Active { get; init; }

    /// <summary>Where it sells; null in a request leaves them as they are.</summary>
    [MaxLength(1000)]
    public IReadOnlyList<OutletResource>? Outlets { get; init; }

    /// <summary>Set by the server: what the wallet holds.</summary>
    public string? Wallet { get; init; }

    /// <summary>Set by the server.</summary>
    public string? Currency { get; init; }
}

/// <summary>A place where a vendor sells.</summary>
public sealed record OutletResource
{
    /// <summary>Unique within its vendor.</summary>
    [Required]
    [PlainText(1, 40)]
    public string? Id { get; init; }

    /// <summary>As the receipt shows it.</summary>
    [Required]
    [PlainText(1, 100)]
    public string? Name { get; init; }

    /// <summary>Null in a request for true.</summary>
    public bool? Active { get; init; }
}

/// <summary>Money into a wallet: <c>POST /v1/vendors/{id}/deposits</c>.</summary>
public sealed record DepositRequest
{
    /// <summary>Money.</summary>
    [Required]
    [DecimalText("0.0001", "100000000")]
    public string? Amount { get; init; }

    /// <summary>The bank's reference: booked once. The same with another amount is <c>exists</c>.</summary>
    [Required]
    [PlainText(1, 64)]
    public string? Reference { get; init; }

    /// <summary>Why.</summary>
    [PlainText(3, 200)]
    public string? Reason { get; init; }
}

/// <summary>One line of an account's statement.</summary>
/// <param name="Number">Of the journal entry.</param>
/// <param name="At">When.</param>
/// <param name="BookedOn">The local day it counts on.</param>
/// <param name="Kind">vend, vend-reversed, deposit and so on.</param>
/// <param name="Reference">What it is about.</param>
/// <param name="Amount">What the account gained or lost, a decimal string.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="SecondActor">The second person; null for none.</param>
/// <param name="Reason">Why; empty for vends.</param>
public sealed record StatementEntry(
    long Number, DateTimeOffset At, DateOnly BookedOn, string Kind, string Reference, string Amount, string Actor,
        string? SecondActor, string Reason);
