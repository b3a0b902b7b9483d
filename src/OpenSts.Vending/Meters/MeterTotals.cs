namespace OpenSts.Vending.Meters;

/// <summary>What a meter bought so far: all that pricing and limits need to know of its earlier vends.</summary>
/// <remarks>Vends whose outcome is not known yet are counted; a refusal or reversal takes them out again.</remarks>
public sealed record MeterTotals
{
    /// <summary>When the last vend was made; null for none.</summary>
    public DateTimeOffset? LastVendAt { get; init; }

    /// <summary>The last local day whose fixed charges are settled or carried in <see cref="FixedChargesLeft"/>; null
    /// for none.</summary>
    public DateOnly? ChargedThrough { get; init; }

    /// <summary>Fixed charges that fell due and were not collected yet, without tax, in minor units.</summary>
    public long FixedChargesLeft { get; init; }

    /// <summary>The local month that the next three count, its first day.</summary>
    public DateOnly Month { get; init; }

    /// <summary>Thousandths of units bought in the month: where the meter stands in its blocks.</summary>
    public long MonthMilliUnits { get; init; }

    /// <summary>True where the month's free allocation was given.</summary>
    public bool HadFreeUnits { get; init; }

    /// <summary>The local day that <see cref="TenderedToday"/> counts.</summary>
    public DateOnly Day { get; init; }

    /// <summary>Money tendered on the day, in minor units.</summary>
    public long TenderedToday { get; init; }

    /// <summary>The start of the hour that <see cref="TokensInHour"/> counts.</summary>
    public DateTimeOffset Hour { get; init; }

    /// <summary>Tokens with an identifier made or ordered in that hour.</summary>
    public int TokensInHour { get; init; }

    /// <summary>The totals as they count on a day: a new month or day begins at zero.</summary>
    /// <remarks>A server whose clock is still in the old month reads the later month's counts, which never gives more
    /// than is due.</remarks>
    public MeterTotals On(DateOnly day)
    {
        var month = new DateOnly(day.Year, day.Month, 1);
        var totals = this;
        if (totals.Month < month)
            totals = totals with { Month = month, MonthMilliUnits = 0, HadFreeUnits = false };
        return totals.Day < day ? totals with { Day = day, TenderedToday = 0 } : totals;
    }

    /// <summary>The totals without a vend that was counted and gave no tokens.</summary>
    /// <param name="bookedMonth">The first day of the vend's local month.</param>
    /// <param name="day">The vend's local day.</param>
    /// <param name="milliUnits">Thousandths of units that it counted.</param>
    /// <param name="tender">Money that it counted, in minor units.</param>
    /// <param name="fixedCharges">Fixed charges that it collected, without tax, in minor units: they are due
    /// again.</param>
    /// <param name="free">True where it held the month's free units: they may be given again.</param>
    public MeterTotals Without(
        DateOnly bookedMonth, DateOnly day, long milliUnits, long tender, long fixedCharges, bool free) => this with
        {
            FixedChargesLeft = FixedChargesLeft + fixedCharges,
            MonthMilliUnits = Month == bookedMonth ? MonthMilliUnits - milliUnits : MonthMilliUnits,
            HadFreeUnits = HadFreeUnits && !(free && Month == bookedMonth),
            TenderedToday = Day == day ? TenderedToday - tender : TenderedToday,
        };
}
