namespace OpenSts.Vending.Tariffs;

/// <summary>Whether a version of a tariff may be sold by.</summary>
public enum TariffState
{
    /// <summary>Written by one person; can be tried, not sold by.</summary>
    Draft,

    /// <summary>Activated by a second person; in force from its date until a later version's date.</summary>
    Active,
}

/// <summary>How often a fixed charge falls due.</summary>
public enum ChargePeriod
{
    Daily,
    Monthly,
}

/// <summary>A step of an inclining block tariff.</summary>
/// <param name="UpTo">The units of the month up to which the rate holds; null for the last block.</param>
/// <param name="Rate">Money for one unit, without tax.</param>
public sealed record TariffBlock(decimal? UpTo, decimal Rate);

/// <summary>A charge that falls due with time and is collected first.</summary>
/// <param name="Name">As the receipt shows it.</param>
/// <param name="Amount">Money for each period, without tax.</param>
/// <param name="Period">How often.</param>
public sealed record FixedCharge(string Name, decimal Amount, ChargePeriod Period);

/// <summary>What a channel costs the customer.</summary>
/// <param name="Channel">The channel's name, such as counter or mobile.</param>
/// <param name="Amount">Money for each vend, without tax.</param>
/// <param name="Percent">Percent of the tender, in addition.</param>
public sealed record ChannelFee(string Channel, decimal Amount, decimal Percent);

/// <summary>One version of how money becomes units.</summary>
public sealed record TariffVersion
{
    /// <summary>The tariff's id; its versions share it.</summary>
    public required string TariffId { get; init; }

    /// <summary>1 and up.</summary>
    public required int Version { get; init; }

    public required string Name { get; init; }

    public required CreditService Service { get; init; }

    public required TariffState State { get; init; }

    /// <summary>The first local day on which it is sold by.</summary>
    public required DateOnly EffectiveFrom { get; init; }

    /// <summary>One block without an upper bound is a flat tariff.</summary>
    public required IReadOnlyList<TariffBlock> Blocks { get; init; }

    public IReadOnlyList<FixedCharge> FixedCharges { get; init; } = [];

    /// <summary>The most of a purchase that fixed charges may take: 0 to 100 percent.</summary>
    public decimal FixedChargesCapPercent { get; init; } = 100;

    public IReadOnlyList<ChannelFee> Fees { get; init; } = [];

    /// <summary>Tax on energy, charges and fees: 0 to 100 percent.</summary>
    public decimal TaxPercent { get; init; }

    /// <summary>The least that may be tendered.</summary>
    public required decimal Minimum { get; init; }

    /// <summary>The most that may be tendered in one vend.</summary>
    public required decimal Maximum { get; init; }

    /// <summary>The most that may be tendered for a meter in one local day; null for no limit.</summary>
    public decimal? DailyMaximum { get; init; }

    public required string WrittenBy { get; init; }

    public string? ActivatedBy { get; init; }

    /// <summary>The first rule that the blocks break, as the refusal of the field, or null.</summary>
    public Refusal? RefusesBlocks()
    {
        if (Blocks.Count == 0 || Blocks[^1].UpTo is not null || Blocks.SkipLast(1).Any(block => block.UpTo is null))
            return new Refusal(
                ErrorCodes.FieldInvalid, "blocks", RefusalArgument.Text("rule", "only-last-without-bound"));
        if (Blocks.SkipLast(1).Zip(Blocks.SkipLast(1).Skip(1)).Any(pair => pair.First.UpTo >= pair.Second.UpTo))
            return new Refusal(ErrorCodes.FieldInvalid, "blocks", RefusalArgument.Text("rule", "bounds-rise"));
        if (Blocks.Any(block => block.Rate <= 0))
            return new Refusal(ErrorCodes.FieldInvalid, "blocks", RefusalArgument.Text("rule", "rate-above-zero"));
        return Minimum > Maximum
            ? new Refusal(ErrorCodes.FieldInvalid, "minimum", RefusalArgument.Number("maximum", Maximum)) : null;
    }
}
