using OpenSts.Metering;

namespace OpenSts.Meter.Tests;

public class ConsumptionTests
{
    [Fact]
    public void Draw_RandomAmounts_AgreesWithExactSums()
    {
        var random = new Random(7);
        var record = NewMeters.Record(units: 1000) with { StepsPerUnit = 250_000 };
        record = record with { State = record.State with { CreditSteps = 20_000_000 } };
        // The second model: decimals, without registers or carried parts.
        var (units, money, delivered) = (100m, 200m, 0m);
        for (var i = 0; i < 200_000; i++)
        {
            var micro = random.Next(i % 3 == 0 ? 5 : 5_000);
            record = Consumption.Draw(record, micro, out var given);
            var wanted = micro / 1_000_000m;
            var fromUnits = Math.Min(wanted, units);
            var fromMoney = Math.Min(wanted - fromUnits, Math.Floor(money / 2.5m * 1_000_000m) / 1_000_000m);
            units -= fromUnits;
            money -= fromMoney * 2.5m;
            if (fromUnits + fromMoney < wanted)
                money = 0;
            delivered += fromUnits + fromMoney;
            Assert.Equal(fromUnits + fromMoney, given / 1_000_000m);
            Assert.Equal(units, (decimal)Consumption.UnitsLeft(record) / 1_000_000m);
            Assert.Equal(Math.Ceiling(money * 100_000m), record.State.CreditSteps);
        }

        Assert.Equal(delivered, record.CumulativeMicro / 1_000_000m);
        Assert.Equal(0, record.State.CreditUnits);
    }

    [Fact]
    public void Draw_MoreThanThereIs_StopsAtZeroAndOpensTheSwitch()
    {
        var record = Consumption.Draw(NewMeters.Record(units: 5), 900_000, out var delivered);
        Assert.Equal((500_000L, 0L, 0), (delivered, record.State.CreditUnits, record.UsedOfUnit));
        Assert.Equal(SupplyBlock.NoCredit, Supply.Block(record));
        Assert.Same(record, Consumption.Draw(record, 1, out delivered));
        Assert.Equal(0, delivered);
    }

    [Fact]
    public void Draw_OverThePowerLimit_OpensForHalfAMinuteAndTriesAgain()
    {
        var clock = NewMeters.Clock();
        var start = NewMeters.Record(units: 1000);
        var meter = new PaymentMeter(start with { State = start.State with { MaximumPowerLimit = 2000 } }, clock);
        meter.Draw(2500, TimeSpan.FromSeconds(10));
        Assert.Equal(SupplyBlock.OverPower, Supply.Block(meter.Record));
        meter.Draw(100, TimeSpan.FromSeconds(29));
        Assert.Equal(SupplyBlock.OverPower, Supply.Block(meter.Record));
        Assert.Equal(0, meter.Record.CumulativeMicro);
        meter.Draw(100, TimeSpan.FromSeconds(1));
        Assert.Equal(SupplyBlock.None, Supply.Block(meter.Record));
        meter.Draw(2000, TimeSpan.FromHours(1));
        Assert.Equal(2_000_000 + 27, meter.Record.CumulativeMicro);
        Assert.Equal(
            [MeterEventKind.SwitchOpened, MeterEventKind.SwitchClosed], meter.Record.Events.Select(e => e.Kind));
    }

    [Fact]
    public void Draw_ManyShortSteps_CostsWhatOneLongOneDoes()
    {
        var (many, one) = (
            new PaymentMeter(NewMeters.Record(units: 10_000), NewMeters.Clock()),
            new PaymentMeter(NewMeters.Record(units: 10_000), NewMeters.Clock()));
        for (var i = 0; i < 36_000; i++)
            many.Draw(137, TimeSpan.FromMilliseconds(100));
        one.Draw(137, TimeSpan.FromHours(1));
        Assert.Equal(137_000, one.Record.CumulativeMicro);
        Assert.Equal(one.Record.CumulativeMicro, many.Record.CumulativeMicro);
    }

    [Fact]
    public void Draw_TimeMeter_UsesAMinuteAMinute()
    {
        var settings = new MeterSettings
        {
            MeterPan = default,
            EncryptionAlgorithm = EncryptionAlgorithm.Ea07,
            Service = CreditService.Time
        };
        var meter = new PaymentMeter(NewMeters.Record(settings, units: 600), NewMeters.Clock());
        meter.Draw(5, TimeSpan.FromMinutes(12.5));
        Assert.Equal(12_500_000, meter.Record.CumulativeMicro);
        Assert.Equal(475, meter.Record.State.CreditUnits);
    }
}
