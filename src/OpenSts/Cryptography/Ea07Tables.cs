namespace OpenSts.Cryptography;

/// <summary>The substitution tables and the permutation of EA07, the Standard Transfer Algorithm.</summary>
/// <remarks>
/// The STS Association administers the use of these tables and gives them to its members. They have been published and
/// agree with published tokens, but ask the Association for clearance before you ship them in a product.
/// </remarks>
internal static class Ea07Tables
{
    /// <summary>Entry i is the output position of input bit i.</summary>
    public static ReadOnlySpan<byte> Permutation =>
    [
        55, 42, 10, 18, 24, 21, 44, 35, 2, 22, 56, 43, 27, 58, 9, 50,
        6, 36, 12, 61, 37, 38, 53, 16, 62, 3, 7, 4, 32, 20, 63, 25,
        51, 52, 54, 33, 49, 19, 46, 29, 48, 31, 23, 30, 41, 28, 13, 5,
        40, 60, 39, 11, 15, 17, 1, 0, 57, 34, 59, 8, 47, 14, 45, 26,
    ];

    /// <summary>The substitution of a nibble whose key bit is 0.</summary>
    public static ReadOnlySpan<byte> Substitution1 => [14, 10, 7, 9, 12, 3, 2, 5, 13, 0, 15, 1, 4, 8, 6, 11];

    /// <summary>What a nibble becomes where its key bit is 1.</summary>
    public static ReadOnlySpan<byte> Substitution2 => [12, 8, 2, 13, 7, 6, 1, 3, 11, 5, 9, 15, 0, 4, 10, 14];
}
