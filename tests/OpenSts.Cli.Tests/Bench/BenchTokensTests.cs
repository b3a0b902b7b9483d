using OpenSts.Cli.Bench;

namespace OpenSts.Cli.Tests.Bench;

public class BenchTokensTests
{
    [Theory]
    [InlineData("EA07", 1000, 0x42cfc56f3cbb5b4cul)]
    [InlineData("EA07", 20000, 0x2d28b693afe32af8ul)]
    [InlineData("EA07", 100000, 0xae364116aef354dbul)]
    [InlineData("EA11", 1000, 0x1afa6034517b73cful)]
    [InlineData("EA11", 20000, 0x73d4789bc6d9f951ul)]
    public void Run_TheFixedWork_GivesTheCheckValueEitherWay(string suite, long count, ulong check)
    {
        Assert.Equal(check, BenchTokens.Run(suite, count, BenchMode.Bulk, 2).CheckValue);
        Assert.Equal(check, BenchTokens.Run(suite, count, BenchMode.Single, 1).CheckValue);
    }

    [Fact]
    public void Run_MoreTokensThanAreHashed_GivesOneCheckValueForAnyNumberOfThreads()
    {
        const long Count = 150_001;
        var one = BenchTokens.Run("EA07", Count, BenchMode.Bulk, 1).CheckValue;
        Assert.Equal(one, BenchTokens.Run("EA07", Count, BenchMode.Bulk, 3).CheckValue);
        Assert.Equal(one, BenchTokens.Run("EA07", Count, BenchMode.Single, 1).CheckValue);
        Assert.NotEqual(one, BenchTokens.Run("EA07", Count - 1, BenchMode.Bulk, 2).CheckValue);
    }
}
