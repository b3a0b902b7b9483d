using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace OpenSts.Vending.Contracts;

/// <summary>A decimal number in a string: digits with an optional minus and a dot, as in <c>12.50</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DecimalTextAttribute : ValidationAttribute
{
    /// <summary>The most characters of such a text.</summary>
    public const int MaxLength = 24;

    /// <param name="minimum">The least value, as a decimal text.</param>
    /// <param name="maximum">The greatest value, as a decimal text.</param>
    public DecimalTextAttribute(string minimum, string maximum)
        : base($"is not a decimal number from {minimum} to {maximum} in a string; use a dot, as in \"12.50\"") =>
        (Minimum, Maximum) = (minimum, maximum);

    /// <summary>The least value.</summary>
    public string Minimum { get; }

    /// <summary>The greatest value.</summary>
    public string Maximum { get; }

    /// <summary>Reads such a text: at most 24 characters, at most 6 decimals, no sign but a minus, no exponent, no
    /// group.</summary>
    /// <param name="text">The text; null is false.</param>
    /// <param name="value">The number, without trailing zeros: "100" and "100.00" are equal.</param>
    public static bool TryParse(string? text, out decimal value)
    {
        value = 0;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength)
            return false;
        var digits = text.AsSpan(text[0] == '-' ? 1 : 0);
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? default : digits[(point + 1)..];
        if (whole.IsEmpty || (point >= 0 && fraction.IsEmpty) || fraction.Length > 6
            || whole.ContainsAnyExceptInRange('0', '9') || fraction.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        return decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out value);
    }

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is null
        || (value is string text && TryParse(text, out var number) && number >= Parse(Minimum)
            && number <= Parse(Maximum));

    private static decimal Parse(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
