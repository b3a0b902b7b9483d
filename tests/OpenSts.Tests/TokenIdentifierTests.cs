namespace OpenSts.Tests;

public class TokenIdentifierTests
{
    [Theory]
    [InlineData(1993, "1996-03-25T13:55:00Z", 0x19EB23, Label = "1993")]
    [InlineData(1993, "2004-03-01T13:55:59Z", 0x599863, Label = "1993, leap days")]
    [InlineData(2014, "2014-03-01T13:00:00Z", 0x014EEC, Label = "2014")]
    [InlineData(1993, "2020-01-01T08:00:00Z", 14200320, Label = "published for 1993")]
    [InlineData(2014, "2020-01-01T08:00:00Z", 3155520, Label = "published for 2014")]
    [InlineData(2035, "2035-01-01T00:00:00Z", 0, Label = "first")]
    [InlineData(1993, "2024-11-24T20:15:59Z", 0xFFFFFF, Label = "last of 1993")]
    [InlineData(2014, "2045-11-24T20:15:59Z", 0xFFFFFF, Label = "last of 2014")]
    [InlineData(2035, "2066-11-24T20:15:59Z", 0xFFFFFF, Label = "last of 2035")]
    [InlineData(2014, "2014-03-01T15:00:00+02:00", 0x014EEC, Label = "another zone")]
    public void TryFromTime_InRange_CountsMinutes(int baseYear, string time, int expected)
    {
        Assert.True(TokenIdentifier.TryFromTime(TestKeys.Utc(time), BaseDate.FromYear(baseYear), out var tid));
        Assert.Equal(expected, tid.Value);
        Assert.Equal(expected, (int)(tid.ToTime(BaseDate.FromYear(baseYear)) - BaseDate.FromYear(baseYear).Start)
            .TotalMinutes);
    }

    [Theory]
    [InlineData(2014, "2013-12-31T23:59:59Z", Label = "a second before")]
    [InlineData(2014, "2045-11-24T20:16:00Z", Label = "a minute after")]
    public void TryFromTime_OutOfRange_Refuses(int baseYear, string time)
    {
        Assert.False(TokenIdentifier.TryFromTime(TestKeys.Utc(time), BaseDate.FromYear(baseYear), out var tid));
        Assert.Equal(default, tid);
    }

    [Theory]
    [InlineData("2024-05-01T00:00:00Z", "2024-05-01T00:00:00Z", Label = "00:00 is free")]
    [InlineData("2024-05-01T00:01:00Z", "2024-05-01T00:02:00Z", Label = "00:01 is reserved")]
    [InlineData("2024-05-01T00:02:00Z", "2024-05-01T00:02:00Z", Label = "00:02 is free")]
    public void TryForOrdinaryToken_AroundTheReservedMinute_AvoidsIt(string time, string expected)
    {
        Assert.True(TokenIdentifier.TryForOrdinaryToken(TestKeys.Utc(time), BaseDate.Base2014, out var tid));
        Assert.Equal(TestKeys.Utc(expected), tid.ToTime(BaseDate.Base2014));
        Assert.False(tid.IsReserved);
        Assert.True(TokenIdentifier.TryForSpecialToken(TestKeys.Utc(time), BaseDate.Base2014, out var special));
        Assert.True(special.IsReserved);
        Assert.Equal(TestKeys.Utc("2024-05-01T00:01:00Z"), special.ToTime(BaseDate.Base2014));
    }

    [Fact]
    public void TryAllocate_ThreeInOneMinute_TakesTheFollowingMinutes()
    {
        var now = TestKeys.Utc("2024-05-01T00:03:00Z");
        TokenIdentifier? last = null;
        for (var i = 0; i < 3; i++)
        {
            Assert.True(TokenIdentifier.TryAllocate(now, BaseDate.Base2014, last, out var tid));
            Assert.Equal(now.AddMinutes(i), tid.ToTime(BaseDate.Base2014));
            last = tid;
        }

        Assert.True(TokenIdentifier.TryAllocate(now.AddMinutes(5), BaseDate.Base2014, last, out var later));
        Assert.Equal(now.AddMinutes(5), later.ToTime(BaseDate.Base2014));
    }

    [Fact]
    public void TryAllocate_ManyAcrossMidnightAndClockSteps_NeverReservedNeverBack()
    {
        var random = new Random(20140101);
        var now = TestKeys.Utc("2024-05-01T23:30:00Z");
        var last = -1;
        for (var i = 0; i < 100_000; i++)
        {
            now = now.AddMinutes(random.Next(-20, 22));
            Assert.True(TokenIdentifier.TryAllocate(now, BaseDate.Base2014, last < 0 ? null
                : TokenIdentifier.FromNumber(last), out var tid));
            Assert.True(tid.Value > last);
            Assert.False(tid.IsReserved);
            last = tid.Value;
        }
    }

    [Fact]
    public void TryAllocate_LastOfTheBaseDateUsed_Refuses()
    {
        var last = TokenIdentifier.FromNumber(TokenIdentifier.MaxValue);
        Assert.False(TokenIdentifier.TryAllocate(BaseDate.Base2014.LastMinute, BaseDate.Base2014, last, out _));
        Assert.Equal(0, BaseDate.Base2014.DaysLeft(BaseDate.Base2014.LastMinute));
        Assert.True(BaseDate.Base1993.DaysLeft(TestKeys.Utc("2026-11-21T00:00:00Z")) < 0);
    }
}
