namespace OpenSts;

/// <summary>The algorithm that encrypts the tokens of a meter.</summary>
/// <remarks>IEC 62055-41, EncryptionAlgorithm (EA). The values are the standard's codes.</remarks>
public enum EncryptionAlgorithm
{
    /// <summary>EA07, the Standard Transfer Algorithm: 64-bit decoder key.</summary>
    Ea07 = 7,

    /// <summary>EA09, the Data Encryption Algorithm: withdrawn in Edition 2; recognized and refused.</summary>
    Ea09 = 9,

    /// <summary>EA11, MISTY1: 128-bit decoder key, only with DKGA04.</summary>
    Ea11 = 11,
}

/// <summary>The algorithm that derives a decoder key from a vending key.</summary>
/// <remarks>IEC 62055-41, DecoderKeyGenerationAlgorithm (DKGA). The values are the standard's codes.</remarks>
public enum DecoderKeyGenerationAlgorithm
{
    /// <summary>DKGA01: for the earliest meters; recognized and refused.</summary>
    Dkga01 = 1,

    /// <summary>DKGA02: single DES with a 64-bit vending key.</summary>
    Dkga02 = 2,

    /// <summary>DKGA03: triple DES; withdrawn in Edition 2; recognized and refused.</summary>
    Dkga03 = 3,

    /// <summary>DKGA04: HMAC-SHA-256 with a 160-bit vending key.</summary>
    Dkga04 = 4,
}

/// <summary>
/// How a token is carried to the meter. It does not change the token; a key type may allow only some carriers.
/// </summary>
/// <remarks>IEC 62055-41, TokenCarrierType (TCT). The values are the standard's codes.</remarks>
public enum TokenCarrierType
{
    /// <summary>01: erasable magnetic card.</summary>
    MagneticCard = 1,

    /// <summary>02: 20 digits on a keypad.</summary>
    Numeric = 2,

    /// <summary>07: virtual token carrier over a direct local connection, IEC 62055-52.</summary>
    VirtualLocal = 7,

    /// <summary>08: virtual token carrier over DLMS/COSEM.</summary>
    VirtualDlms = 8,
}

/// <summary>The names of the algorithms and which of them can be used.</summary>
public static class Algorithms
{
    /// <summary>The name on receipts and in files: EA07, EA09 or EA11.</summary>
    public static string Name(this EncryptionAlgorithm ea) => $"EA{(int)ea:D2}";

    /// <summary>The name in files: DKGA01 to DKGA04.</summary>
    public static string Name(this DecoderKeyGenerationAlgorithm dkga) => $"DKGA{(int)dkga:D2}";

    /// <summary>Reads EA07, EA09 or EA11.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out EncryptionAlgorithm ea)
    {
        ea = text switch
        {
            "EA07" => EncryptionAlgorithm.Ea07,
            "EA09" => EncryptionAlgorithm.Ea09,
            "EA11" => EncryptionAlgorithm.Ea11,
            _ => 0,
        };
        return ea != 0;
    }

    /// <summary>Reads DKGA01 to DKGA04.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DecoderKeyGenerationAlgorithm dkga)
    {
        dkga = text switch
        {
            "DKGA01" => DecoderKeyGenerationAlgorithm.Dkga01,
            "DKGA02" => DecoderKeyGenerationAlgorithm.Dkga02,
            "DKGA03" => DecoderKeyGenerationAlgorithm.Dkga03,
            "DKGA04" => DecoderKeyGenerationAlgorithm.Dkga04,
            _ => 0,
        };
        return dkga != 0;
    }

    /// <summary>The reason why no tokens are issued with this algorithm; null if they are.</summary>
    public static string? Refusal(this EncryptionAlgorithm ea) => ea switch
    {
        EncryptionAlgorithm.Ea07 or EncryptionAlgorithm.Ea11 => null,
        EncryptionAlgorithm.Ea09 => "EA09 (DEA) is withdrawn in STS Edition 2; use EA07 or EA11",
        _ => "the encryption algorithm is not one of EA07 and EA11",
    };

    /// <summary>The reason why no keys are derived with this algorithm; null if they are.</summary>
    public static string? Refusal(this DecoderKeyGenerationAlgorithm dkga) => dkga switch
    {
        DecoderKeyGenerationAlgorithm.Dkga02 or DecoderKeyGenerationAlgorithm.Dkga04 => null,
        DecoderKeyGenerationAlgorithm.Dkga01 =>
            "DKGA01 is a legacy algorithm of the earliest meters and is not offered; use DKGA02 or DKGA04",
        DecoderKeyGenerationAlgorithm.Dkga03 =>
            "DKGA03 (triple DES) is withdrawn in STS Edition 2; use DKGA02 or DKGA04",
        _ => "the decoder key generation algorithm is not one of DKGA02 and DKGA04",
    };

    /// <summary>The length of a decoder key of this algorithm in bits: 64 or 128.</summary>
    public static int DecoderKeyBits(this EncryptionAlgorithm ea) => ea == EncryptionAlgorithm.Ea11 ? 128 : 64;
}
