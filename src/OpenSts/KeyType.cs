namespace OpenSts;

/// <summary>The type of a decoder key.</summary>
/// <remarks>IEC 62055-41, KeyType (KT). The values are the codes in tokens and in the CONTROLBlock.</remarks>
public enum KeyType
{
    /// <summary>DITK, 0: set by the manufacturer; not derived from a vending key.</summary>
    Initialization = 0,

    /// <summary>DDTK, 1: default key; for management tokens and key changes, not for credit.</summary>
    Default = 1,

    /// <summary>DUTK, 2: unique to the meter; for all tokens.</summary>
    Unique = 2,

    /// <summary>DCTK, 3: common to a supply group; for erasable magnetic cards only.</summary>
    Common = 3,
}

/// <summary>The abbreviations and rules of each <see cref="KeyType"/>.</summary>
public static class KeyTypes
{
    /// <summary>The abbreviation of the standard: DITK, DDTK, DUTK or DCTK.</summary>
    public static string Abbreviation(this KeyType keyType) => keyType switch
    {
        KeyType.Initialization => "DITK",
        KeyType.Default => "DDTK",
        KeyType.Unique => "DUTK",
        KeyType.Common => "DCTK",
        _ => throw new ArgumentOutOfRangeException(nameof(keyType), keyType, null),
    };

    /// <summary>Reads the abbreviation of the standard, in capitals.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out KeyType keyType)
    {
        (var known, keyType) = text switch
        {
            "DITK" => (true, KeyType.Initialization),
            "DDTK" => (true, KeyType.Default),
            "DUTK" => (true, KeyType.Unique),
            "DCTK" => (true, KeyType.Common),
            _ => (false, default),
        };
        return known;
    }

    /// <summary>True if credit may be transferred under a key of this type.</summary>
    // IEC 62055-41: no TransferCredit under a DDTK; the meter answers DDTKError.
    public static bool MayCarryCredit(this KeyType keyType) => keyType != KeyType.Default;

    /// <summary>True if a key of this type may be used with the token carrier.</summary>
    // IEC 62055-41: a DCTK may be used only on the erasable magnetic card.
    public static bool MayUse(this KeyType keyType, TokenCarrierType carrier) =>
        keyType != KeyType.Common || carrier == TokenCarrierType.MagneticCard;

    /// <summary>True if a key change set may replace a key of this type by one of the other type.</summary>
    /// <remarks>The rules for DDTK and DCTK are our interpretation, see docs/standard/readings.md.</remarks>
    public static bool MayChangeTo(this KeyType parent, KeyType child) => parent switch
    {
        KeyType.Initialization => true,
        KeyType.Default => child is KeyType.Default or KeyType.Unique or KeyType.Common,
        KeyType.Unique => child is KeyType.Unique or KeyType.Default,
        KeyType.Common => child is KeyType.Common or KeyType.Default,
        _ => throw new ArgumentOutOfRangeException(nameof(parent), parent, null),
    };
}
