using OpenSts.Keys;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule;

/// <summary>
/// Registers 1 to 9 of the test modules of STS 531-1-07 and 531-1-11, Edition 2.2. Their keys are public.
/// </summary>
internal static class TestRegisters
{
    private const string KeyA = "abababababababab949494949494949401234567";
    private const string KeyB = "949494949494949401234567abababababababab";

    // Register, key, supply group, revision, base date, key expiry number.
    private static readonly (int Number, string Key, int Sgc, int Krn, int Year, int Ken)[] Rows =
    [
        (1, KeyA, 201457, 1, 2014, 255),
        (2, KeyA, 201457, 2, 2014, 255),
        (3, KeyA, 201457, 3, 2014, 255),
        (4, KeyA, 201457, 4, 2014, 170),
        (5, KeyA, 201457, 5, 2014, 255),
        (6, KeyA, 203557, 6, 2035, 255),
        (7, KeyA, 201460, 7, 2014, 85),
        (8, KeyA, 201461, 8, 2014, 255),
        (9, KeyB, 201462, 1, 2014, 255),
    ];

    public static KeyRegister[] Create() => [.. Rows.Select(row =>
    {
        var key = Hazmat.ImportVendingKey(Convert.FromHexString(row.Key));
        var card = new KeyCard
        {
            SupplyGroupCode = SupplyGroupCode.FromNumber(row.Sgc),
            KeyRevisionNumber = KeyRevisionNumber.FromNumber(row.Krn),
            KeyType = KeyType.Unique,
            KeyExpiryNumber = KeyExpiryNumber.FromNumber(row.Ken),
            BaseDate = BaseDate.FromYear(row.Year),
            DecoderKeyGenerationAlgorithm = DecoderKeyGenerationAlgorithm.Dkga04,
            ActiveFrom = BaseDate.FromYear(row.Year).Start,
            IssuedUntil = BaseDate.FromYear(row.Year).LastMinute,
            CheckValue = KeyCheckValue.Of(key),
        };
        return new KeyRegister(row.Number, card, VendingKeyHandles.Of(key), default, isTest: true);
    })];
}
