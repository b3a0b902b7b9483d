using System.Runtime.CompilerServices;

namespace OpenSts.Bulk;

/// <summary>The substitutions of EA07 for one nibble of many blocks at once.</summary>
/// <remarks>Written by tools/circuits.py; a test compares it with the tables for every input.</remarks>
internal static unsafe class Ea07Circuit<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Encryption. The key bit is that of the decoder key, whose complement chooses the table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Substitute(
        T x0, T x1, T x2, T x3, T decoderKeyBit, T* y0, T* y1, T* y2, T* y3)
    {
        *y0 = T.Select(decoderKeyBit, T.Select(x3, T.Lut3(x2, x1, x0, 0x8D), T.Lut3(x2, x1, x0, 0xAC)), T.Select(x3,
            T.Lut3(x2, x1, x0, 0x0F), T.Lut3(x2, x1, x0, 0xD8)));
        *y1 = T.Select(decoderKeyBit, T.Select(x3, T.Lut3(x2, x1, x0, 0xC4), T.Lut3(x2, x1, x0, 0x67)), T.Select(x3,
            T.Lut3(x2, x1, x0, 0xC9), T.Lut3(x2, x1, x0, 0xB4)));
        *y2 = T.Select(decoderKeyBit, T.Select(x3, T.Lut3(x2, x1, x0, 0x55), T.Lut3(x2, x1, x0, 0x95)), T.Select(x3,
            T.Lut3(x2, x1, x0, 0xAA), T.Lut3(x2, x1, x0, 0x39)));
        *y3 = T.Select(decoderKeyBit, T.Select(x3, T.Lut3(x2, x1, x0, 0xA5), T.Lut3(x2, x1, x0, 0x1B)), T.Select(x3,
            T.Lut3(x2, x1, x0, 0xCD), T.Lut3(x2, x1, x0, 0x0B)));
    }

    /// <summary>Decryption. The key bit is that of the decoder key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SubstituteBack(
        T x0, T x1, T x2, T x3, T decoderKeyBit, T* y0, T* y1, T* y2, T* y3)
    {
        *y0 = T.Select(decoderKeyBit, T.Select(x3, T.Lut3(x2, x1, x0, 0x0F), T.Lut3(x2, x1, x0, 0x2B)), T.Select(x3,
            T.Lut3(x2, x1, x0, 0xE1), T.Lut3(x2, x1, x0, 0x78)));
        *y1 = T.Select(decoderKeyBit, T.Select(x3, T.Lut3(x2, x1, x0, 0x8A), T.Lut3(x2, x1, x0, 0xE6)), T.Select(x3,
            T.Lut3(x2, x1, x0, 0xE6), T.Lut3(x2, x1, x0, 0x0E)));
        *y2 = T.Select(decoderKeyBit, T.Select(x3, T.Lut3(x2, x1, x0, 0x19), T.Lut3(x2, x1, x0, 0x7C)), T.Select(x3,
            T.Lut3(x2, x1, x0, 0x44), T.Lut3(x2, x1, x0, 0xDB)));
        *y3 = T.Select(decoderKeyBit, T.Select(x3, T.Lut3(x2, x1, x0, 0xA9), T.Lut3(x2, x1, x0, 0x53)), T.Select(x3,
            T.Lut3(x2, x1, x0, 0xCE), T.Lut3(x2, x1, x0, 0x31)));
    }
}
