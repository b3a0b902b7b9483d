using OpenSts.Cryptography;
using OpenSts.Keys;

namespace OpenSts.Bulk;

/// <summary>
/// Decodes tokens of many meters of one supply group, each under its own derived key, without allocating.
/// </summary>
/// <remarks>
/// The rules about tokens (age, key type, function) are the caller's; this is decryption and CRC only. One object
/// serves one thread. Spans of 32 tokens and more are computed in vectors, up to 512 tokens at once.
/// </remarks>
public sealed class BulkDecoder : IDisposable
{
    private const int SelfTestStep = 7;
    private readonly GroupKeys _keys;
    private BulkWorkspace? _workspace;

    /// <summary>Prepares for the meters of a group.</summary>
    /// <param name="vendingKey">The group's key. It stays the caller's, but is not released before this object is
    /// disposed.</param>
    /// <param name="common">What the meters have in common; its MeterPAN and tariff index are ignored.</param>
    /// <exception cref="ArgumentException">The algorithms or the vending key do not fit; the message says
    /// which.</exception>
    public BulkDecoder(VendingKey vendingKey, DecoderKeyAttributes common) =>
        _keys = new GroupKeys(vendingKey, common);

    /// <summary>Decodes each token.</summary>
    /// <param name="tokens">The tokens, of class 0 or 2.</param>
    /// <param name="results">Receives one result for each token.</param>
    /// <returns>How many tokens have a correct CRC.</returns>
    /// <exception cref="ArgumentException">The destination is too short, or a token is of class 1 or 3. Nothing is
    /// written.</exception>
    /// <exception cref="SelfTestException">A cipher gave a wrong answer.</exception>
    public int Open(ReadOnlySpan<BulkToken> tokens, Span<BulkResult> results)
    {
        if (results.Length < tokens.Length)
            throw new ArgumentException($"{tokens.Length} tokens need as many results.", nameof(results));
        foreach (ref readonly var token in tokens)
            BulkDigits.RequireEncrypted(token.Token.Class, nameof(tokens));
        var opened = 0;
        while (tokens.Length >= BulkWorkspace.FewestForEngine)
        {
            var count = OpenMany(tokens, results, ref opened);
            tokens = tokens[count..];
            results = results[count..];
        }

        for (var i = 0; i < tokens.Length; i++)
        {
            results[i] = OpenOne(tokens[i]);
            opened += results[i].IsOpen ? 1 : 0;
        }

        return opened;
    }

    /// <summary>Clears the working memory and lets go of the vending key.</summary>
    public void Dispose()
    {
        _workspace?.Dispose();
        _keys.Dispose();
    }

    private unsafe int OpenMany(ReadOnlySpan<BulkToken> tokens, Span<BulkResult> results, ref int opened)
    {
        _workspace ??= new BulkWorkspace();
        using var lease = _workspace.Lease();
        var engine = _workspace.EngineFor(tokens.Length);
        var count = Math.Min(engine.Blocks, tokens.Length);
        var work = new BulkDecryption(engine);
        for (var i = 0; i < count; i++)
        {
            ref readonly var token = ref tokens[i];
            work.Put(i, token.Token);
            engine.Pans[i] = _keys.KeyedPan(token.MeterPan);
            engine.TariffIndexes[i] = (ulong)token.TariffIndex.Value;
        }

        _keys.Derive(engine, count);
        work.Decrypt(_keys.IsEa11);
        for (var i = 0; i < count; i++)
        {
            results[i] = work.Result(i, tokens[i].Token.Class);
            opened += results[i].IsOpen ? 1 : 0;
        }

        if (!engine.IsDecryptionTested)
            TestEngine(engine, tokens[..count], results);
        return count;
    }

    private void TestEngine(SlicedEngine engine, ReadOnlySpan<BulkToken> tokens, Span<BulkResult> results)
    {
        for (var i = 0; i < tokens.Length; i += SelfTestStep)
        {
            if (OpenOne(tokens[i]) == results[i])
                continue;
            results[..tokens.Length].Clear();
            throw new SelfTestException("bulk decode");
        }

        engine.IsDecryptionTested = true;
    }

    private BulkResult OpenOne(in BulkToken token)
    {
        var block = token.Token.ToCipherBlock();
        var isOpen = new PlainBlock(block.Class, _keys.Decrypt(token.MeterPan, token.TariffIndex, block.Value))
            .TryOpen(out var content);
        return new BulkResult(isOpen, content);
    }
}
