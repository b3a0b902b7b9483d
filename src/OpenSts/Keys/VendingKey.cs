using System.Buffers.Binary;
using System.Runtime.InteropServices;
using OpenSts.Cryptography;

namespace OpenSts.Keys;

/// <summary>The secret of a supply group from which its meters' decoder keys are derived.</summary>
/// <remarks>
/// IEC 62055-41: 64 bits for DKGA02, 160 bits for DKGA04. Comes in through <see cref="Hazmat"/>; cleared on dispose.
/// Parity bits of a 64-bit key are used as loaded (a reading, see docs/standard/readings.md).
/// </remarks>
public sealed class VendingKey : IDisposable
{
    private readonly SecretBytes _bytes;
    private readonly SecretBytes _expanded;

    internal VendingKey(ReadOnlySpan<byte> bytes)
    {
        _bytes = new SecretBytes(bytes);
        Span<uint> words = stackalloc uint[Math.Max(Des.ScheduleLength, HmacSha256.KeyedStateLength)];
        words.Clear();
        if (bytes.Length == 8)
            Des.ExpandKey(BinaryPrimitives.ReadUInt64BigEndian(bytes), words);
        else
            HmacSha256.ExpandKey(bytes, words);
        _expanded = new SecretBytes(MemoryMarshal.AsBytes(words));
        words.Clear();
    }

    /// <summary>The key's length in bits.</summary>
    public int Bits => _bytes.Length * 8;

    internal ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>What every derivation starts from: the DES schedule of a 64-bit key, the keyed HMAC states of a longer one.</summary>
    internal ReadOnlySpan<uint> Expanded => MemoryMarshal.Cast<byte, uint>(_expanded.Span);

    /// <summary>The length in bits a vending key must have for that algorithm: 64 or 160.</summary>
    public static int RequiredBits(DecoderKeyGenerationAlgorithm dkga) => dkga switch
    {
        DecoderKeyGenerationAlgorithm.Dkga01 or DecoderKeyGenerationAlgorithm.Dkga02 => 64,
        DecoderKeyGenerationAlgorithm.Dkga03 => 128,
        DecoderKeyGenerationAlgorithm.Dkga04 => 160,
        _ => throw new ArgumentOutOfRangeException(nameof(dkga), dkga, null),
    };

    /// <summary>Clears the key.</summary>
    public void Dispose()
    {
        _bytes.Dispose();
        _expanded.Dispose();
    }

    /// <summary>Says what it is, never what it holds.</summary>
    public override string ToString() => $"(vending key, {Bits} bits)";
}
