using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Tests.Terminal;

public class OptionNamesTests
{
    private static readonly OptionNames Names = new OptionNames()
        .Add("meter.pan", "--pan").Add("to.meter.pan", "--to-pan").Add("vendingKey", "--vending-key")
            .Add("token", "token").Add("tokens", "--tokens");

    [Theory]
    [InlineData("vendingKey (or decoderKey) is missing", "--vending-key (or decoderKey) is missing")]
    [InlineData("to.meter.pan: '1'", "--to-pan: '1'")]
    [InlineData("meter.pan: 'meter.pan'", "--pan: 'meter.pan'")]
    [InlineData("meter.panel and parameter.pan stay", "meter.panel and parameter.pan stay")]
    [InlineData("token.amount is not token", "token.amount is not token")]
    [InlineData("at most 1 under meter.pan.", "at most 1 under --pan.")]
    [InlineData("tokens: 4", "--tokens: 4")]
    [InlineData("", "")]
    public void Translate_AMessage_NamesTheOptions(string message, string expected) =>
        Assert.Equal(expected, Names.Translate(message));
}
