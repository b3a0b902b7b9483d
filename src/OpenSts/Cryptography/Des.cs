using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OpenSts.Cryptography;

/// <summary>Single DES of one block, for DKGA02. Every key is accepted; parity bits are ignored.</summary>
/// <remarks>FIPS 46-3. The base library rejects weak keys, and a published vending key may be weak.</remarks>
internal static class Des
{
    private static readonly uint[] CombinedTables = CombineTables();

    internal static ReadOnlySpan<byte> RoundPermutation =>
    [
        16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10,
        2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25,
    ];

    internal static ReadOnlySpan<byte> PermutedChoice1 =>
    [
        57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
        63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
    ];

    internal static ReadOnlySpan<byte> PermutedChoice2 =>
    [
        14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
        41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
    ];

    internal static ReadOnlySpan<byte> Substitutions =>
    [
        14, 4, 13, 1, 2, 15, 11, 8, 3, 10, 6, 12, 5, 9, 0, 7, 0, 15, 7, 4, 14, 2, 13, 1, 10, 6, 12, 11, 9, 5, 3, 8,
        4, 1, 14, 8, 13, 6, 2, 11, 15, 12, 9, 7, 3, 10, 5, 0, 15, 12, 8, 2, 4, 9, 1, 7, 5, 11, 3, 14, 10, 0, 6, 13,
        15, 1, 8, 14, 6, 11, 3, 4, 9, 7, 2, 13, 12, 0, 5, 10, 3, 13, 4, 7, 15, 2, 8, 14, 12, 0, 1, 10, 6, 9, 11, 5,
        0, 14, 7, 11, 10, 4, 13, 1, 5, 8, 12, 6, 9, 3, 2, 15, 13, 8, 10, 1, 3, 15, 4, 2, 11, 6, 7, 12, 0, 5, 14, 9,
        10, 0, 9, 14, 6, 3, 15, 5, 1, 13, 12, 7, 11, 4, 2, 8, 13, 7, 0, 9, 3, 4, 6, 10, 2, 8, 5, 14, 12, 11, 15, 1,
        13, 6, 4, 9, 8, 15, 3, 0, 11, 1, 2, 12, 5, 10, 14, 7, 1, 10, 13, 0, 6, 9, 8, 7, 4, 15, 14, 3, 11, 5, 2, 12,
        7, 13, 14, 3, 0, 6, 9, 10, 1, 2, 8, 5, 11, 12, 4, 15, 13, 8, 11, 5, 6, 15, 0, 3, 4, 7, 2, 12, 1, 10, 14, 9,
        10, 6, 9, 0, 12, 11, 7, 13, 15, 1, 3, 14, 5, 2, 8, 4, 3, 15, 0, 6, 10, 1, 13, 8, 9, 4, 5, 11, 12, 7, 2, 14,
        2, 12, 4, 1, 7, 10, 11, 6, 8, 5, 3, 15, 13, 0, 14, 9, 14, 11, 2, 12, 4, 7, 13, 1, 5, 0, 15, 10, 3, 9, 8, 6,
        4, 2, 1, 11, 10, 13, 7, 8, 15, 9, 12, 5, 6, 3, 0, 14, 11, 8, 12, 7, 1, 14, 2, 13, 6, 15, 0, 9, 10, 4, 5, 3,
        12, 1, 10, 15, 9, 2, 6, 8, 0, 13, 3, 4, 14, 7, 5, 11, 10, 15, 4, 2, 7, 12, 9, 5, 6, 1, 13, 14, 0, 11, 3, 8,
        9, 14, 15, 5, 2, 8, 12, 3, 7, 0, 4, 10, 1, 13, 11, 6, 4, 3, 2, 12, 9, 5, 15, 10, 11, 14, 1, 7, 6, 0, 8, 13,
        4, 11, 2, 14, 15, 0, 8, 13, 3, 12, 9, 7, 5, 10, 6, 1, 13, 0, 11, 7, 4, 9, 1, 10, 14, 3, 5, 12, 2, 15, 8, 6,
        1, 4, 11, 13, 12, 3, 7, 14, 10, 15, 6, 8, 0, 5, 9, 2, 6, 11, 13, 8, 1, 4, 10, 7, 9, 5, 0, 15, 14, 2, 3, 12,
        13, 2, 8, 4, 6, 15, 11, 1, 10, 9, 3, 14, 5, 0, 12, 7, 1, 15, 13, 8, 10, 3, 7, 4, 12, 5, 6, 11, 0, 14, 9, 2,
        7, 11, 4, 1, 9, 12, 14, 2, 0, 6, 10, 13, 15, 3, 5, 8, 2, 1, 14, 7, 4, 10, 8, 13, 15, 12, 9, 0, 3, 5, 6, 11,
    ];

    /// <summary>The length of a key schedule in words: two for each round.</summary>
    public const int ScheduleLength = 32;

    public static ulong Encrypt(ulong key, ulong block) => Transform(key, block, encrypt: true);

    public static ulong Decrypt(ulong key, ulong block) => Transform(key, block, encrypt: false);

    /// <summary>
    /// Computes the schedule of a key: for each round the six-bit parts of the even boxes, then those of the odd
    /// boxes.
    /// </summary>
    public static void ExpandKey(ulong key, Span<uint> schedule)
    {
        unchecked
        {
            var permuted = Permute(key, PermutedChoice1, 64);
            var c = (uint)(permuted >> 28);
            var d = (uint)permuted & 0xFFFFFFF;
            for (var round = 0; round < 16; round++)
            {
                var by = round is 0 or 1 or 8 or 15 ? 1 : 2;
                c = ((c << by) | (c >> (28 - by))) & 0xFFFFFFF;
                d = ((d << by) | (d >> (28 - by))) & 0xFFFFFFF;
                var subkey = Permute(((ulong)c << 28) | d, PermutedChoice2, 56);
                uint Part(int box) => (uint)(subkey >> (42 - (6 * box))) & 63;
                schedule[2 * round] = Part(0) | (Part(6) << 8) | (Part(4) << 16) | (Part(2) << 24);
                schedule[(2 * round) + 1] = Part(1) | (Part(7) << 8) | (Part(5) << 16) | (Part(3) << 24);
            }
        }
    }

    public static ulong Encrypt(ReadOnlySpan<uint> schedule, ulong block)
    {
        SelfTests.RequireDes();
        return EncryptUntested(schedule, block);
    }

    internal static ulong EncryptUntested(ReadOnlySpan<uint> schedule, ulong block)
    {
        unchecked
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(schedule.Length, ScheduleLength);
            ref var tables = ref MemoryMarshal.GetArrayDataReference(CombinedTables);
            var (left, right) = InitialPermutation(block);
            for (var round = 0; round < 16; round += 2)
            {
                left ^= Round(ref tables, right, schedule[2 * round], schedule[(2 * round) + 1]);
                right ^= Round(ref tables, left, schedule[(2 * round) + 2], schedule[(2 * round) + 3]);
            }

            return FinalPermutation(right, left);
        }
    }

    private static ulong Transform(ulong key, ulong block, bool encrypt)
    {
        Span<uint> schedule = stackalloc uint[ScheduleLength];
        ExpandKey(key, schedule);
        if (!encrypt)
        {
            for (var round = 0; round < 8; round++)
            {
                var (first, last) = (2 * round, 30 - (2 * round));
                (schedule[first], schedule[last]) = (schedule[last], schedule[first]);
                (schedule[first + 1], schedule[last + 1]) = (schedule[last + 1], schedule[first + 1]);
            }
        }

        var result = Encrypt(schedule, block);
        schedule.Clear();
        return result;
    }

    // The expansion is two rotations: even boxes lie eight bits apart in one, odd boxes in the other.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Round(ref uint tables, uint right, uint evenKey, uint oddKey)
    {
        unchecked
        {
            var even = BitOperations.RotateLeft(right, 5) ^ evenKey;
            var odd = BitOperations.RotateLeft(right, 9) ^ oddKey;
            // Combined as a tree: a chain of eight operations would dominate the latency of the round.
            var q0 = Entry(ref tables, 0, even & 63) | Entry(ref tables, 384, (even >> 8) & 63);
            var q1 = Entry(ref tables, 256, (even >> 16) & 63) | Entry(ref tables, 128, (even >> 24) & 63);
            var q2 = Entry(ref tables, 64, odd & 63) | Entry(ref tables, 448, (odd >> 8) & 63);
            var q3 = Entry(ref tables, 320, (odd >> 16) & 63) | Entry(ref tables, 192, (odd >> 24) & 63);
            return (q0 | q1) | (q2 | q3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Entry(ref uint tables, int box, uint six) =>
        Unsafe.Add(ref Unsafe.Add(ref tables, box), unchecked((nint)six));

    // The initial permutation transposes an 8 by 8 bit matrix and reorders its rows: five exchanges of bit groups.
    private static (uint Left, uint Right) InitialPermutation(ulong block)
    {
        unchecked
        {
            var left = (uint)(block >> 32);
            var right = (uint)block;
            Exchange(ref left, ref right, 4, 0x0F0F0F0F);
            Exchange(ref left, ref right, 16, 0x0000FFFF);
            Exchange(ref right, ref left, 2, 0x33333333);
            Exchange(ref right, ref left, 8, 0x00FF00FF);
            Exchange(ref left, ref right, 1, 0x55555555);
            return (left, right);
        }
    }

    private static ulong FinalPermutation(uint left, uint right)
    {
        unchecked
        {
            Exchange(ref left, ref right, 1, 0x55555555);
            Exchange(ref right, ref left, 8, 0x00FF00FF);
            Exchange(ref right, ref left, 2, 0x33333333);
            Exchange(ref left, ref right, 16, 0x0000FFFF);
            Exchange(ref left, ref right, 4, 0x0F0F0F0F);
            return ((ulong)left << 32) | right;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Exchange(ref uint a, ref uint b, int by, uint mask)
    {
        unchecked
        {
            var differ = ((a >> by) ^ b) & mask;
            b ^= differ;
            a ^= differ << by;
        }
    }

    private static ulong Permute(ulong input, ReadOnlySpan<byte> positions, int width)
    {
        var output = 0ul;
        foreach (var position in positions)
            output = (output << 1) | ((input >> (width - position)) & 1);
        return output;
    }

    private static uint[] CombineTables()
    {
        var table = new uint[8 * 64];
        for (var box = 0; box < 8; box++)
        {
            for (var six = 0; six < 64; six++)
            {
                var row = ((six >> 4) & 2) | (six & 1);
                var nibble = Substitutions[(box * 64) + (row * 16) + ((six >> 1) & 15)];
                table[(box << 6) | six] = (uint)Permute((ulong)nibble << (28 - (4 * box)), RoundPermutation, 32);
            }
        }

        return table;
    }
}
