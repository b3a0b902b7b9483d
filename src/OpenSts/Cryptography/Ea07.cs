using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace OpenSts.Cryptography;

/// <summary>EA07, the Standard Transfer Algorithm: 64-bit blocks, 64-bit key, 16 rounds.</summary>
/// <remarks>
/// IEC 62055-41, EA07. A round is a substitution of nibbles and a permutation of bits. Each table entry combines the
/// substitution of one nibble with the permutation after it (encryption) or with the inverse permutation of the next
/// round (decryption). The index of an entry is the nibble, with the key bit as fifth bit.
/// </remarks>
internal static class Ea07
{
    private const int Rounds = 16;
    private const ulong NibbleOfOctet = 0x0F0F0F0F0F0F0F0F;
    private const ulong KeyBitOfOctet = 0x1010101010101010;
    private const ulong TopBitOfNibble = 0x8888888888888888;
    private const ulong LowBitOfNibble = 0x1111111111111111;

    private static readonly byte[] InversePermutation = Inverse(Ea07Tables.Permutation);
    private static readonly ulong[] EncryptionTables =
        Combine(Ea07Tables.Substitution1, Ea07Tables.Substitution2, Ea07Tables.Permutation);

    // Encryption complements the key and decryption does not, so the two substitutions are exchanged.
    private static readonly ulong[] DecryptionTables = Combine(
        Inverse(Ea07Tables.Substitution2), Inverse(Ea07Tables.Substitution1), InversePermutation);

    private static readonly ulong[] LastDecryptionTables = Combine(
        Inverse(Ea07Tables.Substitution2), Inverse(Ea07Tables.Substitution1), IdentityPermutation());

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
            var tables = EncryptionTables;
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
            var tables = DecryptionTables;
            for (var round = 1; round < Rounds; round++)
            {
                block = Substitute(tables, block, key, LowBitOfNibble);
                key = BitOperations.RotateRight(key, 1);
            }

            return Substitute(LastDecryptionTables, block, key, LowBitOfNibble);
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
            var low = Bmi2.X64.ParallelBitDeposit(block, NibbleOfOctet)
                | Bmi2.X64.ParallelBitDeposit(bits, KeyBitOfOctet);
            var high = Bmi2.X64.ParallelBitDeposit(block >> 32, NibbleOfOctet)
                | Bmi2.X64.ParallelBitDeposit(bits >> 8, KeyBitOfOctet);
            ref var table = ref MemoryMarshal.GetArrayDataReference(tables);
            // Combined as a tree: a chain of 16 operations would dominate the latency of the round.
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

    // The low octet of the index is at most 31, so the entry is one of the 32 of the nibble.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Entry(ref ulong table, [ConstantExpected] int nibble, ulong index) =>
        Unsafe.Add(ref Unsafe.Add(ref table, nibble * 32), unchecked((nint)(byte)index));

    private static ulong SubstituteNibbles(ulong[] tables, ulong block, ulong key, int keyBit)
    {
        unchecked
        {
            var result = 0ul;
            for (var n = 0; n < 16; n++)
            {
                var nibble = (int)((block >> (4 * n)) & 15);
                var bit = (int)((key >> ((4 * n) + keyBit)) & 1);
                result |= tables[(n << 5) | (bit << 4) | nibble];
            }

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
                table[(octet << 8) | value] = PermuteBits((ulong)value << (8 * octet), InversePermutation);
        }

        return table;
    }

    private static ulong[] Combine(
        ReadOnlySpan<byte> keyBit0, ReadOnlySpan<byte> keyBit1, ReadOnlySpan<byte> permutation)
    {
        var table = new ulong[16 * 32];
        for (var n = 0; n < 16; n++)
        {
            for (var i = 0; i < 16; i++)
            {
                table[(n << 5) | i] = PermuteBits((ulong)keyBit0[i] << (4 * n), permutation);
                table[(n << 5) | 16 | i] = PermuteBits((ulong)keyBit1[i] << (4 * n), permutation);
            }
        }

        return table;
    }

    private static ulong PermuteBits(ulong bits, ReadOnlySpan<byte> permutation)
    {
        var permuted = 0ul;
        for (var i = 0; i < 64; i++)
            permuted |= ((bits >> i) & 1) << permutation[i];
        return permuted;
    }

    private static byte[] Inverse(ReadOnlySpan<byte> table)
    {
        var inverse = new byte[table.Length];
        for (var i = 0; i < table.Length; i++)
            inverse[table[i]] = (byte)i;
        return inverse;
    }

    private static byte[] IdentityPermutation()
    {
        var permutation = new byte[64];
        for (var i = 0; i < 64; i++)
            permutation[i] = (byte)i;
        return permutation;
    }
}
