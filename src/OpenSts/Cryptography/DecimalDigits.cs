using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OpenSts.Cryptography;

/// <summary>
/// Fast conversion to decimal digits, for tokens (66 bits) and MeterPANs.
/// </summary>
internal static class DecimalDigits
{
    private const ulong TenTo10 = 10_000_000_000;
    private const ulong Ascii = 0x3030303030303030;

    // 2^64 = QuotientOf2To64 * 10^10 + RemainderOf2To64.
    private const ulong QuotientOf2To64 = 1_844_674_407;
    private const ulong RemainderOf2To64 = 3_709_551_616;

    /// <summary>
    /// Writes the 20 ASCII digits of <paramref name="high"/> * 2^64 + <paramref name="low"/>; high is at most 3.
    /// </summary>
    public static void Write20(uint high, ulong low, Span<byte> digits)
    {
        SplitDigits(high, low, out var upper, out var lower);
        Write10(upper, digits[..10]);
        Write10(lower, digits.Slice(10, 10));
    }

    /// <summary>
    /// Splits <paramref name="high"/> * 2^64 + <paramref name="low"/> into the upper and lower ten digits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SplitDigits(uint high, ulong low, out ulong upper, out ulong lower)
    {
        unchecked
        {
            upper = low / TenTo10;
            lower = low - (upper * TenTo10) + (high * RemainderOf2To64);
            var carry = lower / TenTo10;
            lower -= carry * TenTo10;
            upper += (high * QuotientOf2To64) + carry;
        }
    }

    /// <summary>Writes 20 ASCII digits for each pair of upper and lower ten digits.</summary>
    public static void Write20(ReadOnlySpan<ulong> upper, ReadOnlySpan<ulong> lower, Span<byte> digits)
    {
        _ = digits[(upper.Length * 20) - 1];
        var i = 0;
        if (Avx512DQ.IsSupported)
        {
            Span<ulong> parts = stackalloc ulong[4 * Vector512<ulong>.Count];
            for (; i + Vector512<ulong>.Count <= upper.Length; i += Vector512<ulong>.Count)
            {
                Split(Vector512.Create(upper[i..]), parts);
                Split(Vector512.Create(lower[i..]), parts[(2 * Vector512<ulong>.Count)..]);
                for (var lane = 0; lane < Vector512<ulong>.Count; lane++)
                {
                    var at = digits.Slice((i + lane) * 20, 20);
                    BinaryPrimitives.WriteUInt16LittleEndian(at, unchecked((ushort)parts[lane]));
                    BinaryPrimitives.WriteUInt64LittleEndian(at[2..], parts[8 + lane]);
                    BinaryPrimitives.WriteUInt16LittleEndian(at[10..], unchecked((ushort)parts[16 + lane]));
                    BinaryPrimitives.WriteUInt64LittleEndian(at[12..], parts[24 + lane]);
                }
            }
        }

        for (; i < upper.Length; i++)
        {
            Write10(upper[i], digits.Slice(i * 20, 10));
            Write10(lower[i], digits.Slice((i * 20) + 10, 10));
        }
    }

    /// <summary>The lowest 16 decimal digits, one in each nibble, the first in the upper nibble.</summary>
    public static ulong ToNibbles(ulong value)
    {
        unchecked
        {
            var upper = value / 100_000_000;
            var lower = value - (upper * 100_000_000);
            upper -= upper / 100_000_000 * 100_000_000;
            return (Packed(Octets8(upper)) << 32) | Packed(Octets8(lower));
        }
    }

    /// <summary>
    /// The eight decimal digits of a number below 10^8, one in each octet, the first in the lowest octet.
    /// </summary>
    // Each step divides every lane by 100 or 10 with one multiplication: 10486/2^20 and 103/2^10 give the exact
    // quotient in the range of the lane.
    public static ulong Octets8(ulong value)
    {
        unchecked
        {
            var upper = value / 10_000;
            var lanes = upper | ((value - (upper * 10_000)) << 32);
            var quotients = ((lanes * 10_486) >> 20) & 0x0000007F_0000007F;
            lanes = quotients | ((lanes - (quotients * 100)) << 16);
            quotients = ((lanes * 103) >> 10) & 0x000F000F_000F000F;
            return quotients | ((lanes - (quotients * 10)) << 8);
        }
    }

    // Ten digits as two and eight in ASCII, for eight numbers at once. Each multiplication gives the exact quotient in
    // the range of its operand.
    private static void Split(Vector512<ulong> value, Span<ulong> parts)
    {
        var first2 = ((value >>> 8) * Vector512.Create(45_035_997ul)) >>> 44;
        var last8 = value - (first2 * Vector512.Create(100_000_000ul));
        var tens = (first2 * Vector512.Create(103ul)) >>> 10;
        ((tens | ((first2 - (tens * Vector512.Create(10ul))) << 8)) + Vector512.Create(0x3030ul)).CopyTo(parts);

        var upper = (last8 * Vector512.Create(109_951_163ul)) >>> 40;
        var lanes = upper | ((last8 - (upper * Vector512.Create(10_000ul))) << 32);
        var quotients = ((lanes * Vector512.Create(10_486ul)) >>> 20) & Vector512.Create(0x0000007F_0000007Ful);
        lanes = quotients | ((lanes - (quotients * Vector512.Create(100ul))) << 16);
        quotients = ((lanes * Vector512.Create(103ul)) >>> 10) & Vector512.Create(0x000F000F_000F000Ful);
        ((quotients | ((lanes - (quotients * Vector512.Create(10ul))) << 8)) + Vector512.Create(Ascii))
            .CopyTo(parts[Vector512<ulong>.Count..]);
    }

    private static void Write10(ulong value, Span<byte> digits)
    {
        unchecked
        {
            var first2 = value / 100_000_000;
            var tens = first2 * 103 >> 10;
            digits[0] = (byte)('0' + tens);
            digits[1] = (byte)('0' + first2 - (tens * 10));
            BinaryPrimitives.WriteUInt64LittleEndian(digits[2..], Octets8(value - (first2 * 100_000_000)) + Ascii);
        }
    }

    private static ulong Packed(ulong octets)
    {
        var firstOnTop = BinaryPrimitives.ReverseEndianness(octets);
        if (Bmi2.X64.IsSupported)
            return Bmi2.X64.ParallelBitExtract(firstOnTop, 0x0F0F0F0F0F0F0F0F);
        firstOnTop = (firstOnTop | (firstOnTop >> 4)) & 0x00FF00FF00FF00FF;
        firstOnTop = (firstOnTop | (firstOnTop >> 8)) & 0x0000FFFF0000FFFF;
        return (firstOnTop | (firstOnTop >> 16)) & 0x00000000FFFFFFFF;
    }
}
