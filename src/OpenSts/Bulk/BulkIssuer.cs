using OpenSts.Cryptography;
using OpenSts.Keys;

namespace OpenSts.Bulk;

/// <summary>
/// Issues tokens for many meters of one supply group, each under its own derived key, without allocating.
/// </summary>
/// <remarks>
/// The rules about keys (expiry, key type) are the caller's; this is the computation only. One object serves one
/// thread. What is given on construction is what the meters have in common; <see cref="BulkRequest"/> holds the rest.
/// Spans of 32 tokens and more are computed in vectors, up to 512 tokens at once.
/// </remarks>
public sealed class BulkIssuer : IDisposable
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
    public BulkIssuer(VendingKey vendingKey, DecoderKeyAttributes common) => _keys = new GroupKeys(vendingKey, common);

    /// <summary>Issues one token for each request.</summary>
    /// <param name="requests">What to issue.</param>
    /// <param name="digits">Receives 20 ASCII digits for each request.</param>
    /// <exception cref="ArgumentException">The destination is too short, or a request is of class 1 or 3. Nothing is
    /// written.</exception>
    /// <exception cref="SelfTestException">A cipher gave a wrong answer.</exception>
    public void Issue(ReadOnlySpan<BulkRequest> requests, Span<byte> digits)
    {
        BulkDigits.RequireSpace(requests.Length, digits);
        foreach (ref readonly var request in requests)
            BulkDigits.RequireEncrypted(request.Content.Class, nameof(requests));
        while (requests.Length >= BulkWorkspace.FewestForEngine)
        {
            var count = IssueMany(requests, digits);
            requests = requests[count..];
            digits = digits[(count * Token66.Digits)..];
        }

        for (var i = 0; i < requests.Length; i++)
            IssueOne(requests[i], digits.Slice(i * Token66.Digits, Token66.Digits));
    }

    /// <summary>Clears the working memory and lets go of the vending key.</summary>
    public void Dispose()
    {
        _workspace?.Dispose();
        _keys.Dispose();
    }

    private unsafe int IssueMany(ReadOnlySpan<BulkRequest> requests, Span<byte> digits)
    {
        _workspace ??= new BulkWorkspace();
        using var lease = _workspace.Lease();
        var engine = _workspace.EngineFor(requests.Length);
        var count = Math.Min(engine.Blocks, requests.Length);
        for (var i = 0; i < count; i++)
        {
            ref readonly var request = ref requests[i];
            engine.Data[i] = (request.Content.Data << 16) | (ulong)request.Content.Class;
            engine.Pans[i] = _keys.KeyedPan(request.MeterPan);
            engine.TariffIndexes[i] = (ulong)request.TariffIndex.Value;
        }

        _keys.Derive(engine, count);
        engine.Encrypt(_keys.IsEa11);
        // The keys are used up: their place takes the classes and the numbers in halves.
        for (var i = 0; i < count; i++)
            engine.KeyHigh[i] = (ulong)requests[i].Content.Class;
        BulkDigits.Write(engine.Data, engine.KeyHigh, engine.KeyLow, count, digits);
        if (!engine.IsEncryptionTested)
            TestEngine(engine, requests[..count], digits);
        return count;
    }

    // Token i is in word i mod words of its slice and in lane i mod 16 of the hash: an odd step comes through every
    // word and lane.
    private void TestEngine(SlicedEngine engine, ReadOnlySpan<BulkRequest> requests, Span<byte> digits)
    {
        Span<byte> expected = stackalloc byte[Token66.Digits];
        for (var i = 0; i < requests.Length; i += SelfTestStep)
        {
            IssueOne(requests[i], expected);
            if (expected.SequenceEqual(digits.Slice(i * Token66.Digits, Token66.Digits)))
                continue;
            digits[..(requests.Length * Token66.Digits)].Clear();
            throw new SelfTestException("bulk issue");
        }

        engine.IsEncryptionTested = true;
    }

    private void IssueOne(in BulkRequest request, Span<byte> digits)
    {
        var encrypted = _keys.Encrypt(request.MeterPan, request.TariffIndex, request.Content.Seal().Value);
        var token = new Token66(new CipherBlock(request.Content.Class, encrypted));
        DecimalDigits.Write20(token.High, token.Low, digits);
    }
}
