using System.Buffers.Binary;
using System.Security.Cryptography;
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
    private const ulong TenTo11 = 100_000_000_000;
    private const ulong TenTo16 = 10_000_000_000_000_000;

    private readonly VendingKey _vendingKey;
    private readonly bool _isDkga02;
    private readonly EncryptionAlgorithm _ea;
    private readonly bool _isCommon;
    private readonly ulong _control;
    private readonly byte[] _message = new byte[DecoderKeyGeneration.MessageLength];

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
        _isDkga02 = common.DecoderKeyGenerationAlgorithm == DecoderKeyGenerationAlgorithm.Dkga02;
        _ea = common.EncryptionAlgorithm;
        _isCommon = common.KeyType == KeyType.Common;
        _control = DecoderKeyGeneration.ControlBlock(common with { TariffIndex = default });
        DecoderKeyGeneration.WriteMessage(common, _message);
    }

    /// <summary>Issues one token for each request.</summary>
    /// <param name="requests">What to issue.</param>
    /// <param name="digits">Receives 20 ASCII digits for each request.</param>
    /// <exception cref="ArgumentException">The destination is too short, or a request is of class 1 or 3.</exception>
    public void Issue(ReadOnlySpan<BulkRequest> requests, Span<byte> digits)
    {
        if (digits.Length / Token66.Digits < requests.Length)
            throw new ArgumentException($"{requests.Length} tokens need {requests.Length * (long)Token66.Digits} octets.", nameof(digits));
        for (var i = 0; i < requests.Length; i++)
        {
            ref readonly var request = ref requests[i];
            var token = new Token66(new CipherBlock(request.Content.Class, Encrypt(request)));
            DecimalDigits.Write20(token.High, token.Low, digits.Slice(i * Token66.Digits, Token66.Digits));
        }
    }

    /// <summary>Clears what was prepared; the vending key stays the caller's.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_message);

    private ulong Encrypt(in BulkRequest request)
    {
        if (request.Content.Class is not (TokenClass.Credit or TokenClass.MeterSpecificManagement))
            throw new ArgumentException($"A token of class {(int)request.Content.Class} is not encrypted.", nameof(request));
        var block = request.Content.Seal().Value;
        if (_isDkga02)
            return Ea07.Encrypt(DecoderKeyGeneration.Dkga02(_vendingKey, BlockInput(request)), block);
        Span<byte> mac = stackalloc byte[32];
        PutMeter(request);
        DecoderKeyGeneration.Dkga04(_vendingKey, _message, mac);
        ulong result;
        if (_ea == EncryptionAlgorithm.Ea07)
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

    // The 16 digits of the PANBlock are the rightmost ones of the MeterPAN without its check digit.
    private ulong BlockInput(in BulkRequest request)
    {
        var digits = request.MeterPan.Value / 10 % TenTo16;
        if (_isCommon)
            digits = digits / TenTo11 * TenTo11;
        return DecimalDigits.ToNibbles(digits) ^ _control ^ (DecimalDigits.ToNibbles((ulong)request.TariffIndex.Value) << 28);
    }

    private void PutMeter(in BulkRequest request)
    {
        var ti = request.TariffIndex.Value;
        _message[DecoderKeyGeneration.TariffIndexOffset] = (byte)('0' + (ti / 10));
        _message[DecoderKeyGeneration.TariffIndexOffset + 1] = (byte)('0' + (ti % 10));
        if (_isCommon)
            return;
        var pan = request.MeterPan.Value;
        var upper = pan / 10_000_000_000_000_000;
        var rest = pan % 10_000_000_000_000_000;
        var at = _message.AsSpan(DecoderKeyGeneration.MeterPanOffset);
        at[0] = (byte)('0' + (upper / 10));
        at[1] = (byte)('0' + (upper % 10));
        BinaryPrimitives.WriteUInt64LittleEndian(at[2..], DecimalDigits.Octets8(rest / 100_000_000) + 0x3030303030303030);
        BinaryPrimitives.WriteUInt64LittleEndian(at[10..], DecimalDigits.Octets8(rest % 100_000_000) + 0x3030303030303030);
    }
}
