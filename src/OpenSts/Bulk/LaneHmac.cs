using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OpenSts.Cryptography;

namespace OpenSts.Bulk;

/// <summary>Several 32-bit words side by side.</summary>
internal interface IWords<T>
    where T : unmanaged, IWords<T>
{
    static abstract T Broadcast(uint word);

    static abstract T Add(T a, T b);

    static abstract T Xor3(T a, T b, T c);

    /// <summary>Where the mask is set the first, elsewhere the second.</summary>
    static abstract T Select(T mask, T whenSet, T whenClear);

    /// <summary>What at least two of the three have.</summary>
    static abstract T Majority(T a, T b, T c);

    static abstract T RotateRight(T a, int by);

    static abstract T ShiftRight(T a, int by);
}

/// <summary>Sixteen words.</summary>
internal readonly struct Words512(Vector512<uint> v) : IWords<Words512>
{
    private readonly Vector512<uint> _v = v;

    public static Words512 Broadcast(uint word) => new(Vector512.Create(word));

    public static Words512 Add(Words512 a, Words512 b) => new(a._v + b._v);

    public static Words512 Xor3(Words512 a, Words512 b, Words512 c) => new(a._v ^ b._v ^ c._v);

    public static Words512 Select(Words512 mask, Words512 whenSet, Words512 whenClear) => new(Vector512.ConditionalSelect(mask._v, whenSet._v, whenClear._v));

    public static Words512 Majority(Words512 a, Words512 b, Words512 c) => new(Vector512.ConditionalSelect(a._v ^ b._v, c._v, b._v));

    public static Words512 RotateRight(Words512 a, int by) => new((a._v >>> by) | (a._v << (32 - by)));

    public static Words512 ShiftRight(Words512 a, int by) => new(a._v >>> by);
}

/// <summary>Eight words.</summary>
internal readonly struct Words256(Vector256<uint> v) : IWords<Words256>
{
    private readonly Vector256<uint> _v = v;

    public static Words256 Broadcast(uint word) => new(Vector256.Create(word));

    public static Words256 Add(Words256 a, Words256 b) => new(a._v + b._v);

    public static Words256 Xor3(Words256 a, Words256 b, Words256 c) => new(a._v ^ b._v ^ c._v);

    public static Words256 Select(Words256 mask, Words256 whenSet, Words256 whenClear) => new(Vector256.ConditionalSelect(mask._v, whenSet._v, whenClear._v));

    public static Words256 Majority(Words256 a, Words256 b, Words256 c) => new(Vector256.ConditionalSelect(a._v ^ b._v, c._v, b._v));

    public static Words256 RotateRight(Words256 a, int by) => new((a._v >>> by) | (a._v << (32 - by)));

    public static Words256 ShiftRight(Words256 a, int by) => new(a._v >>> by);
}

/// <summary>Four words.</summary>
internal readonly struct Words128(Vector128<uint> v) : IWords<Words128>
{
    private readonly Vector128<uint> _v = v;

    public static Words128 Broadcast(uint word) => new(Vector128.Create(word));

    public static Words128 Add(Words128 a, Words128 b) => new(a._v + b._v);

    public static Words128 Xor3(Words128 a, Words128 b, Words128 c) => new(a._v ^ b._v ^ c._v);

    public static Words128 Select(Words128 mask, Words128 whenSet, Words128 whenClear) => new(Vector128.ConditionalSelect(mask._v, whenSet._v, whenClear._v));

    public static Words128 Majority(Words128 a, Words128 b, Words128 c) => new(Vector128.ConditionalSelect(a._v ^ b._v, c._v, b._v));

    public static Words128 RotateRight(Words128 a, int by) => new((a._v >>> by) | (a._v << (32 - by)));

    public static Words128 ShiftRight(Words128 a, int by) => new(a._v >>> by);
}

/// <summary>HMAC-SHA-256 of short messages under one key, one message to each 32-bit lane.</summary>
/// <remarks>FIPS 198-1, FIPS 180-4. A buffer holds word w of every message side by side, then word w + 1.</remarks>
internal static unsafe class LaneHmac<T>
    where T : unmanaged, IWords<T>
{
    /// <summary>Messages at once.</summary>
    public static int Lanes => sizeof(T) / sizeof(uint);

    /// <summary>Authenticates one message in each lane.</summary>
    /// <param name="keyedState">Eight words of the inner state, eight of the outer.</param>
    /// <param name="words">16 words of the padded messages; used up.</param>
    /// <param name="mac">Receives eight words.</param>
    public static void Compute(ReadOnlySpan<uint> keyedState, T* words, T* mac)
    {
        for (var i = 0; i < 8; i++)
            mac[i] = T.Broadcast(keyedState[i]);
        Compress(mac, words);
        for (var i = 0; i < 8; i++)
        {
            words[i] = mac[i];
            words[8 + i] = T.Broadcast(0);
            mac[i] = T.Broadcast(keyedState[8 + i]);
        }

        words[8] = T.Broadcast(0x80000000);
        words[15] = T.Broadcast((64 + 32) * 8);
        Compress(mac, words);
    }

    private static void Compress(T* state, T* w)
    {
        T a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
        var constants = Sha256Block.RoundConstants;
        for (var i = 0; i < 64; i++)
        {
            var word = i < 16 ? w[i] : Extend(w, i);
            var sum1 = T.Xor3(T.RotateRight(e, 6), T.RotateRight(e, 11), T.RotateRight(e, 25));
            var t = T.Add(T.Add(h, T.Broadcast(constants[i])), T.Add(word, T.Add(T.Select(e, f, g), sum1)));
            var sum0 = T.Xor3(T.RotateRight(a, 2), T.RotateRight(a, 13), T.RotateRight(a, 22));
            var rest = T.Add(T.Majority(a, b, c), sum0);
            h = g;
            g = f;
            f = e;
            e = T.Add(d, t);
            d = c;
            c = b;
            b = a;
            a = T.Add(t, rest);
        }

        state[0] = T.Add(state[0], a);
        state[1] = T.Add(state[1], b);
        state[2] = T.Add(state[2], c);
        state[3] = T.Add(state[3], d);
        state[4] = T.Add(state[4], e);
        state[5] = T.Add(state[5], f);
        state[6] = T.Add(state[6], g);
        state[7] = T.Add(state[7], h);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Extend(T* w, int i)
    {
        var w15 = w[(i + 1) & 15];
        var w2 = w[(i + 14) & 15];
        var s0 = T.Xor3(T.RotateRight(w15, 7), T.RotateRight(w15, 18), T.ShiftRight(w15, 3));
        var s1 = T.Xor3(T.RotateRight(w2, 17), T.RotateRight(w2, 19), T.ShiftRight(w2, 10));
        return w[i & 15] = T.Add(T.Add(w[i & 15], s0), T.Add(w[(i + 9) & 15], s1));
    }
}
