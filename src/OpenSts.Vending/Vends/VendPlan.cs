using OpenSts.Vending.Access;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Tariffs;
using OpenSts.Vending.TokenIdentifiers;

namespace OpenSts.Vending.Vends;

/// <summary>What a receipt shows of those who take part, as they were when the vend was made.</summary>
public sealed record VendParties
{
    public string? CustomerId { get; init; }

    public string? CustomerName { get; init; }

    public string? CustomerAddress { get; init; }

    public string? CustomerAccount { get; init; }

    public string? VendorName { get; init; }

    public string? OutletName { get; init; }

    public string? TariffName { get; init; }

    public int? TariffVersion { get; init; }
}

/// <summary>Everything that is stored when a vend begins. It is complete: nothing is looked up again to make its
/// tokens.</summary>
public sealed record VendPlan
{
    public required VendKind Kind { get; init; }

    /// <summary>Pending, or awaiting approval.</summary>
    public required VendState State { get; init; }

    /// <summary>The meter as it was; null for a test token.</summary>
    public PaymentMeter? Meter { get; init; }

    public VendParties Parties { get; init; } = new();

    public string? Vendor { get; init; }

    public string? Outlet { get; init; }

    public string? Terminal { get; init; }

    public string? Shift { get; init; }

    /// <summary>How it was paid; null for what is not sold.</summary>
    public Shifts.PaymentMethod? Payment { get; init; }

    /// <summary>Who asked for it.</summary>
    public required Requester RequestedBy { get; init; }

    /// <summary>The second identity: of a free allocation, a replacement, an engineering token.</summary>
    public string? ApprovedBy { get; init; }

    public string? Reason { get; init; }

    public string? WorkOrder { get; init; }

    /// <summary>The vend that this one replaces.</summary>
    public string? Original { get; init; }

    /// <summary>The engineering request, for the time of its approval.</summary>
    public EngineeringRequest? Engineering { get; init; }

    /// <summary>The price of a credit vend.</summary>
    public Quote? Quote { get; init; }

    /// <summary>Money handed over beyond the tender, in minor units.</summary>
    public long ChangeMinor { get; init; }

    /// <summary>The code of the utility's currency.</summary>
    public required string Currency { get; init; }

    /// <summary>The local day it counts on.</summary>
    public required DateOnly BookedOn { get; init; }

    /// <summary>Days since the meter's last vend; null for the first.</summary>
    public int? DaysSinceLast { get; init; }

    /// <summary>What the module is asked for, in the order in which the tokens are typed.</summary>
    public IReadOnlyList<TokenOrder> Orders { get; init; } = [];

    /// <summary>The vend whose key change set is printed again because nobody confirmed the new key yet.</summary>
    public string? RepeatedKeyChange { get; init; }

    /// <summary>The meter's totals once this vend counts; null where it does not count.</summary>
    public MeterTotals? Totals { get; init; }

    /// <summary>Marks that were raised.</summary>
    public IReadOnlyList<IdentifierMark> Marks { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Thousandths of units that the tokens give by their tariff blocks.</summary>
    public long MilliUnits =>
        Quote is null || Meter?.Form == TokenForm.Currency ? 0 : (long)decimal.Truncate(Quote.Units * 1000m);

    /// <summary>Thousandths of units given free.</summary>
    public long FreeMilliUnits =>
        (long)(Orders.Where(order => order.Purpose == TokenPurpose.Free).Sum(order => order.Value) * 1000m);

    /// <summary>True for a meter without module and books.</summary>
    public bool IsSandbox => Meter?.Sandbox is not null;
}
