namespace OpenSts;

/// <summary>What kind of decoder key a meter holds.</summary>
/// <remarks>IEC 62055-41, KeyType (KT). The values are those of the tokens and of the CONTROLBlock.</remarks>
public enum KeyType
{
    /// <summary>DITK, 0: set by the manufacturer; not derived from a vending key.</summary>
    Initialization = 0,

    /// <summary>DDTK, 1: default key; takes management tokens and key changes, never credit.</summary>
    Default = 1,

    /// <summary>DUTK, 2: unique to the meter; takes every token.</summary>
    Unique = 2,

    /// <summary>DCTK, 3: common to a supply group; for erasable magnetic cards only.</summary>
    Common = 3,
}

/// <summary>The rules that go with a <see cref="KeyType"/>.</summary>
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

    /// <summary>True when credit may be transferred under such a key.</summary>
    // IEC 62055-41: a DDTK never carries TransferCredit; the meter answers DDTKError.
    public static bool MayCarryCredit(this KeyType keyType) => keyType != KeyType.Default;

    /// <summary>True when a key of this type may be used with that token carrier.</summary>
    // IEC 62055-41: a DCTK may be used only on the erasable magnetic card.
    public static bool MayUse(this KeyType keyType, TokenCarrierType carrier) =>
        keyType != KeyType.Common || carrier == TokenCarrierType.MagneticCard;

    /// <summary>True when a meter under this key type may be changed to the other by a key change set.</summary>
    /// <remarks>The rows of DDTK and DCTK are a reading, see docs/standard/readings.md.</remarks>
    public static bool MayChangeTo(this KeyType parent, KeyType child) => parent switch
    {
        KeyType.Initialization => true,
        KeyType.Default => child is KeyType.Default or KeyType.Unique or KeyType.Common,
        KeyType.Unique => child is KeyType.Unique or KeyType.Default,
        KeyType.Common => child is KeyType.Common or KeyType.Default,
        _ => throw new ArgumentOutOfRangeException(nameof(parent), parent, null),
    };
}
