namespace OpenSts;

/// <summary>The number printed on a meter: 11 or 13 digits, of which the last is a check digit.</summary>
/// <remarks>
/// IEC 62055-41, DRN: manufacturer code (2 or 4 digits), decoder serial number (8 digits), check digit.
/// The default value is the 11-digit number 00000000000.
/// </remarks>
public readonly record struct DecoderReferenceNumber : IStsValue<DecoderReferenceNumber>
{
    private readonly bool _thirteenDigits;

    private DecoderReferenceNumber(ulong value, bool thirteenDigits)
    {
        Value = value;
        _thirteenDigits = thirteenDigits;
    }

    /// <inheritdoc/>
    public static string Form => "a decoder reference number of 11 or 13 digits with its check digit";

    /// <summary>All digits as one number; for leading zeros see <see cref="Digits"/>.</summary>
    public ulong Value { get; }

    /// <summary>The number of digits: 11 or 13.</summary>
    public int Digits => _thirteenDigits ? 13 : 11;

    /// <summary>The manufacturer code, the first two or four digits.</summary>
    public ManufacturerCode ManufacturerCode =>
        ManufacturerCode.FromDigits((int)(Value / 1_000_000_000), _thirteenDigits ? 4 : 2);

    /// <summary>The serial number of the manufacturer, 0 to 99999999.</summary>
    public int SerialNumber => (int)(Value / 10 % 100_000_000);

    /// <summary>Creates the number from manufacturer code and serial number, and adds the check digit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The serial number is not 0 to 99999999.</exception>
    public static DecoderReferenceNumber Create(ManufacturerCode manufacturerCode, int serialNumber)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(serialNumber);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(serialNumber, 99_999_999);
        var payload = ((ulong)manufacturerCode.Value * 100_000_000) + (ulong)serialNumber;
        var check = CheckDigit.Compute(payload, manufacturerCode.Digits + 8);
        return new DecoderReferenceNumber((payload * 10) + (ulong)check, manufacturerCode.Digits == 4);
    }

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> text, out DecoderReferenceNumber value, out IdentityFault fault)
    {
        value = default;
        if (text.Length is not (11 or 13))
        {
            fault = IdentityFault.Length;
            return false;
        }

        if (!DecimalText.TryRead(text, out var number))
        {
            fault = IdentityFault.NotDecimal;
            return false;
        }

        return TryCreate(number, text.Length, out value, out fault);
    }

    /// <summary>All 11 or 13 digits.</summary>
    public override string ToString() => Value.ToString(_thirteenDigits ? "D13" : "D11");

    /// <summary>The digits in groups of four with a space between.</summary>
    public string ToGroupedString() => DecimalText.Group(ToString());

    internal static bool TryCreate(ulong number, int digits, out DecoderReferenceNumber value, out IdentityFault fault)
    {
        value = default;
        fault = IdentityFault.None;
        if (digits == 13 && number < 100_000_000_000) // STS 202-4: four-digit manufacturer codes start at 0100.
            fault = IdentityFault.OutOfRange;
        else if (CheckDigit.Compute(number / 10, digits - 1) != (int)(number % 10))
            fault = IdentityFault.DecoderReferenceNumberCheckDigit;
        if (fault != IdentityFault.None)
            return false;
        value = new DecoderReferenceNumber(number, digits == 13);
        return true;
    }
}
