using System.Buffers.Binary;
using OpenSts.Cryptography;
using OpenSts.Keys;

namespace OpenSts.Bulk;

/// <summary>What the meters of one bulk issue have in common, and how each one's own numbers go into its key derivation.</summary>
internal sealed class BulkMeters
{
    private const ulong TenTo8 = 100_000_000;
    private const ulong TenTo16 = 10_000_000_000_000_000;
    private const ulong Ascii = 0x3030303030303030;
    private const int BlockLength = 64;

    private readonly KeyType _keyType;
    private readonly ulong _control;
    private readonly byte[] _block = new byte[BlockLength];

    public BulkMeters(DecoderKeyAttributes common)
    {
        IsDkga02 = common.DecoderKeyGenerationAlgorithm == DecoderKeyGenerationAlgorithm.Dkga02;
        Algorithm = common.EncryptionAlgorithm;
        _keyType = common.KeyType;
        _control = DecoderKeyGeneration.ControlBlock(common with { TariffIndex = default });
        DecoderKeyGeneration.WriteMessage(common, _block);
        // The padding of the inner hash: it has taken one block of key before this one.
        _block[DecoderKeyGeneration.MessageLength] = 0x80;
        BinaryPrimitives.WriteUInt32BigEndian(_block.AsSpan(60), (BlockLength + DecoderKeyGeneration.MessageLength) * 8);
    }

    public bool IsDkga02 { get; }

    public EncryptionAlgorithm Algorithm { get; }

    /// <summary>PANBlock xor CONTROLBlock.</summary>
    public ulong BlockInput(in BulkRequest request)
    {
        var ti = (uint)request.TariffIndex.Value;
        return DecoderKeyGeneration.PanBlock(request.MeterPan, _keyType) ^ _control ^ ((ulong)(((ti / 10) << 4) | (ti % 10)) << 28);
    }

    /// <summary>The message that DKGA04 authenticates, 49 octets, valid until the next call.</summary>
    public ReadOnlySpan<byte> Message(in BulkRequest request)
    {
        Put(request);
        return _block.AsSpan(0, DecoderKeyGeneration.MessageLength);
    }

    /// <summary>The padded message as 16 words, <paramref name="stride"/> places apart.</summary>
    public unsafe void PutWords(in BulkRequest request, uint* words, int stride)
    {
        Put(request);
        for (var i = 0; i < 16; i++)
            words[i * stride] = BinaryPrimitives.ReadUInt32BigEndian(_block.AsSpan(4 * i));
    }

    private void Put(in BulkRequest request)
    {
        var ti = request.TariffIndex.Value;
        _block[DecoderKeyGeneration.TariffIndexOffset] = (byte)('0' + (ti / 10));
        _block[DecoderKeyGeneration.TariffIndexOffset + 1] = (byte)('0' + (ti % 10));
        var pan = DecoderKeyGeneration.KeyedPan(request.MeterPan, _keyType);
        var upper = pan / TenTo16;
        var rest = pan - (upper * TenTo16);
        var middle = rest / TenTo8;
        var at = _block.AsSpan(DecoderKeyGeneration.MeterPanOffset, 18);
        at[0] = (byte)('0' + (upper / 10));
        at[1] = (byte)('0' + (upper % 10));
        BinaryPrimitives.WriteUInt64LittleEndian(at[2..], DecimalDigits.Octets8(middle) + Ascii);
        BinaryPrimitives.WriteUInt64LittleEndian(at[10..], DecimalDigits.Octets8(rest - (middle * TenTo8)) + Ascii);
    }
}
