using System.Globalization;

namespace OpenSts.Vending;

/// <summary>The utility's currency: its ISO 4217 code and the decimals of its smallest unit.</summary>
public sealed record Currency
{
    /// <summary>The largest amount that is accepted anywhere, in minor units.</summary>
    public const long MaxMinor = 1_000_000_000_000_000;

    /// <param name="code">Three capital letters, such as ZAR.</param>
    /// <param name="decimals">0 to 4; 2 where a hundredth is the smallest amount.</param>
    /// <exception cref="ArgumentException">The code or the number of decimals is not of that form.</exception>
    public Currency(string code, int decimals)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentOutOfRangeException.ThrowIfNegative(decimals);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(decimals, 4);
        if (code.Length != 3 || !code.All(char.IsAsciiLetterUpper))
            throw new ArgumentException($"'{code}' is not a currency code of three capital letters.", nameof(code));
        (Code, Decimals) = (code, decimals);
    }

    /// <summary>Three capital letters.</summary>
    public string Code { get; }

    /// <summary>0 to 4.</summary>
    public int Decimals { get; }

    /// <summary>Minor units in one whole unit.</summary>
    public decimal Scale => Decimals switch { 0 => 1m, 1 => 10m, 2 => 100m, 3 => 1000m, _ => 10000m };

    /// <summary>The amount as a decimal of the whole unit.</summary>
    public decimal ToDecimal(long minor) => minor / Scale;

    /// <summary>The amount as text with all its decimals and a dot.</summary>
    public string Format(long minor) =>
        ToDecimal(minor).ToString("F" + Decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>Rounds half to even to the smallest unit.</summary>
    /// <exception cref="OverflowException">The amount is beyond 10^15 minor units.</exception>
    public long Round(decimal amount)
    {
        var minor = decimal.Round(amount * Scale, 0, MidpointRounding.ToEven);
        return Math.Abs(minor) <= MaxMinor ? (long)minor
            : throw new OverflowException("The amount is beyond 10^15 minor units.");
    }

    /// <summary>The minor units of an amount; false where it has more decimals than the currency or is too
    /// large.</summary>
    public bool TryToMinor(decimal amount, out long minor)
    {
        minor = 0;
        if (Math.Abs(amount) > MaxMinor / Scale || decimal.Truncate(amount * Scale) != amount * Scale)
            return false;
        minor = (long)(amount * Scale);
        return true;
    }

    public override string ToString() => $"{Code}:{Decimals}";
}

/// <summary>An amount of one currency.</summary>
/// <param name="Minor">Minor units; may be negative.</param>
/// <param name="Currency">The currency.</param>
public readonly record struct MoneyAmount(long Minor, Currency Currency)
{
    /// <summary>The amount with its currency code, such as <c>12.50 ZAR</c>.</summary>
    public override string ToString() => $"{Currency.Format(Minor)} {Currency.Code}";
}
