namespace OpenSts;

/// <summary>Text of ASCII digits with a fixed width, the form of all identifiers of the standard.</summary>
internal static class DecimalText
{
    /// <summary>Reads 1 to 18 ASCII digits, without a sign or spaces.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out ulong value)
    {
        value = 0;
        if (text.Length is 0 or > 18)
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                value = 0;
                return false;
            }

            value = (value * 10) + (uint)(c - '0');
        }

        return true;
    }

    /// <summary>Reads exactly <paramref name="width"/> digits not above <paramref name="maximum"/>.</summary>
    public static IdentityFault Read(ReadOnlySpan<char> text, int width, ulong maximum, out ulong value)
    {
        value = 0;
        if (text.Length != width)
            return IdentityFault.Length;
        if (!TryRead(text, out value))
            return IdentityFault.NotDecimal;
        return value <= maximum ? IdentityFault.None : IdentityFault.OutOfRange;
    }

    /// <summary>Inserts a space between groups of four characters.</summary>
    public static string Group(string digits)
    {
        var groups = (digits.Length + 3) / 4;
        return string.Create(digits.Length + groups - 1, digits, static (span, digits) =>
        {
            var to = 0;
            for (var i = 0; i < digits.Length; i++)
            {
                if (i > 0 && i % 4 == 0)
                    span[to++] = ' ';
                span[to++] = digits[i];
            }
        });
    }
}
