using OpenSts.Keys;

namespace OpenSts.Testing;

/// <summary>Meters of the public test suites.</summary>
public static class Meters
{
    public static DecoderKeyAttributes Attributes(int number, EncryptionAlgorithm ea = EncryptionAlgorithm.Ea07,
        DecoderKeyGenerationAlgorithm dkga = DecoderKeyGenerationAlgorithm.Dkga04) => new()
        {
            MeterPan = MeterPan.Parse("600727000000000009"),
            SupplyGroupCode =
            SupplyGroupCode.Parse((123_000 + number).ToString(System.Globalization.CultureInfo.InvariantCulture)),
            TariffIndex = TariffIndex.Parse("01"),
            KeyRevisionNumber = KeyRevisionNumber.FromNumber(1),
            KeyType = KeyType.Unique,
            KeyExpiryNumber = KeyExpiryNumber.FromNumber(255),
            BaseDate = BaseDate.FromYear(2014),
            EncryptionAlgorithm = ea,
            DecoderKeyGenerationAlgorithm = dkga,
        };
}
