namespace OpenSts;

/// <summary>
/// Converts decimal text to a whole number of steps and back, exactly, without floating-point numbers.
/// </summary>
/// <remarks>
/// Currency amounts reach 1.8e30 units with five decimals: too large for <see cref="decimal"/>, but not for Int128.
/// </remarks>
public static class ExactDecimal
{
    /// <summary>
    /// Reads <c>-digits.digits</c> as a number of steps of 10^-<paramref name="decimals"/>, rounded towards
    /// plus infinity.
    /// </summary>
    /// <param name="text">An optional minus, at least one digit, optionally a point and at least one digit. No
    /// exponent, plus, space or group.</param>
    /// <param name="decimals">The decimals of one step, 0 to 10.</param>
    /// <param name="steps">The number of steps; limited to +-10^37 if the text is larger.</param>
    /// <returns>False if the text does not have this form.</returns>
    // IEC 62055-41: amounts are rounded in the customer's favour, which is upwards.
    public static bool TryReadRoundedUp(ReadOnlySpan<char> text, int decimals, out Int128 steps)
    {
        steps = 0;
        var negative = text is ['-', ..];
        var digits = negative ? text[1..] : text;
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? default : digits[(point + 1)..];
        if (whole.IsEmpty || (point >= 0 && fraction.IsEmpty) || !AllDigits(whole) || !AllDigits(fraction))
            return false;

        var limit = Limit;
        Int128 magnitude = 0;
        foreach (var c in whole)
            magnitude = Int128.Min(limit, (magnitude * 10) + (c - '0'));
        for (var i = 0; i < decimals; i++)
            magnitude = Int128.Min(limit, (magnitude * 10) + (i < fraction.Length ? fraction[i] - '0' : 0));
        var cut = fraction.Length > decimals && fraction[decimals..].ContainsAnyExcept('0');

        // Upwards is away from zero for a positive number and towards zero for a negative number.
        steps = negative ? -magnitude : magnitude + (cut ? 1 : 0);
        return true;
    }

    /// <summary>Writes a number of steps as a decimal text without trailing zeros.</summary>
    public static string Format(Int128 steps, int decimals)
    {
        var negative = steps < 0;
        var digits = (negative ? -steps : steps).ToString("D" + (decimals + 1));
        var whole = digits[..^decimals];
        var fraction = digits[^decimals..].TrimEnd('0');
        var text = fraction.Length == 0 ? whole : $"{whole}.{fraction}";
        return negative ? "-" + text : text;
    }

    private static Int128 Limit { get; } = Int128.Parse("10000000000000000000000000000000000000");

    private static bool AllDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
