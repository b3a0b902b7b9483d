using System.Text;
using OpenSts.Bulk;
using OpenSts.Cryptography;
using OpenSts.Keys;

namespace OpenSts.Tests.Bulk;

public unsafe class BulkTests
{
    private static readonly int[] Counts =
        [0, 1, 31, 32, 33, 63, 64, 127, 128, 129, 255, 256, 257, 300, 511, 512, 513, 700, 1024, 1500];

    public static TheoryData<EncryptionAlgorithm, DecoderKeyGenerationAlgorithm, KeyType> Algorithms => new()
    {
        { EncryptionAlgorithm.Ea07, DecoderKeyGenerationAlgorithm.Dkga02, KeyType.Unique },
        { EncryptionAlgorithm.Ea07, DecoderKeyGenerationAlgorithm.Dkga04, KeyType.Unique },
        { EncryptionAlgorithm.Ea11, DecoderKeyGenerationAlgorithm.Dkga04, KeyType.Unique },
        { EncryptionAlgorithm.Ea07, DecoderKeyGenerationAlgorithm.Dkga02, KeyType.Common },
        { EncryptionAlgorithm.Ea11, DecoderKeyGenerationAlgorithm.Dkga04, KeyType.Common },
    };

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Issue_AnyCount_GivesTheTokensOfTheOneByOneWay(EncryptionAlgorithm ea,
        DecoderKeyGenerationAlgorithm dkga, KeyType keyType)
    {
        var common = TestKeys.Attributes(ea, sgc: "123457", dkga: dkga, keyType: keyType);
        using var vendingKey = GroupKey(dkga);
        var requests = Requests(1500, ea);
        var expected = requests.Select(r => OneByOne(vendingKey, common, r)).ToList();
        using var issuer = new BulkIssuer(vendingKey, common);
        foreach (var count in Counts)
        {
            var digits = new byte[count * 20];
            issuer.Issue(requests.AsSpan(0, count), digits);
            Assert.Equal(string.Concat(expected.Take(count)), Encoding.ASCII.GetString(digits));
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Open_AnyCount_GivesTheContentsOfTheOneByOneWay(EncryptionAlgorithm ea,
        DecoderKeyGenerationAlgorithm dkga, KeyType keyType)
    {
        var common = TestKeys.Attributes(ea, sgc: "123457", dkga: dkga, keyType: keyType);
        using var vendingKey = GroupKey(dkga);
        var requests = Requests(1500, ea);
        var random = new Random(7);
        var tokens = requests.Select((r, i) => new BulkToken(r.MeterPan, r.TariffIndex,
            Damaged(OneByOne(vendingKey, common, r), i % 5 == 3, random))).ToArray();
        var expected = tokens.Select(t => OpenOneByOne(vendingKey, common, t)).ToArray();
        Assert.Equal(300, expected.Count(r => !r.IsOpen));
        using var decoder = new BulkDecoder(vendingKey, common);
        foreach (var count in Counts)
        {
            var results = new BulkResult[count];
            Assert.Equal(expected.Take(count).Count(r => r.IsOpen), decoder.Open(tokens.AsSpan(0, count), results));
            Assert.Equal(expected.Take(count), results);
        }
    }

    [Theory]
    [InlineData(EncryptionAlgorithm.Ea07)]
    [InlineData(EncryptionAlgorithm.Ea11)]
    public void DecoderKeyTable_AnyCount_IssuesAndOpensLikeTheKeysThemselves(EncryptionAlgorithm ea)
    {
        var common = TestKeys.Attributes(ea);
        using var vendingKey = GroupKey(DecoderKeyGenerationAlgorithm.Dkga04);
        var requests = Requests(1500, ea);
        using var table = new DecoderKeyTable(ea, 200);
        var attributes = Enumerable.Range(0, 200).Select(i => common with { MeterPan = requests[i].MeterPan })
            .ToList();
        foreach (var meter in attributes)
        {
            using var key = DecoderKeyGeneration.Derive(vendingKey, meter);
            Assert.Equal(attributes.IndexOf(meter), table.Add(key));
        }

        var keyed = requests.Select((r, i) => new KeyedRequest(i * 7 % 200, r.Content)).ToArray();
        var expected = keyed.Select(r =>
        {
            using var key = DecoderKeyGeneration.Derive(vendingKey, attributes[r.Key]);
            return new Token66(key.Encrypt(r.Content.Seal())).ToString();
        }).ToList();
        var random = new Random(11);
        var tokens = keyed.Select((r, i) => new KeyedToken(r.Key, Damaged(expected[i], i % 4 == 1, random))).ToArray();
        foreach (var count in Counts)
        {
            var digits = new byte[count * 20];
            table.Issue(keyed.AsSpan(0, count), digits);
            Assert.Equal(string.Concat(expected.Take(count)), Encoding.ASCII.GetString(digits));
            var results = new BulkResult[count];
            Assert.Equal(Enumerable.Range(0, count).Count(i => i % 4 != 1),
                table.Open(tokens.AsSpan(0, count), results));
            for (var i = 0; i < count; i++)
                Assert.Equal(i % 4 == 1 ? default : new BulkResult(true, keyed[i].Content), results[i]);
        }
    }

    [Fact]
    public void DecoderKeyTable_Misuse_IsRefusedAndNothingIsWritten()
    {
        using var key = TestKeys.Derive(TestKeys.Attributes());
        using var table = new DecoderKeyTable(EncryptionAlgorithm.Ea07, 1);
        using var other = TestKeys.Derive(TestKeys.Attributes(EncryptionAlgorithm.Ea11));
        Assert.Throws<ArgumentException>(() => table.Add(other));
        Assert.Equal(0, table.Add(key));
        Assert.Throws<InvalidOperationException>(() => table.Add(key));
        Assert.Equal(1, table.Count);
        var content = new TokenContent(TokenClass.Credit, 1);
        var digits = new byte[40];
        Assert.Throws<ArgumentException>(
            () => table.Issue([new KeyedRequest(0, content), new KeyedRequest(1, content)], digits));
        Assert.Throws<ArgumentException>(() => table.Issue([new KeyedRequest(-1, content)], digits));
        Assert.All(digits, d => Assert.Equal(0, d));
        Assert.Throws<ArgumentException>(() => new DecoderKeyTable(EncryptionAlgorithm.Ea09, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecoderKeyTable(EncryptionAlgorithm.Ea07, 0));
    }

    [Fact]
    public void Open_BadInput_OpensNothing()
    {
        using var vendingKey = GroupKey(DecoderKeyGenerationAlgorithm.Dkga04);
        using var decoder = new BulkDecoder(vendingKey, TestKeys.Attributes());
        var tokens = new BulkToken[40];
        Array.Fill(tokens,
            new BulkToken(TestKeys.Attributes().MeterPan, default, Token66.Parse("70630503470028726114")));
        Assert.Throws<ArgumentException>(() => decoder.Open(tokens, new BulkResult[39]));
        tokens[39] = tokens[39] with { Token = Token66.Parse("18446744073843772416") };
        var results = new BulkResult[40];
        Assert.Throws<ArgumentException>(() => decoder.Open(tokens, results));
        Assert.All(results, r => Assert.Equal(default, r));
    }

    // Every width of vectors that the machine can compute, whether BulkIssuer would choose it or not.
    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Engines_EveryWidth_EncryptAndDecryptLikeTheOneByOneWay(EncryptionAlgorithm ea,
        DecoderKeyGenerationAlgorithm dkga, KeyType keyType)
    {
        var common = TestKeys.Attributes(ea, sgc: "123457", dkga: dkga, keyType: keyType);
        using var vendingKey = GroupKey(dkga);
        var requests = Requests(1500, ea);
        var memory =
            (byte*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc((nuint)SlicedEngine.MemoryLength, 64);
        try
        {
            SlicedEngine[] engines =
            [
                new SlicedEngine<Lanes64, Words128>(memory), new SlicedEngine<Lanes128, Words128>(memory),
                new SlicedEngine<Lanes256, Words256>(memory), new SlicedEngine<Lanes512, Words512>(memory),
            ];
            foreach (
                var engine in engines.Where(e => e.Blocks < 512 || System.Runtime.Intrinsics.X86.Avx512F.IsSupported))
                CheckEngine(engine, vendingKey, common, requests);
        }
        finally
        {
            System.Runtime.InteropServices.NativeMemory.AlignedFree(memory);
        }
    }

    private static void CheckEngine(SlicedEngine engine, VendingKey vendingKey, DecoderKeyAttributes common,
        BulkRequest[] requests)
    {
        using var keys = new GroupKeys(vendingKey, common);
        for (var i = 0; i < engine.Blocks; i++)
        {
            engine.Data[i] = (requests[i].Content.Data << 16) | (ulong)requests[i].Content.Class;
            engine.Pans[i] = keys.KeyedPan(requests[i].MeterPan);
            engine.TariffIndexes[i] = (ulong)requests[i].TariffIndex.Value;
        }

        keys.Derive(engine, engine.Blocks);
        engine.Encrypt(keys.IsEa11);
        var work = new BulkDecryption(engine);
        for (var i = 0; i < engine.Blocks; i++)
        {
            var token = new Token66(new CipherBlock(requests[i].Content.Class, engine.Data[i]));
            Assert.Equal(OneByOne(vendingKey, common, requests[i]), token.ToString());
            work.Put(i, token);
        }

        work.Decrypt(keys.IsEa11);
        for (var i = 0; i < engine.Blocks; i++)
            Assert.Equal(new BulkResult(true, requests[i].Content), work.Result(i, requests[i].Content.Class));
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
        Assert.Throws<ArgumentException>(
            () => new BulkIssuer(vendingKey, TestKeys.Attributes(dkga: DecoderKeyGenerationAlgorithm.Dkga02)));
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
            Ea07Circuit<Lanes64>.Substitute(slices[0], slices[1], slices[2], slices[3], slices[4], output, output
                + 1, output + 2, output + 3);
            // The key bit is that of the decoder key, whose complement chooses the table.
            var table = input < 16 ? Ea07Tables.Substitution2 : Ea07Tables.Substitution1;
            Assert.Equal(table[input & 15], Value(output, 4));
            // Decryption takes back what encryption did under the same key bit, as the key bit is complemented there.
            Ea07Circuit<Lanes64>.SubstituteBack(slices[0], slices[1], slices[2], slices[3], slices[4], output, output
                + 1, output + 2, output + 3);
            Assert.Equal(input & 15, table[Value(output, 4)]);
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

    private static VendingKey GroupKey(DecoderKeyGenerationAlgorithm dkga) =>
        Hazmat.ImportVendingKey(Convert.FromHexString(dkga == DecoderKeyGenerationAlgorithm.Dkga02 ? "abababababababab"
            : TestKeys.VendingKeyA));

    // One bit of the cipher block flipped; the class stays.
    private static Token66 Damaged(string digits, bool isDamaged, Random random)
    {
        var token = Token66.Parse(digits);
        return isDamaged ? new Token66(
            new CipherBlock(token.Class, token.ToCipherBlock().Value ^ (1ul << random.Next(64)))) : token;
    }

    private static BulkResult OpenOneByOne(VendingKey vendingKey, DecoderKeyAttributes common, BulkToken token)
    {
        using var key = DecoderKeyGeneration.Derive(vendingKey,
            common with { MeterPan = token.MeterPan, TariffIndex = token.TariffIndex });
        return TokenIssuer.TryOpen(token.Token, key, out var content) ? new BulkResult(true, content) : default;
    }

    private static string OneByOne(VendingKey vendingKey, DecoderKeyAttributes common, BulkRequest request)
    {
        using var key = DecoderKeyGeneration.Derive(vendingKey,
            common with { MeterPan = request.MeterPan, TariffIndex = request.TariffIndex });
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
        var pan =
            MeterPan.Create(DecoderReferenceNumber.Create(ManufacturerCode.Parse(maker), random.Next(100_000_000)));
        return new BulkRequest(pan, TariffIndex.FromNumber(random.Next(100)), TokenLayout.Write(token));
    }
}
