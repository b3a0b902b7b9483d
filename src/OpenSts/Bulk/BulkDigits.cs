using OpenSts.Cryptography;

namespace OpenSts.Bulk;

/// <summary>Checks and conversions that all work on many tokens has in common.</summary>
internal static unsafe class BulkDigits
{
    /// <summary>Refuses a destination that is too short.</summary>
    public static void RequireSpace(int tokens, ReadOnlySpan<byte> digits)
    {
        if (digits.Length / Token66.Digits < tokens)
            throw new ArgumentException($"{tokens} tokens need {tokens * (long)Token66.Digits} bytes.",
                nameof(digits));
    }

    /// <summary>Refuses a token that is not encrypted.</summary>
    public static void RequireEncrypted(TokenClass tokenClass, string parameter)
    {
        if (tokenClass is not (TokenClass.Credit or TokenClass.MeterSpecificManagement))
            throw new ArgumentException($"A token of class {(int)tokenClass} is not encrypted.", parameter);
    }

    /// <summary>Writes the digits of cipher blocks; their classes are in <paramref name="upper"/>.</summary>
    /// <param name="blocks">The cipher blocks.</param>
    /// <param name="upper">The class of each block; used up.</param>
    /// <param name="lower">Space for as many numbers.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="digits">Receives 20 ASCII digits for each.</param>
    public static void Write(ulong* blocks, ulong* upper, ulong* lower, int count, Span<byte> digits)
    {
        for (var i = 0; i < count; i++)
        {
            var token = new Token66(new CipherBlock((TokenClass)upper[i], blocks[i]));
            DecimalDigits.SplitDigits(token.High, token.Low, out upper[i], out lower[i]);
        }

        DecimalDigits.Write20(new ReadOnlySpan<ulong>(upper, count), new ReadOnlySpan<ulong>(lower, count), digits);
    }
}
