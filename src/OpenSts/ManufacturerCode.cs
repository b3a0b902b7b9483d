namespace OpenSts;

/// <summary>The code of a meter's manufacturer: two digits, 00 to 99, or four digits, 0100 to 9999.</summary>
/// <remarks>
/// IEC 62055-41, MfrCode; STS 202-4 for the four-digit form. Two digits go with an 11-digit decoder reference number,
/// four with a 13-digit one. The default value is the two-digit code 00.
/// </remarks>
public readonly record struct ManufacturerCode : IStsValue<ManufacturerCode>
{
    private readonly bool _fourDigits;

    private ManufacturerCode(int value, bool fourDigits)
    {
        Value = value;
        _fourDigits = fourDigits;
    }

    /// <inheritdoc/>
    public static string Form => "a manufacturer code of 2 digits 00 to 99, or of 4 digits 0100 to 9999";

    /// <summary>The code as a number, 0 to 9999.</summary>
    public int Value { get; }

    /// <summary>The number of digits: 2 or 4.</summary>
    public int Digits => _fourDigits ? 4 : 2;

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> text, out ManufacturerCode value, out IdentityFault fault)
    {
        value = default;
        if (text.Length is not (2 or 4))
        {
            fault = IdentityFault.Length;
            return false;
        }

        fault = DecimalText.Read(text, text.Length, 9999, out var number);
        if (fault == IdentityFault.None && text.Length == 4 && number < 100) // STS 202-4, field Y: 0100 to 9999.
            fault = IdentityFault.OutOfRange;
        if (fault != IdentityFault.None)
            return false;
        value = new ManufacturerCode((int)number, text.Length == 4);
        return true;
    }

    /// <summary>The code with its two or four digits.</summary>
    public override string ToString() => Value.ToString(_fourDigits ? "D4" : "D2");

    internal static ManufacturerCode FromDigits(int value, int digits) => new(value, digits == 4);
}
