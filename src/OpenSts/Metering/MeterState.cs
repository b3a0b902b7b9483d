using OpenSts.Keys;

namespace OpenSts.Metering;

/// <summary>Everything a token can change in a meter. A value: entering a token gives a new state, or none.</summary>
public sealed record MeterState
{
    /// <summary>The decoder key.</summary>
    public required DecoderKey Key { get; init; }

    /// <summary>Its type.</summary>
    public required KeyType KeyType { get; init; }

    /// <summary>Its revision.</summary>
    public required KeyRevisionNumber KeyRevisionNumber { get; init; }

    /// <summary>Its expiry number.</summary>
    public required KeyExpiryNumber KeyExpiryNumber { get; init; }

    /// <summary>The meter's tariff.</summary>
    public required TariffIndex TariffIndex { get; init; }

    /// <summary>The supply group; 000000 after a key change that did not carry it.</summary>
    public required SupplyGroupCode SupplyGroupCode { get; init; }

    /// <summary>The identifiers of accepted tokens.</summary>
    public required CancellationMemory Memory { get; init; }

    /// <summary>The lock-out.</summary>
    public TokenLockout Lockout { get; init; }

    /// <summary>The sections of a key change entered so far.</summary>
    public KeyChangeProgress KeyChange { get; init; } = KeyChangeProgress.None;

    /// <summary>The credit: in units of 0.1 for a unit meter, in 10^-5 of a base unit for a currency meter.</summary>
    public Int128 Credit { get; init; }

    /// <summary>The maximum power limit in W; null before one was set.</summary>
    public int? MaximumPowerLimit { get; init; }

    /// <summary>The state of a meter as it leaves the factory.</summary>
    public static MeterState AtManufacture(DecoderKey key, DecoderKeyAttributes attributes, TokenIdentifier manufactured, int memorySize = CancellationMemory.UsualSize)
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
}
