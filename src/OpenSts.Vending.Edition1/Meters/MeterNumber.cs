using OpenSts.Vending.Documents;

namespace OpenSts.Vending.Meters;

/// <summary>What a clerk types or a scanner reads: 18 digits of a MeterPAN, or the 11 or 13 digits on the meter's face.</summary>
public static class MeterNumber
{
    /// <summary>The permitted forms, as an error message says them.</summary>
    public const string Form = "a meter number of 11 or 13 digits or a MeterPAN of 18 digits, with correct check digits; spaces between digits are left out";

    /// <summary>Why a number that was typed is not taken.</summary>
    public static Refusal Refusal(IdentityFault fault) => new("field-invalid", $"The number {fault.Describe()}; permitted is {Form}.", "meter");

    /// <summary>Reads the number; on failure the fault names the first broken rule.</summary>
    public static bool TryParse(string? text, out MeterPan pan, out IdentityFault fault)
    {
        pan = default;
        fault = IdentityFault.Length;
        if (text is null || text.Length > 40)
            return false;
        var digits = text.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        if (digits.Length is not (11 or 13))
            return MeterPan.TryParse(digits, out pan, out fault);
        if (!DecoderReferenceNumber.TryParse(digits, out var drn, out fault))
            return false;
        pan = MeterPan.Create(drn);
        return true;
    }
}
