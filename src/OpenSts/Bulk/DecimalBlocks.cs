using System.Runtime.Intrinsics;

namespace OpenSts.Bulk;

/// <summary>PANBlock and CONTROLBlock of many meters at once, eight to a vector.</summary>
internal static unsafe class DecimalBlocks
{
    private const ulong TenTo8 = 100_000_000;
    private const ulong TenTo16 = 10_000_000_000_000_000;
    private const int TariffIndexShift = 28;

    /// <summary>Writes the DES input of DKGA02 for each meter: PANBlock xor CONTROLBlock.</summary>
    /// <param name="pans">The MeterPANs as they enter the derivation, 18 digits.</param>
    /// <param name="tariffIndexes">0 to 99.</param>
    /// <param name="controlBlock">The CONTROLBlock with tariff index 00.</param>
    /// <param name="inputs">Receives the inputs.</param>
    /// <param name="count">A multiple of 8.</param>
    public static void WriteDkga02Inputs(ulong* pans, ulong* tariffIndexes, ulong controlBlock, ulong* inputs,
        int count)
    {
        unchecked
        {
            for (var i = 0; i < count; i++)
            {
                // The 16 digits before the check digit, as two numbers of eight.
                var digits = pans[i] / 10;
                digits -= digits / TenTo16 * TenTo16;
                var upper = digits / TenTo8;
                inputs[i] = (upper << 32) | (digits - (upper * TenTo8));
            }

            var control = Vector512.Create(controlBlock);
            for (var i = 0; i < count; i += Vector512<ulong>.Count)
            {
                var block = ToNibbles(Vector512.Load(inputs + i)) ^ control;
                (block ^ (ToNibblesOf2(Vector512.Load(tariffIndexes + i)) << TariffIndexShift)).Store(inputs + i);
            }
        }
    }

    // Two numbers of eight digits, one in each half, become 16 nibbles. Each product replaces a division exactly in
    // its range.
    private static Vector512<ulong> ToNibbles(Vector512<ulong> halves)
    {
        // Below 10^8: divided by 10000.
        var upper = ((halves >>> 32) * Vector512.Create(109_951_163ul)) >>> 40;
        var lower = ((halves & Vector512.Create(0xFFFF_FFFFul)) * Vector512.Create(109_951_163ul)) >>> 40;
        var quotients = (upper << 32) | lower;
        var fours = (quotients << 16) | (halves - (quotients * Vector512.Create(10_000ul)));

        // Four numbers below 10000: divided by 100.
        var mask = Vector512.Create(0x0000_007F_0000_007Ful);
        var even = Vector512.Create(0x0000_FFFF_0000_FFFFul);
        quotients = (((fours & even) * Vector512.Create(5243ul)) >>> 19 & mask)
            | (((fours >>> 16 & even) * Vector512.Create(5243ul)) >>> 19 & mask) << 16;
        var twos = (quotients << 8) | (fours - (quotients * Vector512.Create(100ul)));
        return ToNibblesOf2(twos);
    }

    // Eight numbers below 100, one in each byte: the tens move from 10 to 16.
    private static Vector512<ulong> ToNibblesOf2(Vector512<ulong> twos)
    {
        var even = Vector512.Create(0x00FF_00FF_00FF_00FFul);
        var mask = Vector512.Create(0x000F_000F_000F_000Ful);
        var tens = (((twos & even) * Vector512.Create(103ul)) >>> 10 & mask)
            | (((twos >>> 8 & even) * Vector512.Create(103ul)) >>> 10 & mask) << 8;
        return twos + (tens * Vector512.Create(6ul));
    }
}
