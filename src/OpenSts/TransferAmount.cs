namespace OpenSts;

/// <summary>A 16-bit compressed amount: a 2-bit power of ten and a 14-bit mantissa; 0 to 18201624 units.</summary>
/// <remarks>
/// IEC 62055-41, Amount, MPL and MPPUL. One unit is 0.1 kWh, 0.1 m3 or 0.1 min in a credit token and 1 W in a power
/// limit. Up to 16383 units every number is exact; beyond, steps of 10, 100 and 1000 follow, and an amount between two
/// steps takes the upper one, in the customer's favour. The default value is 0 units.
/// </remarks>
public readonly record struct TransferAmount
{
    /// <summary>The largest number of units the field holds.</summary>
    public const int MaxUnits = 18_201_624;

    private const int MantissaLimit = 1 << 14;

    private TransferAmount(ushort field) => Field = field;

    /// <summary>The 16 bits as they stand in the token: exponent in bits 15 and 14, mantissa below.</summary>
    public ushort Field { get; }

    /// <summary>The units the field gives, 0 to 18201624.</summary>
    public int Units
    {
        get
        {
            var (first, step) = Band(Field >> 14);
            return first + ((Field & (MantissaLimit - 1)) * step);
        }
    }

    /// <summary>The field with these 16 bits; every value is a valid field.</summary>
    public static TransferAmount FromField(ushort field) => new(field);

    /// <summary>The smallest field that gives at least this many units; false below 0 and above 18201624.</summary>
    public static bool TryFromUnits(Int128 units, out TransferAmount amount)
    {
        amount = default;
        if (units < 0 || units > MaxUnits)
            return false;
        for (var exponent = 0; exponent < 4; exponent++)
        {
            var (first, step) = Band(exponent);
            // Rounding up may overtake the band's own first value when the units lie in the gap below it.
            var mantissa = Math.Max(0, ((int)units - first + step - 1) / step);
            if (mantissa >= MantissaLimit)
                continue;
            amount = new TransferAmount((ushort)((exponent << 14) | mantissa));
            return true;
        }

        return false;
    }

    /// <summary>
    /// Reads a decimal of kWh, m3 or minutes, tenths rounded up; false where the text is not a decimal or is out of
    /// range.
    /// </summary>
    public static bool TryParseTenths(ReadOnlySpan<char> text, out TransferAmount amount)
    {
        amount = default;
        return ExactDecimal.TryReadRoundedUp(text, 1, out var units) && text[0] != '-'
            && TryFromUnits(units, out amount);
    }

    /// <summary>The amount in kWh, m3 or minutes, as a decimal text.</summary>
    public string ToTenthsString() => ExactDecimal.Format(Units, 1);

    /// <summary>The number of units.</summary>
    public override string ToString() => Units.ToString();

    private static (int First, int Step) Band(int exponent) => exponent switch
    {
        0 => (0, 1),
        1 => (16_384, 10),
        2 => (180_224, 100),
        _ => (1_818_624, 1_000),
    };
}
