using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OpenSts.Cryptography;

/// <summary>The compression function of SHA-256, for the one message length that key derivation has.</summary>
/// <remarks>FIPS 180-4. The base library hashes too, but cannot start from a state that has already taken the key.</remarks>
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

    /// <summary>Takes 16 words of a message into the state. The words are used up.</summary>
    [SkipLocalsInit]
    public static void Compress(Span<uint> state, Span<uint> words)
    {
        unchecked
        {
            _ = words[15];
            _ = state[7];
            // References in place of indexed spans: every index below is a constant or masked to its range.
            ref var w = ref MemoryMarshal.GetReference(words);
            ref var k = ref MemoryMarshal.GetReference(RoundConstants);
            uint a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
            Sixteen(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, ref w, ref k);
            for (var i = 16; i < 64; i += 16)
            {
                Extend(ref w);
                Sixteen(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, ref w, ref Unsafe.Add(ref k, i));
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

    /// <summary>Reads 64 octets as 16 words.</summary>
    public static void ReadWords(ReadOnlySpan<byte> octets, Span<uint> words)
    {
        for (var i = 0; i < 16; i++)
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(octets[(4 * i)..]);
    }

    // The schedule lives in 16 words, replaced by the next 16 at once.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Extend(ref uint w)
    {
        unchecked
        {
            Next(ref w, 0, 1, 9, 14);
            Next(ref w, 1, 2, 10, 15);
            Next(ref w, 2, 3, 11, 0);
            Next(ref w, 3, 4, 12, 1);
            Next(ref w, 4, 5, 13, 2);
            Next(ref w, 5, 6, 14, 3);
            Next(ref w, 6, 7, 15, 4);
            Next(ref w, 7, 8, 0, 5);
            Next(ref w, 8, 9, 1, 6);
            Next(ref w, 9, 10, 2, 7);
            Next(ref w, 10, 11, 3, 8);
            Next(ref w, 11, 12, 4, 9);
            Next(ref w, 12, 13, 5, 10);
            Next(ref w, 13, 14, 6, 11);
            Next(ref w, 14, 15, 7, 12);
            Next(ref w, 15, 0, 8, 13);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Next(ref uint w, int i, int after1, int after9, int after14)
    {
        unchecked
        {
            var w15 = Unsafe.Add(ref w, after1);
            var w2 = Unsafe.Add(ref w, after14);
            var s0 = BitOperations.RotateRight(w15, 7) ^ BitOperations.RotateRight(w15, 18) ^ (w15 >> 3);
            var s1 = BitOperations.RotateRight(w2, 17) ^ BitOperations.RotateRight(w2, 19) ^ (w2 >> 10);
            Unsafe.Add(ref w, i) += s0 + Unsafe.Add(ref w, after9) + s1;
        }
    }

    private static void Sixteen(
        ref uint sa, ref uint sb, ref uint sc, ref uint sd, ref uint se, ref uint sf, ref uint sg, ref uint sh, ref uint w, ref uint k)
    {
        unchecked
        {
            uint a = sa, b = sb, c = sc, d = sd, e = se, f = sf, g = sg, h = sh;
            for (var i = 0; i < 16; i += 8)
            {
                Round(a, b, c, ref d, e, f, g, ref h, Unsafe.Add(ref k, i) + Unsafe.Add(ref w, i));
                Round(h, a, b, ref c, d, e, f, ref g, Unsafe.Add(ref k, i + 1) + Unsafe.Add(ref w, i + 1));
                Round(g, h, a, ref b, c, d, e, ref f, Unsafe.Add(ref k, i + 2) + Unsafe.Add(ref w, i + 2));
                Round(f, g, h, ref a, b, c, d, ref e, Unsafe.Add(ref k, i + 3) + Unsafe.Add(ref w, i + 3));
                Round(e, f, g, ref h, a, b, c, ref d, Unsafe.Add(ref k, i + 4) + Unsafe.Add(ref w, i + 4));
                Round(d, e, f, ref g, h, a, b, ref c, Unsafe.Add(ref k, i + 5) + Unsafe.Add(ref w, i + 5));
                Round(c, d, e, ref f, g, h, a, ref b, Unsafe.Add(ref k, i + 6) + Unsafe.Add(ref w, i + 6));
                Round(b, c, d, ref e, f, g, h, ref a, Unsafe.Add(ref k, i + 7) + Unsafe.Add(ref w, i + 7));
            }

            sa = a;
            sb = b;
            sc = c;
            sd = d;
            se = e;
            sf = f;
            sg = g;
            sh = h;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(uint a, uint b, uint c, ref uint d, uint e, uint f, uint g, ref uint h, uint constantAndWord)
    {
        unchecked
        {
            var t = h + constantAndWord + (g ^ (e & (f ^ g))) + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25));
            d += t;
            h = t + ((a & b) | ((a ^ b) & c)) + (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22));
        }
    }
}
