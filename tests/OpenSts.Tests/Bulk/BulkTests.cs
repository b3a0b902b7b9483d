using System.Text;
using OpenSts.Bulk;
using OpenSts.Cryptography;
using OpenSts.Keys;

namespace OpenSts.Tests.Bulk;

public unsafe class BulkTests
{
    [Theory]
    [InlineData("EA07 with DKGA02", 7, 2, KeyType.Unique)]
    [InlineData("EA07 with DKGA04", 7, 4, KeyType.Unique)]
    [InlineData("EA11 with DKGA04", 11, 4, KeyType.Unique)]
    [InlineData("common keys of DKGA02", 7, 2, KeyType.Common)]
    [InlineData("common keys of DKGA04", 11, 4, KeyType.Common)]
    public void Issue_AnyMeters_GivesTheTokensOfTheOneByOneWay(string description, int ea, int dkga, KeyType keyType)
    {
        Assert.NotEmpty(description);
        var hex = dkga == 2 ? "abababababababab" : TestKeys.VendingKeyA;
        var common = TestKeys.Attributes((EncryptionAlgorithm)ea, sgc: "123457", dkga: (DecoderKeyGenerationAlgorithm)dkga, keyType: keyType);
        using var vendingKey = Hazmat.ImportVendingKey(Convert.FromHexString(hex));
        var requests = Requests(1500, (EncryptionAlgorithm)ea);
        var expected = requests.Select(r => OneByOne(vendingKey, common, r)).ToList();

        using (var issuer = new BulkIssuer(vendingKey, common))
        {
            foreach (var count in (int[])[0, 1, 63, 64, 511, 512, 513, 1024, 1500])
            {
                var digits = new byte[count * 20];
                issuer.Issue(requests.AsSpan(0, count), digits);
                Assert.Equal(string.Concat(expected.Take(count)), Encoding.ASCII.GetString(digits));
            }
        }

        var meters = new BulkMeters(common);
        using var lease = vendingKey.Lease();
        AssertSliced(new SlicedIssuer<Lanes64, Words128>(lease, meters), lease, requests, expected);
        AssertSliced(new SlicedIssuer<Lanes128, Words128>(lease, meters), lease, requests, expected);
        AssertSliced(new SlicedIssuer<Lanes256, Words256>(lease, meters), lease, requests, expected);
        if (System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
            AssertSliced(new SlicedIssuer<Lanes512, Words512>(lease, meters), lease, requests, expected);
    }

    [Fact]
    public void Issue_BadInput_IssuesNothing()
    {
        using var vendingKey = Hazmat.ImportVendingKey(Convert.FromHexString(TestKeys.VendingKeyA));
        using var issuer = new BulkIssuer(vendingKey, TestKeys.Attributes());
        var requests = Requests(600, EncryptionAlgorithm.Ea07);
        var tooShort = new byte[600 * 20 - 1];
        Assert.Throws<ArgumentException>(() => issuer.Issue(requests, tooShort));
        requests[599] = requests[599] with { Content = new TokenContent(TokenClass.NonMeterSpecificManagement, 1) };
        var digits = new byte[600 * 20];
        Assert.Throws<ArgumentException>(() => issuer.Issue(requests, digits));
        Assert.All(digits, d => Assert.Equal(0, d));
        Assert.Throws<ArgumentException>(() => new BulkIssuer(vendingKey, TestKeys.Attributes(dkga: DecoderKeyGenerationAlgorithm.Dkga02)));
    }

    [Fact]
    public void Issue_AfterTheFirst_AllocatesNothing()
    {
        using var vendingKey = Hazmat.ImportVendingKey(Convert.FromHexString(TestKeys.VendingKeyA));
        using var issuer = new BulkIssuer(vendingKey, TestKeys.Attributes());
        var requests = Requests(1030, EncryptionAlgorithm.Ea07);
        var digits = new byte[1030 * 20];
        issuer.Issue(requests, digits);
        var before = GC.GetAllocatedBytesForCurrentThread();
        issuer.Issue(requests, digits);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Circuits_EveryInput_AreTheTables()
    {
        var slices = stackalloc Lanes64[16];
        var output = stackalloc Lanes64[9];
        for (var input = 0; input < 512; input++)
        {
            for (var bit = 0; bit < 9; bit++)
                slices[bit] = (input >> bit & 1) != 0 ? Lanes64.Ones : Lanes64.Zero;
            Misty1Circuit<Lanes64>.S9(slices, output);
            Assert.Equal(Misty1Tables.S9[input], Value(output, 9));
            if (input >= 128)
                continue;
            Misty1Circuit<Lanes64>.S7(slices, output);
            Assert.Equal(Misty1Tables.S7[input], Value(output, 7));
        }

        for (var input = 0; input < 32; input++)
        {
            for (var bit = 0; bit < 5; bit++)
                slices[bit] = (input >> bit & 1) != 0 ? Lanes64.Ones : Lanes64.Zero;
            Ea07Circuit<Lanes64>.Substitute(slices[0], slices[1], slices[2], slices[3], slices[4], output, output + 1, output + 2, output + 3);
            // The key bit is that of the decoder key, whose complement chooses the table.
            Assert.Equal((input < 16 ? Ea07Tables.Substitution2 : Ea07Tables.Substitution1)[input & 15], Value(output, 4));
        }
    }

    [Fact]
    public void Transpose_Twice_IsTheStart()
    {
        var random = new Random(64);
        var rows = stackalloc Lanes128[64];
        var words = new Span<ulong>(rows, 128);
        var start = new ulong[128];
        for (var i = 0; i < 128; i++)
            start[i] = words[i] = CipherTestsNext(random);
        BitSlices<Lanes128>.Transpose(rows);
        Assert.Equal(start[5 * 2] >> 3 & 1, words[3 * 2] >> 5 & 1);
        Assert.Equal(start[(63 * 2) + 1] >> 40 & 1, words[(40 * 2) + 1] >> 63 & 1);
        BitSlices<Lanes128>.Transpose(rows);
        Assert.Equal(start, words.ToArray());
    }

    private static ulong CipherTestsNext(Random random) => Cryptography.CipherTests.Next(random);

    private static int Value(Lanes64* slices, int bits)
    {
        var value = 0;
        for (var bit = 0; bit < bits; bit++)
            value |= (int)(((ulong*)slices)[bit] & 1) << bit;
        return value;
    }

    private static void AssertSliced(SlicedIssuer issuer, in VendingKey.VendingKeyLease lease, BulkRequest[] requests, List<string> expected)
    {
        using (issuer)
        {
            var digits = new byte[issuer.Blocks * 20];
            issuer.Issue(lease, requests.AsSpan(0, issuer.Blocks), digits);
            Assert.Equal(string.Concat(expected.Take(issuer.Blocks)), Encoding.ASCII.GetString(digits));
        }
    }

    private static string OneByOne(VendingKey vendingKey, DecoderKeyAttributes common, BulkRequest request)
    {
        using var key = DecoderKeyGeneration.Derive(vendingKey, common with { MeterPan = request.MeterPan, TariffIndex = request.TariffIndex });
        return new Token66(key.Encrypt(request.Content.Seal())).ToString();
    }

    private static BulkRequest[] Requests(int count, EncryptionAlgorithm ea)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => Request(random, ea))];
    }

    private static BulkRequest Request(Random random, EncryptionAlgorithm ea)
    {
        Token token;
        do
            token = RandomTokens.Next(random, ea);
        while (token.Class == TokenClass.NonMeterSpecificManagement);
        var maker = random.Next(2) == 0 ? random.Next(100).ToString("D2") : random.Next(100, 10_000).ToString("D4");
        var pan = MeterPan.Create(DecoderReferenceNumber.Create(ManufacturerCode.Parse(maker), random.Next(100_000_000)));
        return new BulkRequest(pan, TariffIndex.FromNumber(random.Next(100)), TokenLayout.Write(token));
    }
}
