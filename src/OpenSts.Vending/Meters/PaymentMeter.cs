namespace OpenSts.Vending.Meters;

/// <summary>Whether a meter can be sold to.</summary>
public enum MeterState
{
    Active,

    /// <summary>Not until somebody unblocks it; there is a reason.</summary>
    Blocked,

    /// <summary>Another meter stands in its place; never again.</summary>
    Replaced,
}

/// <summary>What a credit token of a meter counts.</summary>
public enum TokenForm
{
    /// <summary>kWh, m3 or minutes.</summary>
    Units,

    /// <summary>Money; the meter has the tariff.</summary>
    Currency,
}

/// <summary>Which key a meter holds: everything about it but the key.</summary>
public sealed record MeterKey
{
    public required SupplyGroupCode SupplyGroup { get; init; }

    public required KeyRevisionNumber KeyRevisionNumber { get; init; }

    public required KeyType KeyType { get; init; }

    public required TariffIndex TariffIndex { get; init; }
}

/// <summary>A payment meter.</summary>
public sealed record PaymentMeter
{
    public required MeterPan Pan { get; init; }

    /// <summary>The key it holds as far as anybody knows.</summary>
    public required MeterKey Key { get; init; }

    /// <summary>The key that an issued key change set moves it to; null when there is none or it was
    /// confirmed.</summary>
    public MeterKey? NextKey { get; init; }

    /// <summary>The id of the vend that holds that set.</summary>
    public string? KeyChangeVend { get; init; }

    public required EncryptionAlgorithm EncryptionAlgorithm { get; init; }

    public required TokenCarrierType TokenCarrierType { get; init; }

    public required CreditService Service { get; init; }

    public required TokenForm Form { get; init; }

    /// <summary>The id of the tariff by which it is sold to.</summary>
    public required string Tariff { get; init; }

    /// <summary>The id of the customer, or null.</summary>
    public string? Customer { get; init; }

    public required MeterState State { get; init; }

    /// <summary>Why it is blocked, or which meter replaced it.</summary>
    public string StateReason { get; init; } = "";

    /// <summary>The first local day of fixed charges is the day after this one.</summary>
    public required DateOnly ChargesFrom { get; init; }

    /// <summary>The most key change tokens that the meter takes: 2 or 3 (EA07); 0 where it is not known. EA11 meters
    /// take 4.</summary>
    public int KeyChangeTokens { get; init; }

    /// <summary>Null for a real meter.</summary>
    public SandboxOutcome? Sandbox { get; init; }

    /// <summary>The refusal of a meter that gets no token, or null.</summary>
    public Refusal? RefusesVends() => State switch
    {
        MeterState.Blocked =>
            new Refusal(ErrorCodes.MeterBlocked, "meter", RefusalArgument.Text("reason", StateReason)),
        MeterState.Replaced =>
            new Refusal(ErrorCodes.MeterReplaced, "meter", RefusalArgument.Text("reason", StateReason)),
        _ => null,
    };

    /// <summary>The number of tokens of a key change set to another key.</summary>
    /// <remarks>
    /// A set of two cannot carry a new supply group code: the meter would show 000000. So three are made whenever the
    /// group changes,
    /// unless the meter is known to take two only.
    /// </remarks>
    public int KeyChangeSetLength(MeterKey to)
    {
        ArgumentNullException.ThrowIfNull(to);
        if (EncryptionAlgorithm == EncryptionAlgorithm.Ea11)
            return 4;
        return KeyChangeTokens switch { 2 => 2, 3 => 3, _ => to.SupplyGroup == Key.SupplyGroup ? 2 : 3 };
    }
}
