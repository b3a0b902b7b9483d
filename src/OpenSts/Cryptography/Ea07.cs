using System.Numerics;

namespace OpenSts.Cryptography;

/// <summary>EA07, the Standard Transfer Algorithm: 64-bit blocks, 64-bit key, 16 rounds of substitution and permutation.</summary>
/// <remarks>IEC 62055-41, EA07.</remarks>
internal static class Ea07
{
    private const int Rounds = 16;

    // For each nibble and each of its 32 inputs (key bit on top): the nibble substituted and permuted.
    private static readonly ulong[] Forward = JoinedForward();

    // For each nibble and each of its 32 inputs: the nibble substituted back, to be placed where it stood.
    private static readonly byte[] Back = SubstitutedBack();
    private static readonly ulong[] PermutedBack = JoinedBack();

    public static ulong Encrypt(ulong key, ulong block)
    {
        unchecked
        {
            var k = BitOperations.RotateRight(~key, 12);
            for (var round = 0; round < Rounds; round++)
            {
                var next = 0ul;
                for (var n = 0; n < 16; n++)
                {
                    var input = (int)((block >> (4 * n)) & 15) | ((int)(k >> ((4 * n) + 3)) & 1) << 4;
                    next |= Forward[(n << 5) | input];
                }

                block = next;
                k = BitOperations.RotateLeft(k, 1);
            }

            return block;
        }
    }

    public static ulong Decrypt(ulong key, ulong block)
    {
        unchecked
        {
            var k = key;
            for (var round = 0; round < Rounds; round++)
            {
                var moved = 0ul;
                for (var b = 0; b < 8; b++)
                    moved |= PermutedBack[(b << 8) | (int)((block >> (8 * b)) & 255)];
                var next = 0ul;
                for (var n = 0; n < 16; n++)
                {
                    var input = (int)((moved >> (4 * n)) & 15) | ((int)(k >> (4 * n)) & 1) << 4;
                    next |= (ulong)Back[input] << (4 * n);
                }

                block = next;
                k = BitOperations.RotateRight(k, 1);
            }

            return block;
        }
    }

    private static ulong[] JoinedForward()
    {
        var table = new ulong[16 * 32];
        for (var n = 0; n < 16; n++)
        {
            for (var input = 0; input < 32; input++)
            {
                var output = (input < 16 ? Ea07Tables.Substitution1 : Ea07Tables.Substitution2)[input & 15];
                for (var bit = 0; bit < 4; bit++)
                {
                    if ((output >> bit & 1) != 0)
                        table[(n << 5) | input] |= 1ul << Ea07Tables.Permutation[(4 * n) + bit];
                }
            }
        }

        return table;
    }

    private static byte[] SubstitutedBack()
    {
        // The tables change places: encryption works on the complemented key.
        var table = new byte[32];
        for (var i = 0; i < 16; i++)
        {
            table[Ea07Tables.Substitution2[i]] = (byte)i;
            table[16 + Ea07Tables.Substitution1[i]] = (byte)i;
        }

        return table;
    }

    private static ulong[] JoinedBack()
    {
        Span<byte> inverse = stackalloc byte[64];
        for (var i = 0; i < 64; i++)
            inverse[Ea07Tables.Permutation[i]] = (byte)i;
        var table = new ulong[8 * 256];
        for (var b = 0; b < 8; b++)
        {
            for (var value = 0; value < 256; value++)
            {
                for (var bit = 0; bit < 8; bit++)
                {
                    if ((value >> bit & 1) != 0)
                        table[(b << 8) | value] |= 1ul << inverse[(8 * b) + bit];
                }
            }
        }

        return table;
    }
}
