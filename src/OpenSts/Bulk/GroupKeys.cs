using System.Buffers.Binary;
using OpenSts.Cryptography;
using OpenSts.Keys;

namespace OpenSts.Bulk;

/// <summary>Derives the decoder keys of the meters of one supply group, many at once or one by one.</summary>
/// <remarks>
/// Holds a reference to the vending key from construction to disposal, so that a single token pays nothing for its
/// lease. The caller must keep it alive for the whole call.
/// </remarks>
internal sealed class GroupKeys : IDisposable
{
    private readonly VendingKey _vendingKey;
    private readonly DerivationMessage _message;
    private readonly KeyType _keyType;
    private readonly ulong _controlBlock;
    private readonly bool _isDkga02;
    private bool _isRetained;

    public GroupKeys(VendingKey vendingKey, DecoderKeyAttributes common)
    {
        ArgumentNullException.ThrowIfNull(vendingKey);
        ArgumentNullException.ThrowIfNull(common);
        var fault = DecoderKeyGeneration.Check(
            vendingKey.Bits, common.EncryptionAlgorithm, common.DecoderKeyGenerationAlgorithm);
        if (fault != DecoderKeyFault.None)
            throw new ArgumentException(fault.Describe(common), nameof(common));

        _vendingKey = vendingKey;
        _message = new DerivationMessage(common);
        _keyType = common.KeyType;
        _controlBlock = DecoderKeyGeneration.ControlBlock(common with { TariffIndex = default });
        _isDkga02 = common.DecoderKeyGenerationAlgorithm == DecoderKeyGenerationAlgorithm.Dkga02;
        IsEa11 = common.EncryptionAlgorithm == EncryptionAlgorithm.Ea11;
        vendingKey.Retain();
        _isRetained = true;
    }

    ~GroupKeys() => Release();

    public bool IsEa11 { get; }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    public ulong KeyedPan(MeterPan pan) => DecoderKeyGeneration.KeyedPan(pan, _keyType);

    /// <summary>Derives a key for each of the engine's first tokens.</summary>
    public void Derive(SlicedEngine engine, int count)
    {
        ObjectDisposedException.ThrowIf(!_isRetained, this);
        using var lease = _vendingKey.Lease();
        if (_isDkga02)
            engine.DeriveDkga02(lease, _controlBlock);
        else
            engine.DeriveDkga04(lease, _message, count, IsEa11);
    }

    public ulong Encrypt(MeterPan pan, TariffIndex tariffIndex, ulong block) =>
        Transform(pan, tariffIndex, block, encrypt: true);

    public ulong Decrypt(MeterPan pan, TariffIndex tariffIndex, ulong block) =>
        Transform(pan, tariffIndex, block, encrypt: false);

    private unsafe ulong Transform(MeterPan pan, TariffIndex tariffIndex, ulong block, bool encrypt)
    {
        ObjectDisposedException.ThrowIf(!_isRetained, this);
        var key = _vendingKey.Retained;
        ulong result;
        if (_isDkga02)
        {
            var ti = (uint)tariffIndex.Value;
            var input = DecoderKeyGeneration.PanBlock(pan, _keyType) ^ _controlBlock
                ^ ((ulong)(((ti / 10) << 4) | (ti % 10)) << 28);
            var decoderKey = DecoderKeyGeneration.Dkga02(key, input);
            result = encrypt ? Ea07.Encrypt(decoderKey, block) : Ea07.Decrypt(decoderKey, block);
        }
        else
        {
            SelfTests.RequireHmac();
            var words = stackalloc uint[16];
            _message.WriteWords(KeyedPan(pan), (ulong)tariffIndex.Value, words, 1);
            Span<byte> mac = stackalloc byte[32];
            HmacSha256.ComputeBlock(key.Expanded, new Span<uint>(words, 16), mac);
            result = IsEa11 ? TransformEa11(mac, block, encrypt) : TransformEa07(mac, block, encrypt);
            mac.Clear();
        }

        GC.KeepAlive(this);
        return result;
    }

    private static ulong TransformEa07(ReadOnlySpan<byte> mac, ulong block, bool encrypt)
    {
        var key = BinaryPrimitives.ReadUInt64BigEndian(mac);
        return encrypt ? Ea07.Encrypt(key, block) : Ea07.Decrypt(key, block);
    }

    private static ulong TransformEa11(ReadOnlySpan<byte> mac, ulong block, bool encrypt)
    {
        SelfTests.RequireMisty1();
        Span<ushort> schedule = stackalloc ushort[Misty1.ScheduleLength];
        Misty1.ExpandKey(mac[..16], schedule);
        var result = encrypt ? Misty1.Encrypt(schedule, block) : Misty1.Decrypt(schedule, block);
        schedule.Clear();
        return result;
    }

    private void Release()
    {
        if (!_isRetained)
            return;
        _isRetained = false;
        _vendingKey.Release();
    }
}
