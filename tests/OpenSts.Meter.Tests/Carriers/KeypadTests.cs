using OpenSts.Meter.Carriers.Keypad;
using OpenSts.Metering;

namespace OpenSts.Meter.Tests.Carriers;

public class KeypadTests
{
    private readonly SimulatedClock _clock = NewMeters.Clock();
    private readonly PaymentMeter _meter;
    private readonly KeypadSession _keypad;
    private TimeSpan _now;

    public KeypadTests()
    {
        _meter = new PaymentMeter(NewMeters.Record(), _clock);
        _keypad = new KeypadSession(_meter);
    }

    [Fact]
    public void Press_TwentyDigits_EntersThemAndShowsResultAndCredit()
    {
        Assert.Equal("0 kWh NoCredit", _keypad.Text(_now));
        Type(NewMeters.Published[..6]);
        Assert.Equal("7063-05 (6)", _keypad.Text(_now));
        Type(NewMeters.Published[6..]);
        Assert.Equal(TokenResult.Accept, _keypad.LastAnswer!.Result);
        Assert.Equal("Accept", _keypad.Text(_now));
        Assert.Equal("0.1 kWh", _keypad.Text(_now + TimeSpan.FromSeconds(4)));
        Assert.Equal(1, _meter.Record.State.CreditUnits);
    }

    [Fact]
    public void Press_Star_DeletesOneDigitAndTwiceEverything()
    {
        Type("1234*");
        Assert.Equal("123 (3)", _keypad.Text(_now));
        Type("5*");
        Assert.Equal("123 (3)", _keypad.Text(_now));
        Type("*");
        Assert.Equal(0, _keypad.Typed);
    }

    [Fact]
    public void Press_AfterTwentySeconds_BeginsAnew()
    {
        Type("1234");
        _now += TimeSpan.FromSeconds(21);
        Assert.Equal("0 kWh NoCredit", _keypad.Text(_now));
        Type("7");
        Assert.Equal("7 (1)", _keypad.Text(_now));
    }

    [Fact]
    public void Press_WrongTokens_ShowsTheLockoutWithSeconds()
    {
        Type("70630503470028726115");
        Type("70630503470028726116");
        Assert.Equal("Reject", _keypad.Text(_now));
        Type(NewMeters.Published);
        Assert.Equal("Loc Out 2 s", _keypad.Text(_now));
    }

    [Theory]
    [InlineData("#005#", "1")]
    [InlineData("#006#", "201457")]
    [InlineData("#078#", "0")]
    [InlineData("#999#", "no code")]
    [InlineData("#5#", "no code")]
    public void Press_ShortCode_ShowsItsValue(string keys, string shown)
    {
        Type(keys);
        Assert.Equal(shown, _keypad.Text(_now));
    }

    [Fact]
    public void Press_LastTokenCodes_TellOfAuthenticTokensOnly()
    {
        Type(NewMeters.Published + "#054#");
        Assert.Equal("7063 0503 4700 2872 6114", _keypad.Text(_now));
        Type("#059#");
        Assert.Equal("0.1", _keypad.Text(_now));
        Type("70630503470028726115" + "#054#");
        Assert.Equal("none", _keypad.Text(_now));
        Type("#078#");
        Assert.Equal("13", _keypad.Text(_now));
    }

    [Fact]
    public void Press_TestToken_ShowsEveryItemInTurn()
    {
        Type("56493153725450313471");
        var shown = new List<string>();
        for (var second = 0; second < 120; second++)
            shown.Add(_keypad.Text(_now + TimeSpan.FromSeconds(second)));
        Assert.Contains("201457", shown);
        Assert.Contains("07", shown);
        Assert.Equal("0 kWh NoCredit", shown[^1]);
    }

    [Fact]
    public void Press_NoKey_Throws() => Assert.Throws<ArgumentException>(() => _keypad.Press('A', _now));

    [Fact]
    public void Press_RandomKeys_NeverThrowsAndNeverLosesTheMeter()
    {
        var random = new Random(3);
        for (var i = 0; i < 200_000; i++)
        {
            _now += TimeSpan.FromMilliseconds(random.Next(2000));
            _keypad.Press("0123456789*#"[random.Next(12)], _now);
            _ = _keypad.Text(_now + TimeSpan.FromSeconds(random.Next(30)));
        }

        Assert.Equal(0, _meter.Record.State.CreditUnits);
    }

    private void Type(string keys)
    {
        foreach (var key in keys)
            _keypad.Press(key, _now);
    }
}
