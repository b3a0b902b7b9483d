namespace OpenSts.Meter.Simulation.Tests;

public class LoadProfileTests
{
    [Theory]
    [InlineData("none", true)]
    [InlineData("household", true)]
    [InlineData("1500", true)]
    [InlineData("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24", true)]
    [InlineData("", false)]
    [InlineData("-1", false)]
    [InlineData("1000001", false)]
    [InlineData("1,2", false)]
    [InlineData("1;2", false)]
    [InlineData("99999999999999999999", false)]
    [InlineData(null, false)]
    public void TryParse_Text_AcceptsTheDocumentedFormsOnly(string? text, bool good) =>
        Assert.Equal(good, LoadProfile.TryParse(text, out _));
}
