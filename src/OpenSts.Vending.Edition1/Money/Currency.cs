using System.Globalization;

namespace OpenSts.Vending.Money;

/// <summary>The utility's money: a code and how many decimals its smallest coin has.</summary>
/// <param name="Code">Three capitals, such as ZAR.</param>
/// <param name="Decimals">0 to 4: 2 where a hundredth is the smallest amount.</param>
public sealed record Currency(string Code, int Decimals)
{
    /// <summary>The largest amount that is accepted anywhere, in minor units.</summary>
    public const long MostMinor = 1_000_000_000_000_000;

    private decimal Scale => Decimals switch { 0 => 1m, 1 => 10m, 2 => 100m, 3 => 1000m, _ => 10000m };

    /// <summary>The amount as a decimal of the whole unit.</summary>
    public decimal ToDecimal(long minor) => minor / Scale;

    /// <summary>The amount as text with all its decimals.</summary>
    public string Format(long minor) => ToDecimal(minor).ToString("F" + Decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>Rounds half to even to the smallest coin.</summary>
    /// <exception cref="OverflowException">The amount is beyond 10^15 minor units.</exception>
    public long Round(decimal amount)
    {
        var minor = decimal.Round(amount * Scale, 0, MidpointRounding.ToEven);
        return Math.Abs(minor) <= MostMinor ? (long)minor : throw new OverflowException("The amount is beyond 10^15 minor units.");
    }

    /// <summary>The minor units of an amount; false where it has more decimals than the currency or is too large.</summary>
    public bool TryToMinor(decimal amount, out long minor)
    {
        minor = 0;
        if (Math.Abs(amount) > MostMinor / Scale || decimal.Truncate(amount * Scale) != amount * Scale)
            return false;
        minor = (long)(amount * Scale);
        return true;
    }
}
