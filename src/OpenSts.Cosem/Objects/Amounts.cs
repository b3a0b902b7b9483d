using OpenSts.Cosem.Meters;
using OpenSts.Dlms.Values;

namespace OpenSts.Cosem.Objects;

/// <summary>Credit and consumption as double-long: 0.1 of a unit, or 0.01 of a base unit of money.</summary>
/// <remarks>
/// A reading, see docs/standard/readings.md: money in 10^-5 of a base unit would pass 32 bits at 21474 units, so it is
/// shown in hundredths, rounded towards less credit. A value outside 32 bits is shown as the nearest end.
/// </remarks>
internal static class Amounts
{
    private const int StepsPerHundredth = 1000;

    /// <summary>The power of ten of what an amount counts.</summary>
    public static sbyte Scale(MeterNameplate plate) => plate.CountsCurrency ? (sbyte)-2 : (sbyte)-1;

    public static CosemValue Show(MeterNameplate plate, Int128 amount)
    {
        if (plate.CountsCurrency)
        {
            var (hundredths, rest) = Int128.DivRem(amount, StepsPerHundredth);
            amount = rest < 0 ? hundredths - 1 : hundredths;
        }

        return CosemValue.Int32((int)Int128.Clamp(amount, int.MinValue, int.MaxValue));
    }

    /// <summary>The meter's units of an amount as it was shown.</summary>
    public static long Meant(MeterNameplate plate, long shown) =>
        plate.CountsCurrency ? shown * StepsPerHundredth : shown;
}
