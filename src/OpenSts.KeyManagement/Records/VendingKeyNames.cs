namespace OpenSts.KeyManagement.Records;

/// <summary>
/// The standard's abbreviations of vending keys: the decoder keys that come from them are DDTK, DUTK and DCTK.
/// </summary>
public static class VendingKeyNames
{
    /// <summary>VDDK, VUDK or VCDK; DITK for the initialization key of a maker, which no vending module has.</summary>
    public static string Of(KeyType keyType) => keyType switch
    {
        KeyType.Default => "VDDK",
        KeyType.Unique => "VUDK",
        KeyType.Common => "VCDK",
        KeyType.Initialization => "DITK",
        _ => throw new ArgumentOutOfRangeException(nameof(keyType), keyType, null),
    };

    /// <summary>Reads the abbreviation, in capitals.</summary>
    public static bool TryParse(string text, out KeyType keyType)
    {
        (var known, keyType) = text switch
        {
            "VDDK" => (true, KeyType.Default),
            "VUDK" => (true, KeyType.Unique),
            "VCDK" => (true, KeyType.Common),
            _ => (false, default),
        };
        return known;
    }
}
