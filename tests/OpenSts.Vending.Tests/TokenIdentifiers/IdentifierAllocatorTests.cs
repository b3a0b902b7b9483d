using OpenSts.Vending.Meters;
using OpenSts.Vending.Tests.Vends;
using OpenSts.Vending.TokenIdentifiers;

namespace OpenSts.Vending.Tests.TokenIdentifiers;

/// <summary>Fault A7 and the rules of rising identifiers.</summary>
public class IdentifierAllocatorTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 9, 0, 30, TimeSpan.Zero);
    private IdentifierMark _mark = new(Example.Pan, BaseDate.Base2014, null);
    private MeterTotals _totals = new();

    [Fact]
    public void TryTake_SeveralInOneMinute_Rise()
    {
        var allocator = new IdentifierAllocator();
        var taken = Enumerable.Range(0, 5).Select(_ => Take(allocator, Now)).ToList();

        Assert.Equal([0, 1, 2, 3, 4], taken.Select(tid => tid - taken[0]));
    }

    [Fact]
    public void TryTake_MoreThanTheHourlyLimit_RefusedWithItsOwnCodeAndNothingMoves()
    {
        var allocator = new IdentifierAllocator(tokensPerHour: 3);
        for (var i = 0; i < 3; i++)
            _ = Take(allocator, Now);
        var (mark, totals) = (_mark, _totals);

        var refusal = allocator.TryTake(Now.AddMinutes(59), ref _mark, ref _totals, out _);

        Assert.Equal((ErrorCodes.MeterHourlyLimit, Now.AddHours(1)), (refusal!.Code, refusal["retryAt"]));
        Assert.Equal((mark, totals), (_mark, _totals));
        Assert.True(Take(allocator, Now.AddHours(1)) > mark.Highest!.Value.Value);
    }

    [Fact]
    public void TryTake_BuysAllDayAtTheLimit_NeverLocksTheMeter()
    {
        var allocator = new IdentifierAllocator(tokensPerHour: 59);
        for (var hour = 0; hour < 48; hour++)
        {
            for (var i = 0; i < 59; i++)
                _ = Take(allocator, Now.AddHours(hour));
        }

        Assert.True(_mark.Highest!.Value.ToTime(BaseDate.Base2014) < Now.AddHours(48));
    }

    [Fact]
    public void TryTake_ClockStoodAYearAheadAndNoTokenWasMade_VendsGoOn()
    {
        var allocator = new IdentifierAllocator();
        var before = Take(allocator, Now);
        var ahead = Take(allocator, Now.AddYears(1));
        _mark = IdentifierAllocator.Release(
            _mark, [TokenIdentifier.FromNumber(ahead)], TokenIdentifier.FromNumber(before));

        Assert.True(Take(allocator, Now.AddMinutes(5)) > before);
    }

    [Fact]
    public void TryTake_MarkMoreThanADayAhead_ClockBehind()
    {
        var allocator = new IdentifierAllocator();
        _ = Take(allocator, Now.AddHours(25));

        Assert.Equal(ErrorCodes.ClockBehind, allocator.TryTake(Now, ref _mark, ref _totals, out _)!.Code);
    }

    [Fact]
    public void Release_LaterTokenWasMade_MarkStays()
    {
        var allocator = new IdentifierAllocator();
        var first = Take(allocator, Now);
        var second = Take(allocator, Now);

        var mark = IdentifierAllocator.Release(
            _mark, [TokenIdentifier.FromNumber(first)], TokenIdentifier.FromNumber(second));

        Assert.Equal(second, mark.Highest!.Value.Value);
    }

    [Fact]
    public void TryTake_BarredAfterARestore_BeginsBehindIt()
    {
        var barred = Now.AddHours(3);
        var allocator = new IdentifierAllocator(barredUntil: barred);

        Assert.True(TokenIdentifier.FromNumber(Take(allocator, Now))
            .ToTime(BaseDate.Base2014) > barred.AddMinutes(-1));
    }

    [Fact]
    public void TryTake_BaseDateEnded_Refused()
    {
        _mark = new(Example.Pan, BaseDate.Base1993, null);

        Assert.Equal(
            ErrorCodes.BaseDateEnded, new IdentifierAllocator().TryTake(Now, ref _mark, ref _totals, out _)!.Code);
    }

    [Theory]
    [InlineData(-120, "clock-behind")]
    [InlineData(-2, null)]
    [InlineData(60 * 24 * 6, null)]
    [InlineData(60 * 24 * 8, "clock-jumped")]
    public void AgainstHeartbeat_ClockFarFromTheLastHeartbeat_StopsVends(int minutes, string? code)
    {
        var check = new ClockCheck(TimeSpan.FromMinutes(5), TimeSpan.FromDays(7));

        Assert.Equal(code, check.AgainstHeartbeat(Now.AddMinutes(minutes), Now, null)?.Code.Text);
        Assert.Null(check.AgainstHeartbeat(Now.AddMinutes(minutes), Now, confirmedUntil: Now));
    }

    [Theory]
    [InlineData(10, null)]
    [InlineData(20, "clock-jumped")]
    [InlineData(0, "clock-behind")]
    public void AgainstElapsed_ClockMovedOtherwiseThanTime_StopsVends(int minutes, string? code)
    {
        var check = new ClockCheck(TimeSpan.FromMinutes(5), TimeSpan.FromDays(7));

        Assert.Equal(code, check.AgainstElapsed(Now, TimeSpan.FromMinutes(10), Now.AddMinutes(minutes))?.Code.Text);
    }

    private int Take(IdentifierAllocator allocator, DateTimeOffset at)
    {
        Assert.Null(allocator.TryTake(at, ref _mark, ref _totals, out var tid));
        return tid.Value;
    }
}
