using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace OpenSts.Cryptography;

/// <summary>The compression function of SHA-256, for key derivation.</summary>
/// <remarks>FIPS 180-4. The base library has SHA-256, but cannot start from a keyed state.</remarks>
internal static class Sha256Block
{
    public const int StateLength = 8;

    public static ReadOnlySpan<uint> Initial =>
        [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    public static ReadOnlySpan<uint> RoundConstants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>Hashes one block of 16 words into the state. The words are overwritten.</summary>
    /// <remarks>
    /// The message schedule is computed in vectors, four words at a time, between the rounds that use earlier words.
    /// </remarks>
    [SkipLocalsInit]
    public static void Compress(Span<uint> state, Span<uint> words)
    {
        unchecked
        {
            _ = words[15];
            _ = state[7];
            // References instead of spans save bounds checks: every index is within its range.
            ref var w = ref MemoryMarshal.GetReference(words);
            ref var k = ref MemoryMarshal.GetReference(RoundConstants);
            uint a = state[0], b = state[1], c = state[2], d = state[3];
            uint e = state[4], f = state[5], g = state[6], h = state[7];
            var x0 = Vector128.LoadUnsafe(ref w);
            var x1 = Vector128.LoadUnsafe(ref w, 4);
            var x2 = Vector128.LoadUnsafe(ref w, 8);
            var x3 = Vector128.LoadUnsafe(ref w, 12);
            // From here on, a word is the sum of the message word and the round constant.
            (x0 + Vector128.LoadUnsafe(ref k)).StoreUnsafe(ref w);
            (x1 + Vector128.LoadUnsafe(ref k, 4)).StoreUnsafe(ref w, 4);
            (x2 + Vector128.LoadUnsafe(ref k, 8)).StoreUnsafe(ref w, 8);
            (x3 + Vector128.LoadUnsafe(ref k, 12)).StoreUnsafe(ref w, 12);
            // The rounds are unrolled over local variables: passed by reference, these would be kept in memory.
            // The majority of a, b and c is b ^ ((a ^ b) & (b ^ c)), and b ^ c is a ^ b of the round before.
            var bc = b ^ c;
            for (nuint i = 16; i <= 64; i += 16)
            {
                uint t, ab;
                t = h + w + Choice(e, f, g) + Sum1(e);
                d += t;
                ab = a ^ b;
                h = t + (b ^ (ab & bc)) + Sum0(a);
                bc = ab;
                t = g + Unsafe.Add(ref w, 1) + Choice(d, e, f) + Sum1(d);
                c += t;
                ab = h ^ a;
                g = t + (a ^ (ab & bc)) + Sum0(h);
                bc = ab;
                t = f + Unsafe.Add(ref w, 2) + Choice(c, d, e) + Sum1(c);
                b += t;
                ab = g ^ h;
                f = t + (h ^ (ab & bc)) + Sum0(g);
                bc = ab;
                t = e + Unsafe.Add(ref w, 3) + Choice(b, c, d) + Sum1(b);
                a += t;
                ab = f ^ g;
                e = t + (g ^ (ab & bc)) + Sum0(f);
                bc = ab;
                if (i < 64)
                {
                    x0 = Next(x0, x1, x2, x3);
                    (x0 + Vector128.LoadUnsafe(ref k, i)).StoreUnsafe(ref w);
                }

                t = d + Unsafe.Add(ref w, 4) + Choice(a, b, c) + Sum1(a);
                h += t;
                ab = e ^ f;
                d = t + (f ^ (ab & bc)) + Sum0(e);
                bc = ab;
                t = c + Unsafe.Add(ref w, 5) + Choice(h, a, b) + Sum1(h);
                g += t;
                ab = d ^ e;
                c = t + (e ^ (ab & bc)) + Sum0(d);
                bc = ab;
                t = b + Unsafe.Add(ref w, 6) + Choice(g, h, a) + Sum1(g);
                f += t;
                ab = c ^ d;
                b = t + (d ^ (ab & bc)) + Sum0(c);
                bc = ab;
                t = a + Unsafe.Add(ref w, 7) + Choice(f, g, h) + Sum1(f);
                e += t;
                ab = b ^ c;
                a = t + (c ^ (ab & bc)) + Sum0(b);
                bc = ab;
                if (i < 64)
                {
                    x1 = Next(x1, x2, x3, x0);
                    (x1 + Vector128.LoadUnsafe(ref k, i + 4)).StoreUnsafe(ref w, 4);
                }

                t = h + Unsafe.Add(ref w, 8) + Choice(e, f, g) + Sum1(e);
                d += t;
                ab = a ^ b;
                h = t + (b ^ (ab & bc)) + Sum0(a);
                bc = ab;
                t = g + Unsafe.Add(ref w, 9) + Choice(d, e, f) + Sum1(d);
                c += t;
                ab = h ^ a;
                g = t + (a ^ (ab & bc)) + Sum0(h);
                bc = ab;
                t = f + Unsafe.Add(ref w, 10) + Choice(c, d, e) + Sum1(c);
                b += t;
                ab = g ^ h;
                f = t + (h ^ (ab & bc)) + Sum0(g);
                bc = ab;
                t = e + Unsafe.Add(ref w, 11) + Choice(b, c, d) + Sum1(b);
                a += t;
                ab = f ^ g;
                e = t + (g ^ (ab & bc)) + Sum0(f);
                bc = ab;
                if (i < 64)
                {
                    x2 = Next(x2, x3, x0, x1);
                    (x2 + Vector128.LoadUnsafe(ref k, i + 8)).StoreUnsafe(ref w, 8);
                }

                t = d + Unsafe.Add(ref w, 12) + Choice(a, b, c) + Sum1(a);
                h += t;
                ab = e ^ f;
                d = t + (f ^ (ab & bc)) + Sum0(e);
                bc = ab;
                t = c + Unsafe.Add(ref w, 13) + Choice(h, a, b) + Sum1(h);
                g += t;
                ab = d ^ e;
                c = t + (e ^ (ab & bc)) + Sum0(d);
                bc = ab;
                t = b + Unsafe.Add(ref w, 14) + Choice(g, h, a) + Sum1(g);
                f += t;
                ab = c ^ d;
                b = t + (d ^ (ab & bc)) + Sum0(c);
                bc = ab;
                t = a + Unsafe.Add(ref w, 15) + Choice(f, g, h) + Sum1(f);
                e += t;
                ab = b ^ c;
                a = t + (c ^ (ab & bc)) + Sum0(b);
                bc = ab;
                if (i < 64)
                {
                    x3 = Next(x3, x0, x1, x2);
                    (x3 + Vector128.LoadUnsafe(ref k, i + 12)).StoreUnsafe(ref w, 12);
                }
            }

            state[0] += a;
            state[1] += b;
            state[2] += c;
            state[3] += d;
            state[4] += e;
            state[5] += f;
            state[6] += g;
            state[7] += h;
        }
    }

    /// <summary>Reads 64 bytes as 16 words, most significant byte first.</summary>
    public static void ReadWords(ReadOnlySpan<byte> octets, Span<uint> words)
    {
        for (var i = 0; i < 16; i++)
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(octets[(4 * i)..]);
    }

    // Computes the four words after the sixteen in x0 to x3. Word t depends on word t - 2, so the last two of the four
    // depend on the first two.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Next(Vector128<uint> x0, Vector128<uint> x1, Vector128<uint> x2, Vector128<uint> x3)
    {
        var sum = x0 + Sigma0(After(x0, x1)) + After(x2, x3);
        sum += Sigma1(Vector128.Shuffle(x3, Vector128.Create(2u, 3, 2, 3)))
            & Vector128.Create(uint.MaxValue, uint.MaxValue, 0, 0);
        return sum + (Sigma1(Vector128.Shuffle(sum, Vector128.Create(0u, 1, 0, 1)))
            & Vector128.Create(0, 0, uint.MaxValue, uint.MaxValue));
    }

    // The last three words of the first vector and the first word of the second.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> After(Vector128<uint> first, Vector128<uint> second)
    {
        if (Ssse3.IsSupported)
            return Ssse3.AlignRight(second.AsByte(), first.AsByte(), 4).AsUInt32();
        if (AdvSimd.IsSupported)
            return AdvSimd.ExtractVector128(first, second, 1);
        return Vector128.Create(first[1], first[2], first[3], second[0]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Sigma0(Vector128<uint> x) => RotateRight(x, 7) ^ RotateRight(x, 18) ^ (x >>> 3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Sigma1(Vector128<uint> x) => RotateRight(x, 17) ^ RotateRight(x, 19) ^ (x >>> 10);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> RotateRight(Vector128<uint> x, [ConstantExpected] byte by) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateRight(x, by) : (x >>> by) | (x << (32 - by));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Choice(uint e, uint f, uint g) => g ^ (e & (f ^ g));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Sum0(uint a) =>
        BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Sum1(uint e) =>
        BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
}
