using OpenSts.Cryptography;

namespace OpenSts.Bulk;

/// <summary>
/// The check of many tokens at once. Both checks are sums of input bits, so they are exclusive ors of slices.
/// </summary>
internal static unsafe class SlicedCrc<T>
    where T : unmanaged, ILanes<T>
{
    private const int Inputs = 50;

    private static readonly (ushort Start, ulong[] Masks) Plain = Sums(TokenCrc.Compute);
    private static readonly (ushort Start, ulong[] Masks) Currency = Sums(TokenCrc.ComputeCurrency);

    /// <summary>Computes the CRC of every block.</summary>
    /// <param name="block">64 slices; the data are in 16 to 63, the others are not read.</param>
    /// <param name="classLow">The lower class bit of every token.</param>
    /// <param name="classHigh">The upper class bit of every token.</param>
    /// <param name="crc">Receives 16 slices; may be the first 16 of <paramref name="block"/>.</param>
    public static void Compute(T* block, T classLow, T classHigh, T* crc)
    {
        // IEC 62055-41: class 0 with subclass 4 to 7, that is 01xx, has the currency check.
        var management = T.Or(T.Or(classLow, classHigh), block[63]);
        var isCurrency = T.And(T.Xor(management, T.Ones), block[62]);
        for (var bit = 0; bit < 16; bit++)
        {
            var plain = Sum(block, classLow, classHigh, Plain.Start >> bit & 1, Plain.Masks[bit]);
            var currency = Sum(block, classLow, classHigh, Currency.Start >> bit & 1, Currency.Masks[bit]);
            crc[bit] = T.Select(isCurrency, currency, plain);
        }
    }

    private static T Sum(T* block, T classLow, T classHigh, int start, ulong mask)
    {
        var sum = start != 0 ? T.Ones : T.Zero;
        for (var rest = mask & 0xFFFF_FFFF_FFFF; rest != 0; rest &= rest - 1)
            sum = T.Xor(sum, block[16 + System.Numerics.BitOperations.TrailingZeroCount(rest)]);
        if ((mask >> 48 & 1) != 0)
            sum = T.Xor(sum, classLow);
        return (mask >> 49 & 1) != 0 ? T.Xor(sum, classHigh) : sum;
    }

    // What each input bit alone changes in the check of nothing.
    private static (ushort Start, ulong[] Masks) Sums(Func<int, ulong, ushort> crc)
    {
        var start = crc(0, 0);
        var masks = new ulong[16];
        for (var input = 0; input < Inputs; input++)
        {
            var changed = start ^ (input < 48 ? crc(0, 1ul << input) : crc(1 << (input - 48), 0));
            for (var bit = 0; bit < 16; bit++)
            {
                if ((changed >> bit & 1) != 0)
                    masks[bit] |= 1ul << input;
            }
        }

        return (start, masks);
    }
}
