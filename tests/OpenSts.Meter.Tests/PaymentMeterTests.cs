using OpenSts.Keys;
using OpenSts.Meter.Carriers.Keypad;
using OpenSts.Meter.Carriers.LocalPort;
using OpenSts.Metering;

namespace OpenSts.Meter.Tests;

public class PaymentMeterTests
{
    private const string FirstSection = "06510894141453018386";
    private const string SecondSection = "22979178279997208272";
    private const string ReadKeyRevision = "18446744073843772416";

    [Fact]
    public void AddAccount_MeterThatWasPostpaid_IsPrepaidAndRefusesThePaymentModeFlag()
    {
        var clock = NewMeters.Clock();
        var start = NewMeters.Record();
        var meter = new PaymentMeter(
            start with { State = start.State with { Flags = start.State.Flags.With(6, false) } }, clock);
        Assert.Equal(SupplyBlock.None, Supply.Block(meter.Record));
        meter.AddAccount();
        Assert.Equal(SupplyBlock.NoCredit, Supply.Block(meter.Record));
        var key = meter.Record.State.Key;
        foreach (var enabled in (bool[])[false, true])
        {
            var token = TokenIssuer.Issue(
                new SetFlag { Index = 6, Enabled = enabled, Tid = TokenIdentifier.FromNumber(8), Random = 1 }, key);
            Assert.Equal(
                TokenResult.FunctionError, meter.Enter(token.ToString(), TokenCarrierType.VirtualDlms).Result);
        }

        Assert.Equal(SupplyBlock.NoCredit, Supply.Block(meter.Record));
        Assert.Equal(
            "0016",
            LocalPortRegisters.Read(
                0xF040, meter.Record with { State = meter.Record.State with { Flags = new FlagArray(0x0C76) } },
                default));
    }

    [Fact]
    public void Restart_WithinTheTimeoutOfAKeyChangeSet_TheRestCompletesIt()
    {
        var clock = NewMeters.Clock();
        var meter = new PaymentMeter(NewMeters.Record(), clock);
        Assert.Equal(TokenResult.FirstKeyChangeToken, meter.Enter(FirstSection, TokenCarrierType.Numeric).Result);
        clock.Advance(TimeSpan.FromSeconds(599));
        var restarted = new PaymentMeter(meter.Record, clock, restarted: true);
        Assert.False(restarted.Record.State.KeyChange.IsEmpty);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TokenResult.Accept, restarted.Enter(SecondSection, TokenCarrierType.Numeric).Result);
        Assert.Equal("02", $"{restarted.Record.State.TariffIndex}");
        Assert.Empty(restarted.Record.PendingKeyChange);
    }

    [Theory]
    [InlineData(601, Label = "the time-out has passed")]
    [InlineData(-1, Label = "the clock was set back")]
    public void Restart_OutsideTheTimeout_TheSetBeginsAnew(int seconds)
    {
        var clock = NewMeters.Clock();
        var meter = new PaymentMeter(NewMeters.Record(), clock);
        _ = meter.Enter(FirstSection, TokenCarrierType.Numeric);
        clock.MoveTo(clock.GetUtcNow().AddSeconds(seconds));
        var restarted = new PaymentMeter(meter.Record, clock, restarted: true);
        Assert.Equal(
            TokenResult.SecondKeyChangeToken, restarted.Enter(SecondSection, TokenCarrierType.Numeric).Result);
    }

    [Fact]
    public void Restart_TimeoutRunsOutAfterwards_CountsFromTheFirstSection()
    {
        var clock = NewMeters.Clock();
        var meter = new PaymentMeter(NewMeters.Record(), clock);
        _ = meter.Enter(FirstSection, TokenCarrierType.Numeric);
        clock.Advance(TimeSpan.FromSeconds(300));
        var restarted = new PaymentMeter(meter.Record, clock, restarted: true);
        clock.Advance(TimeSpan.FromSeconds(301));
        Assert.Equal(
            TokenResult.SecondKeyChangeToken, restarted.Enter(SecondSection, TokenCarrierType.Numeric).Result);
        Assert.Equal(clock.GetUtcNow(), Assert.Single(restarted.Record.PendingKeyChange).At);
    }

    [Fact]
    public void SetPower_LostAndRestored_DiscardsABegunKeyChangeSet()
    {
        var clock = NewMeters.Clock();
        var meter = new PaymentMeter(NewMeters.Record(), clock);
        _ = meter.Enter(FirstSection, TokenCarrierType.Numeric);
        meter.SetPower(false);
        meter.SetPower(true);
        Assert.Empty(meter.Record.PendingKeyChange);
        Assert.Equal(TokenResult.SecondKeyChangeToken, meter.Enter(SecondSection, TokenCarrierType.Numeric).Result);
    }

    [Fact]
    public void Draw_StoreBehindIt_SavesBeforeMoreThanTheLimitIsUnsaved()
    {
        var store = new LastSaved();
        var meter = new PaymentMeter(
            NewMeters.Record(units: 10_000) with { SaveAfterMicro = 250_000 }, NewMeters.Clock(), store);
        meter.Save();
        var random = new Random(4);
        var largest = 0L;
        for (var i = 0; i < 5_000; i++)
        {
            meter.Draw(random.Next(20_000), TimeSpan.FromSeconds(random.Next(1, 60)));
            var unsaved = meter.Record.CumulativeMicro - store.Record!.CumulativeMicro;
            Assert.InRange(unsaved, 0, 249_999);
            largest = Math.Max(largest, unsaved);
        }

        Assert.True(largest > 100_000, "nothing was ever unsaved: the test says nothing");
        Assert.True(store.Saves < 5_000, "every step was saved");
    }

    [Fact]
    public void Enter_KeyRevisionTest_ShowsRevisionAndTypeAsOneText()
    {
        var keypad = new KeypadSession(new PaymentMeter(NewMeters.Record(), NewMeters.Clock()));
        foreach (var digit in ReadKeyRevision)
            keypad.Press(digit, TimeSpan.Zero);
        Assert.Equal(
            ["KeyRevisionNumber 1", "KeyType 2"],
            keypad.LastAnswer!.Display.Select(item => $"{item.Name} {item.Value}"));
        Assert.Equal("1 2", keypad.Text(KeypadSession.ResultTime));
        Assert.Equal("0 kWh NoCredit", keypad.Text(KeypadSession.ResultTime + KeypadSession.ItemTime));
    }

    [Fact]
    public void Credit_MeterThatCountsCurrencyOnly_IsMoneyEverywhere()
    {
        var settings = new MeterSettings
        {
            MeterPan = default,
            EncryptionAlgorithm = EncryptionAlgorithm.Ea07,
            CountsUnits = false
        };
        var start = NewMeters.Record(settings) with { StepsPerUnit = 250_000 };
        var meter = new PaymentMeter(
            start with { State = start.State with { CreditSteps = 10_000_000 } }, NewMeters.Clock());
        Assert.Equal(("100", 10_000_000), (Display.Credit(meter.Record), meter.Record.Credit));
        Assert.Equal("100", ShortCodes.Show("000", meter.Record)!.Value);
        Assert.Equal(30_000_000, meter.Consume(30_000_000));
        Assert.Equal(
            (2_500_000, (Int128)7_500_000),
            (meter.Record.Credit, meter.Record.InCreditUnit(meter.Record.CumulativeMicro)));
    }

    [Fact]
    public void Credit_MeterWithBothRegistersAndAPrice_AddsWhatTheMoneyBuys()
    {
        var start = NewMeters.Record(units: 15);
        var record = start with { StepsPerUnit = 250_000, State = start.State with { CreditSteps = 10_000_000 } };
        Assert.Equal(15 + 400, record.Credit);
        Assert.Equal(15, (record with { StepsPerUnit = 0 }).Credit);
    }

    private sealed class LastSaved : IMeterStore
    {
        public MeterRecord? Record { get; private set; }

        public int Saves { get; private set; }

        public void Save(MeterRecord record)
        {
            Record = record;
            Saves++;
        }
    }
}
