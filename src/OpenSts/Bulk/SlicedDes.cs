using OpenSts.Cryptography;

namespace OpenSts.Bulk;

/// <summary>Single DES over many blocks at once under one key, as DKGA02 needs it.</summary>
internal static unsafe class SlicedDes<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Words of key masks: 48 for each of 16 rounds.</summary>
    public const int MaskLength = 16 * 48;

    private static readonly byte[] InitialPlaces = Initial();
    private static readonly byte[] OutputPlaces = Output();

    /// <summary>Writes the key schedule as masks: all ones for a key bit 1.</summary>
    public static void ExpandKey(ReadOnlySpan<uint> schedule, ulong* masks)
    {
        ReadOnlySpan<byte> evenShift = [0, 0, 24, 0, 16, 0, 8, 0];
        ReadOnlySpan<byte> oddShift = [0, 0, 0, 24, 0, 16, 0, 8];
        for (var round = 0; round < 16; round++)
        {
            for (var box = 0; box < 8; box++)
            {
                var six = box % 2 == 0 ? schedule[2 * round] >> evenShift[box]
                    : schedule[(2 * round) + 1] >> oddShift[box];
                for (var bit = 0; bit < 6; bit++)
                    masks[(round * 48) + (box * 6) + bit] = (six >> (5 - bit) & 1) != 0 ? ulong.MaxValue : 0;
            }
        }
    }

    /// <summary>Encrypts.</summary>
    /// <param name="input">64 slices; unchanged.</param>
    /// <param name="masks">The key.</param>
    /// <param name="output">Receives 64 slices.</param>
    /// <param name="halves">Space for 112 slices.</param>
    public static void Encrypt(T* input, ulong* masks, T* output, T* halves)
    {
        var left = halves;
        var right = halves + 32;
        for (var i = 0; i < 64; i++)
            halves[i] = input[InitialPlaces[i]];
        fixed (byte* places = OutputPlaces)
        {
            for (var round = 0; round < 16; round++)
            {
                Round(left, right, masks + (round * 48), places, halves + 64);
                var swap = left;
                left = right;
                right = swap;
            }
        }

        // The halves change places once more before the final permutation.
        for (var i = 0; i < 32; i++)
        {
            output[InitialPlaces[i]] = right[i];
            output[InitialPlaces[32 + i]] = left[i];
        }
    }

    private static void Round(T* left, T* right, ulong* masks, byte* places, T* expanded)
    {
        // The expansion: each six bits overlap their neighbours by one, the ends by going round.
        for (var box = 0; box < 8; box++)
        {
            for (var bit = 0; bit < 6; bit++)
                expanded[(6 * box) + bit] =
                    T.Xor(right[((4 * box) + bit + 31) & 31], T.Broadcast(masks[(6 * box) + bit]));
        }

        DesCircuit<T>.Box1(expanded, left, places);
        DesCircuit<T>.Box2(expanded + 6, left, places + 4);
        DesCircuit<T>.Box3(expanded + 12, left, places + 8);
        DesCircuit<T>.Box4(expanded + 18, left, places + 12);
        DesCircuit<T>.Box5(expanded + 24, left, places + 16);
        DesCircuit<T>.Box6(expanded + 30, left, places + 20);
        DesCircuit<T>.Box7(expanded + 36, left, places + 24);
        DesCircuit<T>.Box8(expanded + 42, left, places + 28);
    }

    // FIPS 46-3: the permuted bit i (from the left) comes from bit 58, 50, 42 and so on; slices count from the right.
    private static byte[] Initial()
    {
        var places = new byte[64];
        for (var i = 0; i < 64; i++)
            places[i] = (byte)(64 - ((i < 32 ? 58 : 57) + (2 * (i % 32 / 8)) - (8 * (i % 8))));
        return places;
    }

    // Where output bit i of the boxes goes in the half that takes it.
    private static byte[] Output()
    {
        var places = new byte[32];
        for (var i = 0; i < 32; i++)
            places[Des.RoundPermutation[i] - 1] = (byte)i;
        return places;
    }
}
