using OpenSts.Bulk;
using OpenSts.Keys;

namespace OpenSts.Tests.Keys;

/// <summary>Keys that nobody disposes are used while the garbage collector finalizes them on another thread.</summary>
public sealed class KeyLifetimeTests
{
    private const ulong Block = 0x0123456789ABCDEF;

    [Theory]
    [InlineData(EncryptionAlgorithm.Ea07, 700_000)]
    [InlineData(EncryptionAlgorithm.Ea11, 500_000)]
    public async Task Encrypt_GarbageCollectorBusy_IsAlwaysRight(EncryptionAlgorithm ea, int count)
    {
        var bytes = Convert.FromHexString(ea == EncryptionAlgorithm.Ea07 ? "87F3ECBB2E46B48F"
            : "929BD3A415C9420A05EC5EE9F3CE91C3");
        var expected = Hazmat.Cipher(ea, bytes, Block, encrypt: true);
        var wrong = await CountWithBusyCollector(count, () =>
        {
            // Nothing refers to the key after its last use: it may be finalized during the call.
            var block = new PlainBlock(TokenClass.Credit, Block);
            return Hazmat.ImportDecoderKey(ea, bytes).Encrypt(block).Value != expected;
        });
        Assert.Equal(0, wrong);
    }

    [Theory]
    [InlineData(DecoderKeyGenerationAlgorithm.Dkga02, "abababababababab")]
    [InlineData(DecoderKeyGenerationAlgorithm.Dkga04, TestKeys.VendingKeyA)]
    public async Task Derive_GarbageCollectorBusy_IsAlwaysRight(DecoderKeyGenerationAlgorithm dkga, string vendingKey)
    {
        var bytes = Convert.FromHexString(vendingKey);
        var attributes = TestKeys.Attributes(dkga: dkga);
        var block = new PlainBlock(TokenClass.Credit, Block);
        ulong expected;
        using (var key = DecoderKeyGeneration.Derive(Hazmat.ImportVendingKey(bytes), attributes))
            expected = key.Encrypt(block).Value;
        var wrong = await CountWithBusyCollector(
            200_000, () => DecoderKeyGeneration.Derive(Hazmat.ImportVendingKey(bytes), attributes).Encrypt(block)
                .Value != expected);
        Assert.Equal(0, wrong);
    }

    [Theory]
    [InlineData(DecoderKeyGenerationAlgorithm.Dkga02, "abababababababab", 1)]
    [InlineData(DecoderKeyGenerationAlgorithm.Dkga02, "abababababababab", 600)]
    [InlineData(DecoderKeyGenerationAlgorithm.Dkga04, TestKeys.VendingKeyA, 1)]
    [InlineData(DecoderKeyGenerationAlgorithm.Dkga04, TestKeys.VendingKeyA, 600)]
    public async Task BulkIssue_GarbageCollectorBusy_IsAlwaysRight(DecoderKeyGenerationAlgorithm dkga,
        string vendingKey, int tokens)
    {
        var bytes = Convert.FromHexString(vendingKey);
        var attributes = TestKeys.Attributes(dkga: dkga);
        var requests = new BulkRequest[tokens];
        Array.Fill(requests, new BulkRequest(attributes.MeterPan, attributes.TariffIndex,
            new TokenContent(TokenClass.Credit, 0x0501_4EEC_0001)));
        var expected = new byte[tokens * Token66.Digits];
        using (var key = Hazmat.ImportVendingKey(bytes))
        using (var issuer = new BulkIssuer(key, attributes))
            issuer.Issue(requests, expected);
        var digits = new byte[expected.Length];
        var wrong = await CountWithBusyCollector(tokens == 1 ? 50_000 : 1500, () =>
        {
            new BulkIssuer(Hazmat.ImportVendingKey(bytes), attributes).Issue(requests, digits);
            return !digits.AsSpan().SequenceEqual(expected);
        });
        Assert.Equal(0, wrong);
    }

    private static async Task<int> CountWithBusyCollector(int count, Func<bool> isWrong)
    {
        using var stop = new CancellationTokenSource();
        var collector = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        }, TestContext.Current.CancellationToken);
        var wrong = 0;
        for (var i = 0; i < count; i++)
        {
            if (isWrong())
                wrong++;
        }

        await stop.CancelAsync();
        await collector;
        return wrong;
    }
}
