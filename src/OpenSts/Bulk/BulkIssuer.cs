using System.Buffers.Binary;
using OpenSts.Cryptography;
using OpenSts.Keys;

namespace OpenSts.Bulk;

/// <summary>Issues tokens for many meters of one supply group, each under its own derived key, without allocating.</summary>
/// <remarks>
/// The rules about keys (expiry, key type) are the caller's; this is the computation only. One object serves one thread.
/// What is given on construction is what the meters have in common; <see cref="BulkRequest"/> holds the rest.
/// </remarks>
public sealed class BulkIssuer : IDisposable
{
    private const int FewestForSlices = 64;
    private const int SelfTestStep = 7;
    private readonly VendingKey _vendingKey;
    private readonly BulkMeters _meters;
    private SlicedIssuer? _sliced;
    private bool _isSlicedTested;

    /// <summary>Prepares for the meters of a group.</summary>
    /// <param name="vendingKey">The group's key; the caller disposes it, after this object.</param>
    /// <param name="common">What the meters have in common; its MeterPAN and tariff index are not looked at.</param>
    /// <exception cref="ArgumentException">The algorithms or the vending key do not fit; the message says which.</exception>
    public BulkIssuer(VendingKey vendingKey, DecoderKeyAttributes common)
    {
        ArgumentNullException.ThrowIfNull(vendingKey);
        ArgumentNullException.ThrowIfNull(common);
        var fault = DecoderKeyGeneration.Check(vendingKey.Bits, common.EncryptionAlgorithm, common.DecoderKeyGenerationAlgorithm);
        if (fault != DecoderKeyFault.None)
            throw new ArgumentException(fault.Describe(common), nameof(common));
        _vendingKey = vendingKey;
        _meters = new BulkMeters(common);
    }

    /// <summary>Issues one token for each request.</summary>
    /// <param name="requests">What to issue.</param>
    /// <param name="digits">Receives 20 ASCII digits for each request.</param>
    /// <exception cref="ArgumentException">The destination is too short, or a request is of class 1 or 3.</exception>
    public void Issue(ReadOnlySpan<BulkRequest> requests, Span<byte> digits)
    {
        if (digits.Length / Token66.Digits < requests.Length)
            throw new ArgumentException($"{requests.Length} tokens need {requests.Length * (long)Token66.Digits} octets.", nameof(digits));
        foreach (ref readonly var request in requests)
        {
            if (request.Content.Class is not (TokenClass.Credit or TokenClass.MeterSpecificManagement))
                throw new ArgumentException($"A token of class {(int)request.Content.Class} is not encrypted.", nameof(requests));
        }

        // One lease for the whole call: the key is not released while any of its tokens is made.
        using var lease = _vendingKey.Lease();
        if (requests.Length >= FewestForSlices)
            IssueSliced(lease, ref requests, ref digits);
        for (var i = 0; i < requests.Length; i++)
            IssueOne(lease, requests[i], digits.Slice(i * Token66.Digits, Token66.Digits));
    }

    /// <summary>Clears what was prepared; the vending key stays the caller's.</summary>
    public void Dispose() => _sliced?.Dispose();

    // As many whole blocks of slices as there are; what is left over is issued one by one.
    private void IssueSliced(in VendingKey.VendingKeyLease lease, ref ReadOnlySpan<BulkRequest> requests, ref Span<byte> digits)
    {
        _sliced ??= SlicedIssuer.Create(lease, _meters);
        while (requests.Length >= _sliced.Blocks)
        {
            _sliced.Issue(lease, requests[.._sliced.Blocks], digits);
            if (!_isSlicedTested)
                TestSliced(lease, requests[.._sliced.Blocks], digits);
            requests = requests[_sliced.Blocks..];
            digits = digits[(_sliced.Blocks * Token66.Digits)..];
        }
    }

    // The self test of the sliced way: tokens of the first block must be those of the tested one-by-one ciphers. Block i is in
    // word i mod words of its slice and in lane i mod 16 of the hash: a step that is odd comes through every word and every lane.
    private void TestSliced(in VendingKey.VendingKeyLease lease, ReadOnlySpan<BulkRequest> requests, Span<byte> digits)
    {
        Span<byte> expected = stackalloc byte[Token66.Digits];
        for (var i = 0; i < requests.Length; i += SelfTestStep)
        {
            IssueOne(lease, requests[i], expected);
            if (expected.SequenceEqual(digits.Slice(i * Token66.Digits, Token66.Digits)))
                continue;
            digits[..(requests.Length * Token66.Digits)].Clear();
            throw new SelfTestException("bulk issue");
        }

        _isSlicedTested = true;
    }

    private void IssueOne(in VendingKey.VendingKeyLease lease, in BulkRequest request, Span<byte> digits)
    {
        var token = new Token66(new CipherBlock(request.Content.Class, Encrypt(lease, request)));
        DecimalDigits.Write20(token.High, token.Low, digits);
    }

    private ulong Encrypt(in VendingKey.VendingKeyLease lease, in BulkRequest request)
    {
        var block = request.Content.Seal().Value;
        if (_meters.IsDkga02)
            return Ea07.Encrypt(DecoderKeyGeneration.Dkga02(lease, _meters.BlockInput(request)), block);
        Span<byte> mac = stackalloc byte[32];
        DecoderKeyGeneration.Dkga04(lease, _meters.Message(request), mac);
        ulong result;
        if (_meters.Algorithm == EncryptionAlgorithm.Ea07)
        {
            result = Ea07.Encrypt(BinaryPrimitives.ReadUInt64BigEndian(mac), block);
        }
        else
        {
            SelfTests.RequireMisty1();
            Span<ushort> schedule = stackalloc ushort[Misty1.ScheduleLength];
            Misty1.ExpandKey(mac[..16], schedule);
            result = Misty1.Encrypt(schedule, block);
            schedule.Clear();
        }

        mac.Clear();
        return result;
    }
}
