using OpenSts.Vending.Customers;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Shifts;
using OpenSts.Vending.SupplyGroups;
using OpenSts.Vending.Tariffs;
using OpenSts.Vending.TokenIdentifiers;
using OpenSts.Vending.Vendors;

namespace OpenSts.Vending.Vends;

/// <summary>Everything that one vend is planned from, read inside its transaction.</summary>
public sealed record VendSnapshot
{
    /// <summary>Null where no such meter is registered.</summary>
    public PaymentMeter? Meter { get; init; }

    public Customer? Customer { get; init; }

    public Vendor? Vendor { get; init; }

    /// <summary>The outlet that the request names, or else the vendor's first.</summary>
    public Outlet? Outlet { get; init; }

    /// <summary>The versions of the meter's tariff; null where there is none.</summary>
    public TariffHistory? Tariff { get; init; }

    /// <summary>The supply groups of the meter's keys and of a new key.</summary>
    public IReadOnlyDictionary<SupplyGroupCode,
        SupplyGroup> SupplyGroups
    { get; init; } = new Dictionary<SupplyGroupCode, SupplyGroup>();

    /// <summary>The caller's open shift, or null.</summary>
    public Shift? Shift { get; init; }

    /// <summary>What the vendor's wallet holds, in minor units.</summary>
    public long WalletMinor { get; init; }

    /// <summary>What the customer owes, in minor units.</summary>
    public long ArrearsMinor { get; init; }

    public MeterTotals Totals { get; init; } = new();

    /// <summary>The meter's identifier marks; none for a base date without a token.</summary>
    public IReadOnlyList<IdentifierMark> Marks { get; init; } = [];

    /// <summary>The vend that a replacement is of, or null.</summary>
    public OriginalVend? Original { get; init; }

    /// <summary>A key change of the meter whose outcome is not known, or null.</summary>
    public string? PendingKeyChange { get; init; }
}

/// <summary>What a replacement needs to know of its original.</summary>
/// <param name="Id">The vend.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="State">Its state.</param>
/// <param name="Vendor">Who sold it.</param>
/// <param name="Meter">The meter it was for, as it was.</param>
/// <param name="Orders">Its orders.</param>
/// <param name="Replacements">Earlier replacements, the oldest first.</param>
public sealed record OriginalVend(
    string Id, VendKind Kind, VendState State, string? Vendor, PaymentMeter? Meter, IReadOnlyList<TokenOrder> Orders,
    IReadOnlyList<EarlierReplacement> Replacements);

/// <summary>An earlier replacement of the same vend, shown to whoever approves.</summary>
public sealed record EarlierReplacement(string Id, VendState State, DateTimeOffset CreatedAt);
