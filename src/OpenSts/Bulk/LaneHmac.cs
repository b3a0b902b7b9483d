using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenSts.Cryptography;

namespace OpenSts.Bulk;

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
        T a = state[0], b = state[1], c = state[2], d = state[3];
        T e = state[4], f = state[5], g = state[6], h = state[7];
        // Eight rounds bring every variable back to its place.
        for (var i = 0; i < 64; i += 8)
        {
            T t;
            t = T.Add(h, T.Add(Word(w, i), T.Add(T.Select(e, f, g), Sum1(e))));
            d = T.Add(d, t);
            h = T.Add(t, T.Add(T.Majority(a, b, c), Sum0(a)));
            t = T.Add(g, T.Add(Word(w, i + 1), T.Add(T.Select(d, e, f), Sum1(d))));
            c = T.Add(c, t);
            g = T.Add(t, T.Add(T.Majority(h, a, b), Sum0(h)));
            t = T.Add(f, T.Add(Word(w, i + 2), T.Add(T.Select(c, d, e), Sum1(c))));
            b = T.Add(b, t);
            f = T.Add(t, T.Add(T.Majority(g, h, a), Sum0(g)));
            t = T.Add(e, T.Add(Word(w, i + 3), T.Add(T.Select(b, c, d), Sum1(b))));
            a = T.Add(a, t);
            e = T.Add(t, T.Add(T.Majority(f, g, h), Sum0(f)));
            t = T.Add(d, T.Add(Word(w, i + 4), T.Add(T.Select(a, b, c), Sum1(a))));
            h = T.Add(h, t);
            d = T.Add(t, T.Add(T.Majority(e, f, g), Sum0(e)));
            t = T.Add(c, T.Add(Word(w, i + 5), T.Add(T.Select(h, a, b), Sum1(h))));
            g = T.Add(g, t);
            c = T.Add(t, T.Add(T.Majority(d, e, f), Sum0(d)));
            t = T.Add(b, T.Add(Word(w, i + 6), T.Add(T.Select(g, h, a), Sum1(g))));
            f = T.Add(f, t);
            b = T.Add(t, T.Add(T.Majority(c, d, e), Sum0(c)));
            t = T.Add(a, T.Add(Word(w, i + 7), T.Add(T.Select(f, g, h), Sum1(f))));
            e = T.Add(e, t);
            a = T.Add(t, T.Add(T.Majority(b, c, d), Sum0(b)));
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

    // Message word and round constant together.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Word(T* w, int i)
    {
        var constant = T.Broadcast(Unsafe.Add(ref MemoryMarshal.GetReference(Sha256Block.RoundConstants), i));
        return T.Add(constant, i < 16 ? w[i] : Extend(w, i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sum0(T a) => T.Xor3(T.RotateRight(a, 2), T.RotateRight(a, 13), T.RotateRight(a, 22));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sum1(T e) => T.Xor3(T.RotateRight(e, 6), T.RotateRight(e, 11), T.RotateRight(e, 25));

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
