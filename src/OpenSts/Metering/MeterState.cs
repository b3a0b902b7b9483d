using OpenSts.Keys;

namespace OpenSts.Metering;

/// <summary>Everything a token can change in a meter. Immutable: entering a token gives a new state.</summary>
public sealed record MeterState
{
    /// <summary>The decoder key.</summary>
    public required DecoderKey Key { get; init; }

    /// <summary>The key type.</summary>
    public required KeyType KeyType { get; init; }

    /// <summary>The key revision number.</summary>
    public required KeyRevisionNumber KeyRevisionNumber { get; init; }

    /// <summary>The key expiry number.</summary>
    public required KeyExpiryNumber KeyExpiryNumber { get; init; }

    /// <summary>The tariff index.</summary>
    public required TariffIndex TariffIndex { get; init; }

    /// <summary>The supply group code; 000000 after a key change that did not carry it.</summary>
    public required SupplyGroupCode SupplyGroupCode { get; init; }

    /// <summary>The identifiers of accepted tokens.</summary>
    public required CancellationMemory Memory { get; init; }

    /// <summary>The lock-out.</summary>
    public TokenLockout Lockout { get; init; }

    /// <summary>The sections of a key change entered so far.</summary>
    public KeyChangeProgress KeyChange { get; init; } = KeyChangeProgress.None;

    /// <summary>The credit in units of 0.1 kWh, 0.1 m3 or 0.1 min, not negative.</summary>
    public long CreditUnits { get; init; }

    /// <summary>The credit in currency, in 10^-5 of a base unit; may be negative.</summary>
    public long CreditSteps { get; init; }

    /// <summary>The maximum power limit in W; null before one was set.</summary>
    public int? MaximumPowerLimit { get; init; }

    /// <summary>How far the phases may differ, in W; null before a limit was set.</summary>
    public int? MaximumPhasePowerUnbalanceLimit { get; init; }

    /// <summary>The tariff rate as it came, 16 bits; null before one was set.</summary>
    public int? TariffRate { get; init; }

    /// <summary>The water meter factor as it came, 16 bits; null before one was set.</summary>
    public int? WaterMeterFactor { get; init; }

    /// <summary>The flags of STS 202-5.</summary>
    public FlagArray Flags { get; init; }

    /// <summary>Control element 0 of STS 202-5, 0 to 1023: the only one whose meaning is public.</summary>
    public int ComplianceControl { get; init; }

    /// <summary>The tamper conditions that are signalled.</summary>
    public TamperFlags Tamper { get; init; }

    /// <summary>The state of a meter as it leaves the factory: no credit, no flag set.</summary>
    /// <param name="key">The first decoder key.</param>
    /// <param name="attributes">The attributes of that key.</param>
    /// <param name="manufactured">The identifier of the minute of manufacture; older tokens are refused.</param>
    /// <param name="memorySize">How many token identifiers are stored, 1 to 200.</param>
    public static MeterState AtManufacture(
        DecoderKey key, DecoderKeyAttributes attributes, TokenIdentifier manufactured,
        int memorySize = CancellationMemory.DefaultSize)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        return new MeterState
        {
            Key = key,
            KeyType = attributes.KeyType,
            KeyRevisionNumber = attributes.KeyRevisionNumber,
            KeyExpiryNumber = attributes.KeyExpiryNumber,
            TariffIndex = attributes.TariffIndex,
            SupplyGroupCode = attributes.SupplyGroupCode,
            Memory = CancellationMemory.AtManufacture(manufactured, memorySize),
        };
    }

    /// <summary>The state after a power failure: a begun key change set is discarded, a running lock-out waits its
    /// full time again.</summary>
    // A reading: sections are not cancelled, so the customer enters the set again; see docs/standard/readings.md.
    public MeterState AfterPowerLoss(TimeSpan now) =>
        this with { KeyChange = KeyChangeProgress.None, Lockout = Lockout.AfterPowerLoss(now) };
}
