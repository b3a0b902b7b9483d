namespace OpenSts.Meter;

/// <summary>How consumption uses credit: units first, then currency at the meter's price.</summary>
/// <remarks>Exact: the remainder of a unit or step is carried to the next draw, so a thousand small draws cost what
/// one large draw does.</remarks>
public static class Consumption
{
    /// <summary>One unit of credit, 0.1, in 10^-6.</summary>
    public const int MicroInUnit = 100_000;

    private const int MicroInStep = 1_000_000;

    /// <summary>Draws an amount; delivery ends where the credit does.</summary>
    /// <param name="record">The meter before the draw.</param>
    /// <param name="micro">10^-6 of a kWh, m3 or minute, not negative.</param>
    /// <param name="delivered">How much of it was delivered.</param>
    public static MeterRecord Draw(MeterRecord record, long micro, out long delivered)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentOutOfRangeException.ThrowIfNegative(micro);
        delivered = 0;
        if (Supply.Block(record) != SupplyBlock.None)
            return record;
        var after = record;
        delivered = micro;
        if (Supply.IsPrepaid(record))
        {
            after = DrawUnits(after, micro, out var fromUnits);
            after = DrawCurrency(after, micro - fromUnits, out var fromCurrency);
            delivered = fromUnits + fromCurrency;
        }

        return after with { CumulativeMicro = after.CumulativeMicro + delivered };
    }

    /// <summary>The remaining unit credit, in 10^-6 of a kWh, m3 or minute.</summary>
    public static Int128 UnitsLeft(MeterRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return ((Int128)record.State.CreditUnits * MicroInUnit) - record.UsedOfUnit;
    }

    private static MeterRecord DrawUnits(MeterRecord record, long micro, out long taken)
    {
        var left = UnitsLeft(record);
        taken = (long)Int128.Min(micro, Int128.Max(left, 0));
        if (taken == 0)
            return record;
        left -= taken;
        var units = (long)((left + MicroInUnit - 1) / MicroInUnit);
        return record with
        {
            State = record.State with { CreditUnits = units },
            UsedOfUnit = (int)(((Int128)units * MicroInUnit) - left),
        };
    }

    private static MeterRecord DrawCurrency(MeterRecord record, long micro, out long taken)
    {
        taken = 0;
        if (micro == 0 || record.StepsPerUnit == 0 || record.State.CreditSteps <= 0)
            return record;
        // A price in steps for a whole kWh is as many millionths of a step for a millionth of a kWh.
        var left = ((Int128)record.State.CreditSteps * MicroInStep) - record.UsedOfStep;
        taken = (long)Int128.Min(micro, left / record.StepsPerUnit);
        // A remainder below the price of the smallest draw is discarded: supply ends and the register reads zero.
        left = taken < micro ? 0 : left - ((Int128)taken * record.StepsPerUnit);
        var steps = (long)((left + MicroInStep - 1) / MicroInStep);
        return record with
        {
            State = record.State with { CreditSteps = steps },
            UsedOfStep = (int)(((Int128)steps * MicroInStep) - left),
        };
    }
}
