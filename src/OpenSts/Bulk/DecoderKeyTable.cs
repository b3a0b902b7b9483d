using System.Buffers.Binary;
using OpenSts.Cryptography;
using OpenSts.Keys;
using OpenSts.Secrets;

namespace OpenSts.Bulk;

/// <summary>
/// Decoder keys at hand: issues and decodes tokens of many meters whose keys are already derived, without allocating.
/// </summary>
/// <remarks>
/// All keys are of one algorithm; their meters may belong to different supply groups. The rules about keys and tokens
/// are the caller's. One object serves one thread. Spans of 32 tokens and more are computed in vectors, up to 512
/// tokens at once.
/// </remarks>
public sealed class DecoderKeyTable : IDisposable
{
    private const int SelfTestStep = 7;
    private readonly SecretBytes _keys;
    private readonly int _keyLength;
    private BulkWorkspace? _workspace;

    /// <summary>Makes an empty table.</summary>
    /// <param name="ea">EA07 or EA11.</param>
    /// <param name="capacity">How many keys there is space for, at least 1.</param>
    /// <exception cref="ArgumentException">The algorithm is withdrawn or unknown.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is below 1 or needs more than 2^31
    /// bytes.</exception>
    public DecoderKeyTable(EncryptionAlgorithm ea, int capacity)
    {
        if (ea.Refusal() is { } refusal)
            throw new ArgumentException(refusal, nameof(ea));
        _keyLength = ea.DecoderKeyBits() / 8;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, int.MaxValue / _keyLength);
        Algorithm = ea;
        Capacity = capacity;
        _keys = new SecretBytes(capacity * _keyLength);
    }

    /// <summary>The algorithm of every key.</summary>
    public EncryptionAlgorithm Algorithm { get; }

    /// <summary>How many keys there is space for.</summary>
    public int Capacity { get; }

    /// <summary>How many keys there are, numbered from 0.</summary>
    public int Count { get; private set; }

    private bool IsEa11 => Algorithm == EncryptionAlgorithm.Ea11;

    /// <summary>Copies a key in.</summary>
    /// <param name="key">The key; it stays the caller's.</param>
    /// <returns>The number of the key in this table.</returns>
    /// <exception cref="ArgumentException">The key is of another algorithm.</exception>
    /// <exception cref="InvalidOperationException">The table is full.</exception>
    public int Add(DecoderKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Algorithm != Algorithm)
            throw new ArgumentException(
                $"A key of {key.Algorithm.Name()} does not go into a table of {Algorithm.Name()}.", nameof(key));
        if (Count == Capacity)
            throw new InvalidOperationException($"The table is full: it has space for {Capacity} keys.");
        using var source = key.Lease();
        using var lease = _keys.LeaseForWriting();
        source.Bytes.CopyTo(lease.Span[(Count * _keyLength)..]);
        return Count++;
    }

    /// <summary>Issues one token for each request.</summary>
    /// <param name="requests">What to issue.</param>
    /// <param name="digits">Receives 20 ASCII digits for each request.</param>
    /// <exception cref="ArgumentException">
    /// The destination is too short, or a request names no key of this table or is of class 1 or 3. Nothing is
    /// written.
    /// </exception>
    /// <exception cref="SelfTestException">A cipher gave a wrong answer.</exception>
    public void Issue(ReadOnlySpan<KeyedRequest> requests, Span<byte> digits)
    {
        BulkDigits.RequireSpace(requests.Length, digits);
        foreach (ref readonly var request in requests)
        {
            BulkDigits.RequireEncrypted(request.Content.Class, nameof(requests));
            RequireKey(request.Key, nameof(requests));
        }

        using var keys = _keys.Lease();
        while (requests.Length >= BulkWorkspace.FewestForEngine)
        {
            var count = IssueMany(keys.Span, requests, digits);
            requests = requests[count..];
            digits = digits[(count * Token66.Digits)..];
        }

        for (var i = 0; i < requests.Length; i++)
            IssueOne(keys.Span, requests[i], digits.Slice(i * Token66.Digits, Token66.Digits));
    }

    /// <summary>Decodes each token.</summary>
    /// <param name="tokens">The tokens, of class 0 or 2.</param>
    /// <param name="results">Receives one result for each token.</param>
    /// <returns>How many tokens have a correct CRC.</returns>
    /// <exception cref="ArgumentException">
    /// The destination is too short, or a token names no key of this table or is of class 1 or 3. Nothing is written.
    /// </exception>
    /// <exception cref="SelfTestException">A cipher gave a wrong answer.</exception>
    public int Open(ReadOnlySpan<KeyedToken> tokens, Span<BulkResult> results)
    {
        if (results.Length < tokens.Length)
            throw new ArgumentException($"{tokens.Length} tokens need as many results.", nameof(results));
        foreach (ref readonly var token in tokens)
        {
            BulkDigits.RequireEncrypted(token.Token.Class, nameof(tokens));
            RequireKey(token.Key, nameof(tokens));
        }

        using var keys = _keys.Lease();
        var opened = 0;
        while (tokens.Length >= BulkWorkspace.FewestForEngine)
        {
            var count = OpenMany(keys.Span, tokens, results, ref opened);
            tokens = tokens[count..];
            results = results[count..];
        }

        for (var i = 0; i < tokens.Length; i++)
        {
            results[i] = OpenOne(keys.Span, tokens[i]);
            opened += results[i].IsOpen ? 1 : 0;
        }

        return opened;
    }

    /// <summary>Clears the keys and the working memory.</summary>
    public void Dispose()
    {
        _workspace?.Dispose();
        _keys.Dispose();
    }

    private void RequireKey(int key, string parameter)
    {
        if (key < 0 || key >= Count)
            throw new ArgumentException($"key {key}: the table has {Count} keys, numbered from 0.", parameter);
    }

    private unsafe int IssueMany(ReadOnlySpan<byte> keys, ReadOnlySpan<KeyedRequest> requests, Span<byte> digits)
    {
        _workspace ??= new BulkWorkspace();
        using var lease = _workspace.Lease();
        var engine = _workspace.EngineFor(requests.Length);
        var count = Math.Min(engine.Blocks, requests.Length);
        for (var i = 0; i < count; i++)
        {
            engine.Data[i] = (requests[i].Content.Data << 16) | (ulong)requests[i].Content.Class;
            PutKey(engine, i, keys, requests[i].Key);
        }

        engine.LoadKeys(IsEa11);
        engine.Encrypt(IsEa11);
        for (var i = 0; i < count; i++)
            engine.KeyHigh[i] = (ulong)requests[i].Content.Class;
        BulkDigits.Write(engine.Data, engine.KeyHigh, engine.KeyLow, count, digits);
        if (engine.IsEncryptionTested)
            return count;
        Span<byte> expected = stackalloc byte[Token66.Digits];
        for (var i = 0; i < count; i += SelfTestStep)
        {
            IssueOne(keys, requests[i], expected);
            if (expected.SequenceEqual(digits.Slice(i * Token66.Digits, Token66.Digits)))
                continue;
            digits[..(count * Token66.Digits)].Clear();
            throw new SelfTestException("bulk issue");
        }

        engine.IsEncryptionTested = true;
        return count;
    }

    private unsafe int OpenMany(ReadOnlySpan<byte> keys, ReadOnlySpan<KeyedToken> tokens, Span<BulkResult> results,
        ref int opened)
    {
        _workspace ??= new BulkWorkspace();
        using var lease = _workspace.Lease();
        var engine = _workspace.EngineFor(tokens.Length);
        var count = Math.Min(engine.Blocks, tokens.Length);
        var work = new BulkDecryption(engine);
        for (var i = 0; i < count; i++)
        {
            work.Put(i, tokens[i].Token);
            PutKey(engine, i, keys, tokens[i].Key);
        }

        engine.LoadKeys(IsEa11);
        work.Decrypt(IsEa11);
        for (var i = 0; i < count; i++)
        {
            results[i] = work.Result(i, tokens[i].Token.Class);
            opened += results[i].IsOpen ? 1 : 0;
            // The first answers of an engine are compared with those of the tested one-by-one ciphers.
            if (engine.IsDecryptionTested || i % SelfTestStep != 0 || OpenOne(keys, tokens[i]) == results[i])
                continue;
            results[..count].Clear();
            throw new SelfTestException("bulk decode");
        }

        engine.IsDecryptionTested = true;
        return count;
    }

    private unsafe void PutKey(SlicedEngine engine, int at, ReadOnlySpan<byte> keys, int key)
    {
        var bytes = keys.Slice(key * _keyLength, _keyLength);
        engine.KeyHigh[at] = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        if (IsEa11)
            engine.KeyLow[at] = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
    }

    private void IssueOne(ReadOnlySpan<byte> keys, in KeyedRequest request, Span<byte> digits)
    {
        var block = Transform(KeyOf(keys, request.Key), request.Content.Seal().Value, encrypt: true);
        var token = new Token66(new CipherBlock(request.Content.Class, block));
        DecimalDigits.Write20(token.High, token.Low, digits);
    }

    private BulkResult OpenOne(ReadOnlySpan<byte> keys, in KeyedToken token)
    {
        var block = token.Token.ToCipherBlock();
        var plain = Transform(KeyOf(keys, token.Key), block.Value, encrypt: false);
        var isOpen = new PlainBlock(block.Class, plain).TryOpen(out var content);
        return new BulkResult(isOpen, content);
    }

    private ReadOnlySpan<byte> KeyOf(ReadOnlySpan<byte> keys, int key) => keys.Slice(key * _keyLength, _keyLength);

    private ulong Transform(ReadOnlySpan<byte> key, ulong block, bool encrypt)
    {
        if (IsEa11)
            return encrypt ? Misty1.Encrypt(key, block) : Misty1.Decrypt(key, block);
        var ea07Key = BinaryPrimitives.ReadUInt64BigEndian(key);
        return encrypt ? Ea07.Encrypt(ea07Key, block) : Ea07.Decrypt(ea07Key, block);
    }
}
