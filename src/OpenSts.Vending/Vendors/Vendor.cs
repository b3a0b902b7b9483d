namespace OpenSts.Vending.Vendors;

/// <summary>Who sells for the utility, with a wallet that deposits fill and vends empty.</summary>
public sealed record Vendor
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The least the wallet may hold after a vend, in minor units; below zero is credit.</summary>
    public required long FloorMinor { get; init; }

    /// <summary>What it earns on a vend: 0 to 100 percent of the tender.</summary>
    public required decimal CommissionPercent { get; init; }

    /// <summary>False stops its vends.</summary>
    public required bool Active { get; init; }

    /// <summary>The refusal of a vend that the wallet does not cover, or null.</summary>
    public Refusal? RefusesTender(long walletMinor, long tender, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(currency);
        return walletMinor - tender >= FloorMinor
            ? null
            : new Refusal(ErrorCodes.VendorCreditExhausted, "tender",
                RefusalArgument.Money("wallet", new MoneyAmount(walletMinor, currency)),
                RefusalArgument.Money("floor", new MoneyAmount(FloorMinor, currency)),
                RefusalArgument.Money("tender", new MoneyAmount(tender, currency)));
    }
}

/// <summary>A place where a vendor sells; its receipts are numbered without gaps.</summary>
public sealed record Outlet
{
    public required string Vendor { get; init; }

    /// <summary>The outlet's id; unique within its vendor.</summary>
    public required string Id { get; init; }

    /// <summary>As the receipt shows it.</summary>
    public required string Name { get; init; }

    public required bool Active { get; init; }
}
