namespace OpenSts.Bulk;

/// <summary>MISTY1 over many blocks at once, each under its own key.</summary>
/// <remarks>RFC 2994. A 16-bit word is 16 slices, the lowest bit first.</remarks>
internal static unsafe class SlicedMisty1<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Slices of scratch memory.</summary>
    public const int ScratchLength = (2 * 128) + 64;

    private const int Word = 16;

    /// <summary>Encrypts the data in place.</summary>
    /// <param name="data">64 slices.</param>
    /// <param name="keyHigh">64 slices: the upper halves of the keys.</param>
    /// <param name="keyLow">64 slices: the lower halves.</param>
    /// <param name="scratch">Space for <see cref="ScratchLength"/> slices.</param>
    public static void Encrypt(T* data, T* keyHigh, T* keyLow, T* scratch)
    {
        var k = scratch;
        var derived = scratch + 128;
        var work = scratch + 256;
        ExpandKey(keyHigh, keyLow, scratch);

        // The left word in slices 63 to 32, the right in 31 to 0.
        var left = data + 32;
        var right = data;
        for (var round = 0; round < 8; round += 2)
        {
            Fl(left, k, derived, round);
            Fl(right, k, derived, round + 1);
            Fo(right, left, k, derived, round, work);
            Fo(left, right, k, derived, round + 1, work);
        }

        Fl(left, k, derived, 8);
        Fl(right, k, derived, 9);
        SwapHalves(data);
    }

    /// <summary>Decrypts the data in place.</summary>
    /// <param name="data">64 slices.</param>
    /// <param name="keyHigh">64 slices: the upper halves of the keys.</param>
    /// <param name="keyLow">64 slices: the lower halves.</param>
    /// <param name="scratch">Space for <see cref="ScratchLength"/> slices.</param>
    public static void Decrypt(T* data, T* keyHigh, T* keyLow, T* scratch)
    {
        var k = scratch;
        var derived = scratch + 128;
        var work = scratch + 256;
        ExpandKey(keyHigh, keyLow, scratch);

        // Encryption ends with the halves exchanged, so the left word is in the lower slices here.
        var left = data;
        var right = data + 32;
        FlInverse(left, k, derived, 8);
        FlInverse(right, k, derived, 9);
        for (var round = 6; round >= 0; round -= 2)
        {
            Fo(left, right, k, derived, round + 1, work);
            Fo(right, left, k, derived, round, work);
            FlInverse(left, k, derived, round);
            FlInverse(right, k, derived, round + 1);
        }

        SwapHalves(data);
    }

    private static void SwapHalves(T* data)
    {
        for (var i = 0; i < 32; i++)
            (data[i], data[32 + i]) = (data[32 + i], data[i]);
    }

    // The eight words of the key, then the eight derived ones.
    private static void ExpandKey(T* keyHigh, T* keyLow, T* scratch)
    {
        var k = scratch;
        var derived = scratch + 128;
        var work = scratch + 256;
        for (var i = 0; i < 4; i++)
        {
            Copy(keyHigh + (Word * (3 - i)), k + (Word * i));
            Copy(keyLow + (Word * (3 - i)), k + (Word * (4 + i)));
        }

        for (var i = 0; i < 8; i++)
        {
            Copy(k + (Word * i), derived + (Word * i));
            Fi(derived + (Word * i), k + (Word * ((i + 1) & 7)), work);
        }
    }

    // target ^= FO(input): the upper word of 32 slices is at 16.
    private static void Fo(T* target, T* input, T* k, T* derived, int round, T* work)
    {
        var a = work + 32;
        var b = work + 48;
        Join(input + Word, k + (Word * round), a);
        Fi(a, derived + (Word * ((round + 5) & 7)), work);
        Join(a, input, a);
        Join(input, k + (Word * ((round + 2) & 7)), b);
        Fi(b, derived + (Word * ((round + 1) & 7)), work);
        Join(b, a, b);
        Join(a, k + (Word * ((round + 7) & 7)), a);
        Fi(a, derived + (Word * ((round + 3) & 7)), work);
        Join(a, b, a);
        Join(b, k + (Word * ((round + 4) & 7)), b);
        Join(target + Word, b, target + Word);
        Join(target, a, target);
    }

    // In place; the first 32 slices of work are used.
    private static void Fi(T* word, T* key, T* work)
    {
        var nine = work;
        var seven = work + 9;
        Misty1Circuit<T>.S9(word + 7, nine);
        for (var i = 0; i < 7; i++)
            nine[i] = T.Xor(nine[i], word[i]);
        Misty1Circuit<T>.S7(word, seven);
        for (var i = 0; i < 7; i++)
            word[9 + i] = T.Xor(T.Xor(seven[i], nine[i]), key[9 + i]);
        for (var i = 0; i < 9; i++)
            nine[i] = T.Xor(nine[i], key[i]);
        Misty1Circuit<T>.S9(nine, word);
        for (var i = 0; i < 7; i++)
            word[i] = T.Xor(word[i], word[9 + i]);
    }

    private static void Fl(T* word, T* k, T* derived, int index)
    {
        var half = index >> 1;
        var and = (index & 1) == 0 ? k + (Word * (half & 7)) : derived + (Word * ((half + 2) & 7));
        var or = (index & 1) == 0 ? derived + (Word * ((half + 6) & 7)) : k + (Word * ((half + 4) & 7));
        for (var i = 0; i < Word; i++)
            word[i] = T.XorAnd(word[i], word[Word + i], and[i]);
        for (var i = 0; i < Word; i++)
            word[Word + i] = T.Xor(word[Word + i], T.Or(word[i], or[i]));
    }

    private static void FlInverse(T* word, T* k, T* derived, int index)
    {
        var half = index >> 1;
        var and = (index & 1) == 0 ? k + (Word * (half & 7)) : derived + (Word * ((half + 2) & 7));
        var or = (index & 1) == 0 ? derived + (Word * ((half + 6) & 7)) : k + (Word * ((half + 4) & 7));
        for (var i = 0; i < Word; i++)
            word[Word + i] = T.Xor(word[Word + i], T.Or(word[i], or[i]));
        for (var i = 0; i < Word; i++)
            word[i] = T.XorAnd(word[i], word[Word + i], and[i]);
    }

    private static void Join(T* a, T* b, T* to)
    {
        for (var i = 0; i < Word; i++)
            to[i] = T.Xor(a[i], b[i]);
    }

    private static void Copy(T* from, T* to)
    {
        for (var i = 0; i < Word; i++)
            to[i] = from[i];
    }
}
