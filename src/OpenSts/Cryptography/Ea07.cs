using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace OpenSts.Cryptography;

/// <summary>EA07, the Standard Transfer Algorithm: 64-bit blocks, 64-bit key, 16 rounds of substitution and permutation.</summary>
/// <remarks>
/// IEC 62055-41, EA07. Each table entry joins the substitution of one nibble with the permutation after it (encryption)
/// or with the inverse permutation of the next round (decryption). The index of an entry is the nibble with its key bit on top.
/// </remarks>
internal static class Ea07
{
    private const int Rounds = 16;
    private const ulong NibbleOfOctet = 0x0F0F0F0F0F0F0F0F;
    private const ulong KeyBitOfOctet = 0x1010101010101010;
    private const ulong TopBitOfNibble = 0x8888888888888888;
    private const ulong LowBitOfNibble = 0x1111111111111111;

    private static readonly byte[] InversePermutation = Inverted();
    private static readonly ulong[] Forward = Joined(Ea07Tables.Substitution1, Ea07Tables.Substitution2, Ea07Tables.Permutation);

    // Decryption works on the complemented key, so the tables change places.
    private static readonly ulong[] Backward = Joined(Inverted(Ea07Tables.Substitution2), Inverted(Ea07Tables.Substitution1), InversePermutation);
    private static readonly ulong[] LastBackward = Joined(Inverted(Ea07Tables.Substitution2), Inverted(Ea07Tables.Substitution1), Unmoved());

    public static ulong Encrypt(ulong key, ulong block)
    {
        SelfTests.RequireEa07();
        return EncryptUntested(key, block);
    }

    public static ulong Decrypt(ulong key, ulong block)
    {
        SelfTests.RequireEa07();
        return DecryptUntested(key, block);
    }

    internal static ulong EncryptUntested(ulong key, ulong block)
    {
        unchecked
        {
            var k = BitOperations.RotateRight(~key, 12);
            var tables = Forward;
            for (var round = 0; round < Rounds; round++)
            {
                block = Substitute(tables, block, k, TopBitOfNibble);
                k = BitOperations.RotateLeft(k, 1);
            }

            return block;
        }
    }

    internal static ulong DecryptUntested(ulong key, ulong block)
    {
        unchecked
        {
            block = Permute(block);
            var tables = Backward;
            for (var round = 1; round < Rounds; round++)
            {
                block = Substitute(tables, block, key, LowBitOfNibble);
                key = BitOperations.RotateRight(key, 1);
            }

            return Substitute(LastBackward, block, key, LowBitOfNibble);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Substitute(ulong[] tables, ulong block, ulong key, ulong keyBits)
    {
        unchecked
        {
            if (!Bmi2.X64.IsSupported)
                return SubstituteNibbles(tables, block, key, keyBits == TopBitOfNibble ? 3 : 0);
            // Each octet of the two words is one table index: the nibble and its key bit.
            var bits = Bmi2.X64.ParallelBitExtract(key, keyBits);
            var low = Bmi2.X64.ParallelBitDeposit(block, NibbleOfOctet) | Bmi2.X64.ParallelBitDeposit(bits, KeyBitOfOctet);
            var high = Bmi2.X64.ParallelBitDeposit(block >> 32, NibbleOfOctet) | Bmi2.X64.ParallelBitDeposit(bits >> 8, KeyBitOfOctet);
            ref var table = ref MemoryMarshal.GetArrayDataReference(tables);
            // Joined as a tree: a chain of 16 would be most of the round's latency.
            var q0 = (Entry(ref table, 0, low) | Entry(ref table, 1, low >> 8))
                | (Entry(ref table, 2, low >> 16) | Entry(ref table, 3, low >> 24));
            var q1 = (Entry(ref table, 4, low >> 32) | Entry(ref table, 5, low >> 40))
                | (Entry(ref table, 6, low >> 48) | Entry(ref table, 7, low >> 56));
            var q2 = (Entry(ref table, 8, high) | Entry(ref table, 9, high >> 8))
                | (Entry(ref table, 10, high >> 16) | Entry(ref table, 11, high >> 24));
            var q3 = (Entry(ref table, 12, high >> 32) | Entry(ref table, 13, high >> 40))
                | (Entry(ref table, 14, high >> 48) | Entry(ref table, 15, high >> 56));
            return (q0 | q1) | (q2 | q3);
        }
    }

    // The index is an octet of at most 31 by construction, so it never leaves the nibble's 32 entries.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Entry(ref ulong table, [ConstantExpected] int nibble, ulong index) =>
        Unsafe.Add(ref Unsafe.Add(ref table, nibble * 32), unchecked((nint)(byte)index));

    private static ulong SubstituteNibbles(ulong[] tables, ulong block, ulong key, int keyBit)
    {
        unchecked
        {
            var result = 0ul;
            for (var n = 0; n < 16; n++)
                result |= tables[(n << 5) | (int)((block >> (4 * n)) & 15) | ((int)((key >> ((4 * n) + keyBit)) & 1) << 4)];
            return result;
        }
    }

    private static ulong Permute(ulong block)
    {
        unchecked
        {
            ref var table = ref MemoryMarshal.GetArrayDataReference(PermutedOctets);
            var result = 0ul;
            for (var octet = 0; octet < 8; octet++)
                result |= Unsafe.Add(ref table, (octet << 8) | (int)(byte)(block >> (8 * octet)));
            return result;
        }
    }

    private static readonly ulong[] PermutedOctets = PermutationByOctets();

    private static ulong[] PermutationByOctets()
    {
        var table = new ulong[8 * 256];
        for (var octet = 0; octet < 8; octet++)
        {
            for (var value = 0; value < 256; value++)
                table[(octet << 8) | value] = Moved((ulong)value << (8 * octet), InversePermutation);
        }

        return table;
    }

    private static ulong[] Joined(ReadOnlySpan<byte> keyBit0, ReadOnlySpan<byte> keyBit1, ReadOnlySpan<byte> places)
    {
        var table = new ulong[16 * 32];
        for (var n = 0; n < 16; n++)
        {
            for (var i = 0; i < 16; i++)
            {
                table[(n << 5) | i] = Moved((ulong)keyBit0[i] << (4 * n), places);
                table[(n << 5) | 16 | i] = Moved((ulong)keyBit1[i] << (4 * n), places);
            }
        }

        return table;
    }

    private static ulong Moved(ulong bits, ReadOnlySpan<byte> places)
    {
        var moved = 0ul;
        for (var i = 0; i < 64; i++)
            moved |= ((bits >> i) & 1) << places[i];
        return moved;
    }

    private static byte[] Inverted() => Inverted(Ea07Tables.Permutation);

    private static byte[] Inverted(ReadOnlySpan<byte> table)
    {
        var inverse = new byte[table.Length];
        for (var i = 0; i < table.Length; i++)
            inverse[table[i]] = (byte)i;
        return inverse;
    }

    private static byte[] Unmoved()
    {
        var places = new byte[64];
        for (var i = 0; i < 64; i++)
            places[i] = (byte)i;
        return places;
    }
}
