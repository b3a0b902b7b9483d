using OpenSts.Vending.Documents;

namespace OpenSts.Vending.Vendors;

/// <summary>Who sells for the utility, with a wallet that deposits fill and sales empty.</summary>
public sealed record Vendor
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Where it sells, as the receipt shows it.</summary>
    public string Outlet { get; init; } = "";

    /// <summary>The least the wallet may hold after a sale; below zero is credit.</summary>
    public required decimal Floor { get; init; }

    /// <summary>What it earns on a sale: 0 to 100 percent of the tender.</summary>
    public required decimal CommissionPercent { get; init; }

    /// <summary>False stops its sales.</summary>
    public required bool Active { get; init; }

    /// <summary>The stored vendors.</summary>
    public static DocumentTable<Vendor> Table { get; } = new("vendor");
}
