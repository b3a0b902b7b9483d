using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace OpenSts.Vending.Contracts;

/// <summary>A text that people read: no control characters, nothing invisible, nothing that changes the direction of
/// writing.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PlainTextAttribute : ValidationAttribute
{
    /// <param name="minimumLength">The least number of characters.</param>
    /// <param name="maximumLength">The greatest number of characters.</param>
    public PlainTextAttribute(int minimumLength, int maximumLength)
        : base(
            $"is not a text of {minimumLength} to {maximumLength} visible characters, without spaces at its ends") =>
        (MinimumLength, MaximumLength) = (minimumLength, maximumLength);

    /// <summary>The least number of characters.</summary>
    public int MinimumLength { get; }

    /// <summary>The greatest number of characters.</summary>
    public int MaximumLength { get; }

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is null
        || (value is string text && text.Length >= MinimumLength && text.Length <= MaximumLength
            && text.Trim() == text && !text.Any(IsHidden));

    private static bool IsHidden(char letter) => char.GetUnicodeCategory(letter)
        is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
