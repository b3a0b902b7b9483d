namespace OpenSts.Bulk;

/// <summary>Turns blocks into bit slices and back: 64 rows of lanes, transposed in place.</summary>
/// <remarks>
/// Row r holds the blocks r * words to r * words + words - 1; after it, slice i holds bit i of every block.
/// </remarks>
internal static unsafe class BitSlices<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>How many blocks are worked on at once.</summary>
    public static int Blocks => 64 * T.Words;

    /// <summary>Transposes each 64 by 64 square of bits; doing it twice gives the start.</summary>
    public static void Transpose(T* rows)
    {
        Exchange(rows, 32, 0x00000000FFFFFFFF);
        Exchange(rows, 16, 0x0000FFFF0000FFFF);
        Exchange(rows, 8, 0x00FF00FF00FF00FF);
        Exchange(rows, 4, 0x0F0F0F0F0F0F0F0F);
        Exchange(rows, 2, 0x3333333333333333);
        Exchange(rows, 1, 0x5555555555555555);
    }

    private static void Exchange(T* rows, int distance, ulong mask)
    {
        var lanes = T.Broadcast(mask);
        for (var start = 0; start < 64; start += 2 * distance)
        {
            for (var row = start; row < start + distance; row++)
            {
                var low = rows[row];
                var high = rows[row + distance];
                rows[row] = T.Select(lanes, low, T.ShiftLeft(high, distance));
                rows[row + distance] = T.Select(lanes, T.ShiftRight(low, distance), high);
            }
        }
    }
}
