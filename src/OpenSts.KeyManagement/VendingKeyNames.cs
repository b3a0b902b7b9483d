namespace OpenSts.KeyManagement;

/// <summary>
/// The standard's abbreviations of vending keys: the decoder keys that come from them are DDTK, DUTK and DCTK.
/// </summary>
public static class VendingKeyNames
{
    /// <summary>VDDK, VUDK or VCDK; a dash for a type that no vending key has.</summary>
    public static string Of(KeyType keyType) => keyType switch
    {
        KeyType.Default => "VDDK",
        KeyType.Unique => "VUDK",
        KeyType.Common => "VCDK",
        _ => "-",
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
