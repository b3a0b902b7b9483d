using OpenSts.Keys;

namespace OpenSts.Testing;

/// <summary>The public test registers of the STS 531-1 suites, as attributes and keys.</summary>
public static class TestKeys
{
    public const string VendingKeyA = "abababababababab949494949494949401234567";

    public static DecoderKeyAttributes Attributes(
        EncryptionAlgorithm ea = EncryptionAlgorithm.Ea07,
        string pan = "600727000000000009",
        string sgc = "201457",
        int krn = 1,
        int baseYear = 2014,
        int ken = 255,
        string ti = "01",
        KeyType keyType = KeyType.Unique,
        DecoderKeyGenerationAlgorithm dkga = DecoderKeyGenerationAlgorithm.Dkga04) => new()
        {
            MeterPan = MeterPan.Parse(pan),
            SupplyGroupCode = SupplyGroupCode.Parse(sgc),
            TariffIndex = TariffIndex.Parse(ti),
            KeyRevisionNumber = KeyRevisionNumber.FromNumber(krn),
            KeyType = keyType,
            KeyExpiryNumber = KeyExpiryNumber.FromNumber(ken),
            BaseDate = BaseDate.FromYear(baseYear),
            EncryptionAlgorithm = ea,
            DecoderKeyGenerationAlgorithm = dkga,
        };

    public static DecoderKey Derive(DecoderKeyAttributes attributes, string vendingKey = VendingKeyA)
    {
        using var vk = Hazmat.ImportVendingKey(Convert.FromHexString(vendingKey));
        return DecoderKeyGeneration.Derive(vk, attributes);
    }

    public static string Hex(DecoderKey key)
    {
        var bytes = new byte[key.Algorithm.DecoderKeyBits() / 8];
        _ = Hazmat.Export(key, bytes);
        return Convert.ToHexString(bytes);
    }

    public static DateTimeOffset Utc(string text) =>
        DateTimeOffset.Parse(text, null, System.Globalization.DateTimeStyles.AssumeUniversal);
}
