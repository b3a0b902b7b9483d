namespace OpenSts.Vending.Meters;

/// <summary>The two meters of an exchange as they are stored afterwards.</summary>
/// <param name="Closed">The old meter; it gets no token any more.</param>
/// <param name="Opened">The meter in its place.</param>
/// <param name="Totals">What counts for the new meter: the site's charges, block position and free units go
/// over.</param>
public sealed record MeterExchange(PaymentMeter Closed, PaymentMeter Opened, MeterTotals Totals)
{
    /// <summary>Plans the exchange of a meter.</summary>
    /// <param name="old">The meter that is taken away.</param>
    /// <param name="oldTotals">What it bought.</param>
    /// <param name="fresh">The meter that is put in its place; null where it is not registered.</param>
    /// <param name="freshTotals">What that one bought before.</param>
    /// <param name="reason">Why.</param>
    /// <param name="day">The local day of the exchange.</param>
    public static Result<MeterExchange> Plan(
        PaymentMeter old, MeterTotals oldTotals, PaymentMeter? fresh, MeterTotals freshTotals, string reason,
            DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(oldTotals);
        ArgumentNullException.ThrowIfNull(freshTotals);
        if (old.State == MeterState.Replaced)
            return old.RefusesVends()!;
        if (fresh is null || fresh.Pan == old.Pan || fresh.State != MeterState.Active)
            return new Refusal(
                ErrorCodes.FieldInvalid, "replacement", RefusalArgument.Text("rule", "another-active-meter"));
        var (from, to) = (oldTotals.On(day), freshTotals.On(day));
        return new MeterExchange(
            old with { State = MeterState.Replaced, StateReason = $"{fresh.Pan.DecoderReferenceNumber}: {reason}" },
            fresh with { Customer = old.Customer, Tariff = old.Tariff, ChargesFrom = old.ChargesFrom },
            to with
            {
                LastVendAt = Later(from.LastVendAt, to.LastVendAt),
                // The charges are the site's: they are settled as far as the old meter settled them.
                ChargedThrough = from.ChargedThrough,
                FixedChargesLeft = from.FixedChargesLeft + to.FixedChargesLeft,
                MonthMilliUnits = from.MonthMilliUnits + to.MonthMilliUnits,
                HadFreeUnits = from.HadFreeUnits || to.HadFreeUnits,
                TenderedToday = from.TenderedToday + to.TenderedToday,
            });
    }

    private static DateTimeOffset? Later(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null || right > left ? right : left;
}
