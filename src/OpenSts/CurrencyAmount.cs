namespace OpenSts;

/// <summary>
/// A 20-bit compressed, signed amount of money in steps of 10^-5 of a base unit, up to about 1.8e30 base units in
/// either direction.
/// </summary>
/// <remarks>
/// IEC 62055-41, class 0 subclass 4 to 7: sign, 5-bit power of ten, 14-bit mantissa. An amount between two steps is
/// rounded towards plus infinity, in the customer's favour. The default value is 0. The standard does not define the
/// currency of a base unit; docs/standard/readings.md describes how the published vectors write it.
/// </remarks>
public readonly record struct CurrencyAmount
{
    /// <summary>The decimals of a base unit: one step is 10^-5.</summary>
    public const int Decimals = 5;

    private const int MantissaLimit = 1 << 14;
    private const int SignBit = 1 << 19;
    private const int Exponents = 32;

    // First[e] and PowerOfTen[e]: where the band of exponent e begins, and its step.
    private static readonly Int128[] PowerOfTen = Powers();
    private static readonly Int128[] First = [.. PowerOfTen.Select(p => MantissaLimit * ((p - 1) / 9))];

    private CurrencyAmount(int field) => Field = field;

    /// <summary>The largest amount in steps.</summary>
    public static Int128 MaxSteps { get; } = First[^1] + ((MantissaLimit - 1) * PowerOfTen[^1]);

    /// <summary>
    /// The 20 bits: sign, exponent (5), mantissa (14). In a token, the upper four are in the position of RND.
    /// </summary>
    public int Field { get; }

    /// <summary>True if the amount reduces the credit.</summary>
    public bool IsNegative => (Field & SignBit) != 0;

    /// <summary>The power of ten, 0 to 31.</summary>
    public int Exponent => (Field >> 14) & 31;

    /// <summary>The mantissa, 0 to 16383.</summary>
    public int Mantissa => Field & (MantissaLimit - 1);

    /// <summary>The amount in steps of 10^-5 of a base unit.</summary>
    public Int128 Steps
    {
        get
        {
            var magnitude = First[Exponent] + (Mantissa * PowerOfTen[Exponent]);
            return IsNegative ? -magnitude : magnitude;
        }
    }

    /// <summary>Creates the amount from its 20 bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The field is not 0 to FFFFFh.</exception>
    public static CurrencyAmount FromField(int field)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(field);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(field, 0xFFFFF);
        return new CurrencyAmount(field);
    }

    /// <summary>
    /// Creates the smallest amount not below a number of steps; false if the magnitude exceeds <see cref="MaxSteps"/>.
    /// </summary>
    public static bool TryFromSteps(Int128 steps, out CurrencyAmount amount)
    {
        amount = default;
        if (steps > MaxSteps || steps < -MaxSteps)
            return false;
        amount = steps >= 0 ? RoundedUp(steps) : RoundedDownMagnitude(-steps);
        return true;
    }

    /// <summary>
    /// Reads a decimal of base units, rounded up to 10^-5; false if the text is not a decimal number or is out
    /// of range.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CurrencyAmount amount)
    {
        amount = default;
        return ExactDecimal.TryReadRoundedUp(text, Decimals, out var steps) && TryFromSteps(steps, out amount);
    }

    /// <summary>The amount as a decimal text of base units.</summary>
    public override string ToString() => ExactDecimal.Format(Steps, Decimals);

    private static CurrencyAmount RoundedUp(Int128 magnitude)
    {
        for (var exponent = 0; ; exponent++)
        {
            var over = magnitude - First[exponent];
            var step = PowerOfTen[exponent];
            var mantissa = over <= 0 ? 0 : (over + step - 1) / step;
            if (mantissa < MantissaLimit)
                return new CurrencyAmount((exponent << 14) | (int)mantissa);
        }
    }

    private static CurrencyAmount RoundedDownMagnitude(Int128 magnitude)
    {
        var exponent = Exponents - 1;
        while (magnitude < First[exponent])
            exponent--;
        // Steps between the last value of a band and the first value of the next round down to the former.
        var mantissa = Int128.Min(MantissaLimit - 1, (magnitude - First[exponent]) / PowerOfTen[exponent]);
        var field = (exponent << 14) | (int)mantissa;
        return new CurrencyAmount(field == 0 ? 0 : SignBit | field);
    }

    private static Int128[] Powers()
    {
        var powers = new Int128[Exponents];
        powers[0] = 1;
        for (var e = 1; e < Exponents; e++)
            powers[e] = powers[e - 1] * 10;
        return powers;
    }
}
