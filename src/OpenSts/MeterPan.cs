namespace OpenSts;

/// <summary>The number of a meter for which tokens are issued: 18 digits, the last a check digit.</summary>
/// <remarks>
/// IEC 62055-41, MeterPAN: issuer identification number (600727 before an 11-digit DRN, 0000 before a 13-digit one),
/// decoder reference number, check digit. The default value is not valid: <see cref="Value"/> throws.
/// </remarks>
public readonly record struct MeterPan : IStsValue<MeterPan>
{
    private const ulong ElevenDigitIssuer = 600727;
    private readonly ulong _value;

    private MeterPan(ulong value) => _value = value;

    /// <inheritdoc/>
    public static string Form =>
        "a MeterPAN of 18 digits: 600727 and an 11-digit DRN, or 0000 and a 13-digit DRN, and a check digit";

    /// <summary>All 18 digits as one number.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    public ulong Value =>
        _value != 0 ? _value : throw new InvalidOperationException("The default MeterPan is not valid.");

    /// <summary>The decoder reference number.</summary>
    public DecoderReferenceNumber DecoderReferenceNumber
    {
        get
        {
            var digits = HasElevenDigitDrn ? 11 : 13;
            _ = DecoderReferenceNumber.TryCreate(
                Value / 10 % (digits == 11 ? 100_000_000_000ul : 10_000_000_000_000ul), digits, out var drn, out _);
            return drn;
        }
    }

    /// <summary>The issuer identification number: 600727, or 0, which is written 0000.</summary>
    public int IssuerIdentificationNumber => HasElevenDigitDrn ? (int)ElevenDigitIssuer : 0;

    /// <summary>The issuer identification number as written: 600727 or 0000.</summary>
    public string IssuerIdentificationText => HasElevenDigitDrn ? "600727" : "0000";

    private bool HasElevenDigitDrn => Value / 1_000_000_000_000 == ElevenDigitIssuer;

    /// <summary>Creates the MeterPAN of a decoder reference number.</summary>
    public static MeterPan Create(DecoderReferenceNumber drn)
    {
        var payload = drn.Digits == 11 ? (ElevenDigitIssuer * 100_000_000_000) + drn.Value : drn.Value;
        return new MeterPan((payload * 10) + (ulong)CheckDigit.Compute(payload, 17));
    }

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> text, out MeterPan value, out IdentityFault fault)
    {
        value = default;
        fault = DecimalText.Read(text, 18, ulong.MaxValue, out var number);
        if (fault != IdentityFault.None)
            return false;
        return TryCreate(number, out value, out fault);
    }

    /// <summary>Creates the MeterPAN from its 18 digits as one number; false if a rule is broken.</summary>
    public static bool TryCreate(ulong number, out MeterPan value, out IdentityFault fault)
    {
        value = default;
        var drnDigits = (number / 1_000_000_000_000) switch
        {
            ElevenDigitIssuer => 11,
            < 100 => 13,
            _ => 0,
        };
        if (drnDigits == 0)
        {
            fault = IdentityFault.IssuerIdentificationNumber;
            return false;
        }

        var drn = number / 10 % (drnDigits == 11 ? 100_000_000_000ul : 10_000_000_000_000ul);
        if (!DecoderReferenceNumber.TryCreate(drn, drnDigits, out _, out fault))
            return false;
        if (CheckDigit.Compute(number / 10, 17) != (int)(number % 10))
        {
            fault = IdentityFault.MeterPanCheckDigit;
            return false;
        }

        value = new MeterPan(number);
        return true;
    }

    /// <summary>All 18 digits.</summary>
    public override string ToString() => _value == 0 ? "(no MeterPAN)" : _value.ToString("D18");

    /// <summary>The digits in groups of four with a space between.</summary>
    public string ToGroupedString() => DecimalText.Group(Value.ToString("D18"));
}
