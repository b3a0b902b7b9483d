using OpenSts.Vending.Tariffs;

namespace OpenSts.Vending.Tests.Tariffs;

public class TariffHistoryTests
{
    private static readonly Currency Rand = new("ZAR", 2);

    [Theory]
    [InlineData("2026-01-01", "2026-01-02", 100, Label = "a day")]
    [InlineData("2026-01-01", "2026-01-01", 0, Label = "the same day")]
    [InlineData("2026-01-02", "2026-01-01", 0, Label = "the clock stepped back")]
    [InlineData("2026-01-31", "2026-02-01", 5_100, Label = "a month's first day")]
    [InlineData("2025-01-31", "2026-01-31", 36_500 + 60_000, Label = "a year")]
    public void Accrued_OneVersion_CountsByTheCalendar(string after, string through, long expected)
    {
        var history = new TariffHistory([Version(1, "2020-01-01", 1m, 50m)]);

        Assert.Equal(expected, history.Accrued(Rand, Day(after), Day(through)));
    }

    [Fact]
    public void Accrued_RateChangesInTheSpan_EachDayAtItsOwnRate()
    {
        var history = new TariffHistory([Version(1, "2026-01-01", 1m, 30m), Version(2, "2026-02-15", 2m, 60m),
            Version(3, "2026-03-01", 4m, 90m)]);

        // 10 February to 5 March: five days at 1, fourteen at 2 (15 to 28 February), five at 4, and the month of
        // March at 90.
        var accrued = history.Accrued(Rand, Day("2026-02-09"), Day("2026-03-05"));

        Assert.Equal(500 + 2_800 + 2_000 + 9_000, accrued);
    }

    [Fact]
    public void Accrued_SpanBeginsBeforeTheFirstVersion_CountsFromItsDate()
    {
        var history = new TariffHistory([Version(1, "2026-02-01", 1m, 50m)]);

        Assert.Equal(5_000 + 300, history.Accrued(Rand, Day("2025-12-01"), Day("2026-02-03")));
    }

    [Fact]
    public void Accrued_AnySplitOfASpan_SumsToTheWhole()
    {
        var history = new TariffHistory([Version(1, "2026-01-01", 0.37m, 11m), Version(2, "2026-01-20", 0.41m, 12m)]);
        var (first, last) = (Day("2025-12-31"), Day("2026-04-01"));
        var whole = history.Accrued(Rand, first, last);

        for (var day = first; day <= last; day = day.AddDays(1))
            Assert.Equal(whole, history.Accrued(Rand, first, day) + history.Accrued(Rand, day, last));
    }

    [Fact]
    public void On_DaysAroundADate_NewVersionFromItsDay()
    {
        var draft = Version(3, "2026-01-01", 9m, 9m) with { State = TariffState.Draft };
        var history = new TariffHistory([Version(2, "2026-02-15", 2m, 60m), draft, Version(1, "2026-01-01", 1m, 30m)]);

        Assert.Null(history.On(Day("2025-12-31")));
        Assert.Equal(1, history.On(Day("2026-02-14"))!.Version);
        Assert.Equal(2, history.On(Day("2026-02-15"))!.Version);
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd");

    private static TariffVersion Version(int version, string from, decimal daily, decimal monthly) => new()
    {
        TariffId = "t",
        Version = version,
        Name = "t",
        Service = CreditService.Electricity,
        State = TariffState.Active,
        EffectiveFrom = Day(from),
        Blocks = [new TariffBlock(null, 1m)],
        FixedCharges = [new FixedCharge("day", daily, ChargePeriod.Daily),
            new FixedCharge("month", monthly, ChargePeriod.Monthly)],
        Minimum = 0,
        Maximum = 1_000,
        WrittenBy = "a",
    };
}
