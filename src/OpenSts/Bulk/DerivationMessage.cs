using System.Buffers.Binary;
using System.Runtime.InteropServices;
using OpenSts.Cryptography;
using OpenSts.Keys;

namespace OpenSts.Bulk;

/// <summary>
/// The message of DKGA04 for meters that differ in MeterPAN and tariff index only, as one padded block of SHA-256.
/// </summary>
internal sealed class DerivationMessage
{
    private const ulong TenTo8 = 100_000_000;
    private const ulong TenTo16 = 10_000_000_000_000_000;
    private const ulong Ascii = 0x3030303030303030;
    private const int BlockLength = 64;

    private readonly byte[] _block = new byte[BlockLength];

    public DerivationMessage(DecoderKeyAttributes common)
    {
        DecoderKeyGeneration.WriteMessage(common, _block);
        // The padding of the inner hash, which has taken one block of key before this one.
        _block[DecoderKeyGeneration.MessageLength] = 0x80;
        BinaryPrimitives.WriteUInt32BigEndian(_block.AsSpan(60),
            (BlockLength + DecoderKeyGeneration.MessageLength) * 8);
    }

    /// <summary>Writes the padded message as 16 words.</summary>
    /// <param name="pan">The MeterPAN as it enters the derivation.</param>
    /// <param name="tariffIndex">0 to 99.</param>
    /// <param name="words">Receives the words.</param>
    /// <param name="stride">How many places each word is from the one before.</param>
    public unsafe void WriteWords(ulong pan, ulong tariffIndex, uint* words, int stride)
    {
        unchecked
        {
            var ti = (uint)tariffIndex;
            _block[DecoderKeyGeneration.TariffIndexOffset] = (byte)('0' + (ti / 10));
            _block[DecoderKeyGeneration.TariffIndexOffset + 1] = (byte)('0' + (ti % 10));
            var upper = pan / TenTo16;
            var rest = pan - (upper * TenTo16);
            var middle = rest / TenTo8;
            var at = _block.AsSpan(DecoderKeyGeneration.MeterPanOffset, 18);
            at[0] = (byte)('0' + (upper / 10));
            at[1] = (byte)('0' + (upper % 10));
            BinaryPrimitives.WriteUInt64LittleEndian(at[2..], DecimalDigits.Octets8(middle) + Ascii);
            var lower = rest - (middle * TenTo8);
            BinaryPrimitives.WriteUInt64LittleEndian(at[10..], DecimalDigits.Octets8(lower) + Ascii);
            Span<uint> bigEndian = stackalloc uint[16];
            MemoryMarshal.Cast<byte, uint>(_block).CopyTo(bigEndian);
            if (BitConverter.IsLittleEndian)
                BinaryPrimitives.ReverseEndianness(bigEndian, bigEndian);
            for (var i = 0; i < bigEndian.Length; i++, words += stride)
                *words = bigEndian[i];
        }
    }
}
