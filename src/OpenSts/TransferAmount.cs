namespace OpenSts;

/// <summary>A 16-bit compressed amount: a 2-bit power of ten and a 14-bit mantissa; 0 to 18201624 units.</summary>
/// <remarks>
/// IEC 62055-41, Amount, MPL and MPPUL. One unit is 0.1 kWh, 0.1 m3 or 0.1 min in a credit token and 1 W in a power
/// limit. Up to 16383 units every number is exact; above, the steps are 10, 100 and 1000, and an amount between two
/// steps is rounded up, in the customer's favour. The default value is 0 units.
/// </remarks>
public readonly record struct TransferAmount
{
    /// <summary>The largest number of units the field holds.</summary>
    public const int MaxUnits = 18_201_624;

    private const int MantissaLimit = 1 << 14;

    private TransferAmount(ushort field) => Field = field;

    /// <summary>The 16 bits in the token: the exponent in bits 15 and 14, the mantissa in bits 13 to 0.</summary>
    public ushort Field { get; }

    /// <summary>The amount in units, 0 to 18201624.</summary>
    public int Units
    {
        get
        {
            var (first, step) = Band(Field >> 14);
            return first + ((Field & (MantissaLimit - 1)) * step);
        }
    }

    /// <summary>Creates the amount from its 16 bits; every value is valid.</summary>
    public static TransferAmount FromField(ushort field) => new(field);

    /// <summary>Creates the smallest amount of at least a number of units; false if it is not 0 to 18201624.</summary>
    public static bool TryFromUnits(Int128 units, out TransferAmount amount)
    {
        amount = default;
        if (units < 0 || units > MaxUnits)
            return false;
        for (var exponent = 0; exponent < 4; exponent++)
        {
            var (first, step) = Band(exponent);
            // Units in the gap below a band round up to its first value.
            var mantissa = Math.Max(0, ((int)units - first + step - 1) / step);
            if (mantissa >= MantissaLimit)
                continue;
            amount = new TransferAmount((ushort)((exponent << 14) | mantissa));
            return true;
        }

        return false;
    }

    /// <summary>
    /// Reads a decimal number of kWh, m3 or minutes, rounded up to tenths; false if the text is not a decimal number
    /// or is out of range.
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
