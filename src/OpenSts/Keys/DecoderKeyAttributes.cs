namespace OpenSts.Keys;

/// <summary>Everything public about a meter's decoder key: what it is derived from and until when it serves.</summary>
public sealed record DecoderKeyAttributes
{
    /// <summary>The meter.</summary>
    public required MeterPan MeterPan { get; init; }

    /// <summary>The supply group whose vending key is used.</summary>
    public required SupplyGroupCode SupplyGroupCode { get; init; }

    /// <summary>The meter's tariff.</summary>
    public required TariffIndex TariffIndex { get; init; }

    /// <summary>The revision of the vending key.</summary>
    public required KeyRevisionNumber KeyRevisionNumber { get; init; }

    /// <summary>The type of the key.</summary>
    public required KeyType KeyType { get; init; }

    /// <summary>Until when the key serves.</summary>
    public required KeyExpiryNumber KeyExpiryNumber { get; init; }

    /// <summary>The base date of the vending key.</summary>
    public required BaseDate BaseDate { get; init; }

    /// <summary>The meter's cipher.</summary>
    public required EncryptionAlgorithm EncryptionAlgorithm { get; init; }

    /// <summary>How the decoder key comes from the vending key.</summary>
    public required DecoderKeyGenerationAlgorithm DecoderKeyGenerationAlgorithm { get; init; }
}
