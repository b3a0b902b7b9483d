using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OpenSts.Cryptography;

/// <summary>The 16-bit CRC of a token.</summary>
/// <remarks>
/// IEC 62055-41, CRC and CRC_C: preset FFFFh, reflected polynomial A001h, over seven octets with the class and the 48
/// data bits, and for CRC_C one more octet 01h; the two octets of the result are swapped.
/// </remarks>
internal static class TokenCrc
{
    private const int Octets = 7;

    // Entry 256 i + v: the contribution of value v of octet i to the final register. The CRC is linear, so the
    // contributions are combined by exclusive or.
    private static readonly ushort[] CrcTables = BuildTables(Octets);
    private static readonly ushort[] CurrencyTables = BuildTables(Octets + 1);
    private static readonly ushort CrcStart = Register(0, Octets);
    private static readonly ushort CurrencyStart = Register(1, Octets + 1);

    public static ushort Compute(int tokenClass, ulong data48) =>
        Swapped(Sum(CrcTables, CrcStart, tokenClass, data48));

    public static ushort ComputeCurrency(int tokenClass, ulong data48) =>
        Swapped(Sum(CurrencyTables, CurrencyStart, tokenClass, data48));

    private static int Sum(ushort[] tables, ushort start, int tokenClass, ulong data48)
    {
        unchecked
        {
            ref var table = ref MemoryMarshal.GetArrayDataReference(tables);
            return (start ^ Unsafe.Add(ref table, tokenClass & 3))
                ^ (Entry(ref table, 256, data48 >> 40) ^ Entry(ref table, 512, data48 >> 32))
                ^ ((Entry(ref table, 768, data48 >> 24) ^ Entry(ref table, 1024, data48 >> 16))
                    ^ (Entry(ref table, 1280, data48 >> 8) ^ Entry(ref table, 1536, data48)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Entry(ref ushort table, int octet, ulong value) =>
        Unsafe.Add(ref Unsafe.Add(ref table, octet), unchecked((nint)(byte)value));

    private static ushort Swapped(int crc) => unchecked((ushort)((crc >> 8) | (crc << 8)));

    private static ushort[] BuildTables(int length)
    {
        var start = Register(0, length);
        var tables = new ushort[Octets * 256];
        for (var octet = 0; octet < Octets; octet++)
        {
            for (var value = 0; value < 256; value++)
            {
                var register = Register((UInt128)(uint)value << (8 * (length - 1 - octet)), length);
                tables[(octet * 256) + value] = (ushort)(start ^ register);
            }
        }

        return tables;
    }

    // The definition, bit by bit: the most significant octet first, the least significant bit of an octet first.
    private static ushort Register(UInt128 octets, int length)
    {
        var crc = 0xFFFF;
        for (var i = length - 1; i >= 0; i--)
        {
            crc ^= (int)((octets >> (8 * i)) & 255);
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1;
        }

        return (ushort)crc;
    }
}
