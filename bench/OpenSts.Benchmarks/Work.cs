using OpenSts.Bulk;
using OpenSts.Keys;

namespace OpenSts.Benchmarks;

/// <summary>What the benchmarks issue: the meters and amounts of <c>sts bench tokens</c>.</summary>
internal static class Work
{
    public static string VendingKey(string algorithms) =>
        algorithms.EndsWith("DKGA02", StringComparison.Ordinal) ? "abababababababab"
            : "abababababababab949494949494949401234567";

    public static DecoderKeyAttributes Attributes(string algorithms) => new()
    {
        MeterPan = MeterPan.Parse("600727000000000009"),
        SupplyGroupCode = SupplyGroupCode.Parse("123457"),
        TariffIndex = TariffIndex.FromNumber(1),
        KeyRevisionNumber = KeyRevisionNumber.FromNumber(1),
        KeyType = KeyType.Unique,
        KeyExpiryNumber = KeyExpiryNumber.Never,
        BaseDate = BaseDate.Base2014,
        EncryptionAlgorithm = algorithms.StartsWith("EA11", StringComparison.Ordinal) ? EncryptionAlgorithm.Ea11
            : EncryptionAlgorithm.Ea07,
        DecoderKeyGenerationAlgorithm = algorithms.EndsWith("DKGA02", StringComparison.Ordinal)
            ? DecoderKeyGenerationAlgorithm.Dkga02 : DecoderKeyGenerationAlgorithm.Dkga04,
    };

    public static BulkRequest[] Requests(int count)
    {
        _ = ManufacturerCode.TryParse("01", out var maker, out _);
        return [.. Enumerable.Range(0, count).Select(i => new BulkRequest(
            MeterPan.Create(DecoderReferenceNumber.Create(maker, i)),
            TariffIndex.FromNumber(1),
            TokenLayout.Credit(CreditService.Electricity, (byte)(i & 15), TokenIdentifier.FromNumber(5_869_435 + i),
                TransferAmount.FromField((ushort)(i + 1)))))];
    }
}
