using OpenSts.Cosem.Objects;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Values;

namespace OpenSts.Cosem.Client;

/// <summary>What a number counts: a power of ten and a unit.</summary>
/// <param name="Exponent">The power of ten, -128 to 127.</param>
/// <param name="Unit">The unit for people.</param>
public readonly record struct Scaling(sbyte Exponent, string Unit)
{
    private const int LongestShift = 20;

    /// <summary>
    /// The number with its point at the right place and its unit; digits and an exponent where the point would be far
    /// away.
    /// </summary>
    public string Show(Int128 number)
    {
        var text = Exponent switch
        {
            0 => number.ToString(),
            > 0 and <= LongestShift => number.ToString() + new string('0', number == 0 ? 0 : Exponent),
            < 0 and >= -LongestShift => Shifted(number, -Exponent),
            _ => $"{number}e{Exponent}",
        };
        return Unit.Length > 0 ? $"{text} {Unit}" : text;
    }

    /// <summary>The scaling in scaler_unit of a register; null where the value is none.</summary>
    public static Scaling? OfScalerUnit(CosemValue value) =>
        value.Elements is [{ Type: CosemType.Int8 } scaler, { Type: CosemType.Enum } unit]
            && scaler.TryGetInteger(out var exponent) && unit.TryGetInteger(out var code)
            ? new Scaling((sbyte)exponent, UnitName((byte)code))
            : null;

    /// <summary>The scaling in currency of an Account; null where the value is none.</summary>
    public static Scaling? OfCurrency(CosemValue value) =>
        value.Elements is [{ Type: CosemType.Utf8String } name, { Type: CosemType.Int8 } scale, _]
            && scale.TryGetInteger(out var exponent)
            ? new Scaling((sbyte)exponent, new string([.. name.Text!.Where(letter => !char.IsControl(letter))]))
            : null;

    /// <summary>True for the attributes that hold an amount in the Account's currency.</summary>
    public static bool IsAmount(MemberReference attribute) => attribute switch
    {
        { ClassId: 111, Index: 5 or 6 or 7 or 8 or 16 or 17 } => true,
        { ClassId: 112, Index: 2 or 5 or 6 or 9 or 10 } => true,
        { ClassId: 113, Index: 2 or 11 or 12 } => true,
        _ => false,
    };

    /// <summary>The attribute that says what an attribute counts; null where nothing does.</summary>
    public static MemberReference? Of(MemberReference attribute) => attribute switch
    {
        { ClassId: 3, Index: 2 } => attribute with { Index = 3 },
        _ when IsAmount(attribute) => new MemberReference(111, PaymentObis.Account, 15),
        _ => null,
    };

    // IEC 62056-6-2, enumeration of units: those a prepayment meter has.
    private static string UnitName(byte code) => code switch
    {
        5 => "h",
        6 => "min",
        7 => "s",
        13 => "m3",
        27 => "W",
        28 => "VA",
        29 => "var",
        30 => "Wh",
        31 => "VAh",
        32 => "varh",
        33 => "A",
        35 => "V",
        44 => "Hz",
        255 => "",
        _ => $"(unit {code})",
    };

    private static string Shifted(Int128 number, int places)
    {
        var digits = UInt128.CreateTruncating(Int128.IsNegative(number) ? -number : number).ToString()
            .PadLeft(places + 1, '0');
        return $"{(Int128.IsNegative(number) ? "-" : "")}{digits[..^places]}.{digits[^places..]}";
    }
}
