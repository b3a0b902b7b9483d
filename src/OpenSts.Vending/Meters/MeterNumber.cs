namespace OpenSts.Vending.Meters;

/// <summary>What a clerk types or a scanner reads: 18 digits of a MeterPAN, or the 11 or 13 digits on the meter's
/// face.</summary>
public static class MeterNumber
{
    /// <summary>The most characters that are looked at.</summary>
    public const int MaxLength = 40;

    /// <summary>Reads the number; on failure the fault names the first broken rule. Spaces and hyphens are left
    /// out.</summary>
    public static bool TryParse(string? text, out MeterPan pan, out IdentityFault fault)
    {
        pan = default;
        fault = IdentityFault.Length;
        if (text is null || text.Length > MaxLength)
            return false;
        var digits = text.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        if (digits.Length is not (11 or 13))
            return MeterPan.TryParse(digits, out pan, out fault);
        if (!DecoderReferenceNumber.TryParse(digits, out var drn, out fault))
            return false;
        pan = MeterPan.Create(drn);
        return true;
    }

    /// <summary>The refusal of a number that was typed; its rule is the name of the fault in lower case with
    /// hyphens.</summary>
    public static Refusal Refusal(IdentityFault fault) =>
        new(ErrorCodes.FieldInvalid, "meter", RefusalArgument.Text("rule", KebabCase.Of(fault.ToString())));
}
