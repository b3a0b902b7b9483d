using OpenSts.Cryptography;

namespace OpenSts.Bulk;

/// <summary>EA07 over many blocks at once, each under its own key; 64 slices of data, 64 of keys.</summary>
internal static unsafe class SlicedEa07<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Decrypts the data in place.</summary>
    /// <param name="data">64 slices, decrypted in place.</param>
    /// <param name="key">64 slices of the decoder keys; unchanged.</param>
    /// <param name="scratch">Space for 64 slices.</param>
    public static void Decrypt(T* data, T* key, T* scratch)
    {
        var places = Ea07Tables.Permutation;
        var from = data;
        var to = scratch;
        for (var round = 0; round < 16; round++)
        {
            for (var bit = 0; bit < 64; bit += 4)
            {
                // The round key is the decoder key, rotated right by one in each round; the permutation comes first.
                Ea07Circuit<T>.SubstituteBack(
                    from[places[bit]], from[places[bit + 1]], from[places[bit + 2]], from[places[bit + 3]],
                    key[(bit + round) & 63], to + bit, to + bit + 1, to + bit + 2, to + bit + 3);
            }

            var swap = from;
            from = to;
            to = swap;
        }
    }

    /// <summary>Encrypts the data in place.</summary>
    /// <param name="data">64 slices, encrypted in place.</param>
    /// <param name="key">64 slices of the decoder keys; unchanged.</param>
    /// <param name="scratch">Space for 64 slices.</param>
    public static void Encrypt(T* data, T* key, T* scratch)
    {
        var places = Ea07Tables.Permutation;
        var from = data;
        var to = scratch;
        for (var round = 0; round < 16; round++)
        {
            for (var bit = 0; bit < 64; bit += 4)
            {
                // The round key is the complemented decoder key, turned right by 12 and left by one each round.
                Ea07Circuit<T>.Substitute(
                    from[bit], from[bit + 1], from[bit + 2], from[bit + 3], key[(bit + 15 - round) & 63],
                    to + places[bit], to + places[bit + 1], to + places[bit + 2], to + places[bit + 3]);
            }

            var swap = from;
            from = to;
            to = swap;
        }
    }
}
