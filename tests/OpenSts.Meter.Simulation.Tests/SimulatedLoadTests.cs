using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OpenSts.Metering;

namespace OpenSts.Meter.Simulation.Tests;

public class SimulatedLoadTests
{
    [Fact]
    public async Task RunAsync_TwoHoursOfAHousehold_DrawsWhatTheProfileSaysAndSavesEveryMinute()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 18, 0, 0, TimeSpan.Zero));
        var store = new CountingStore();
        var meter = NewMeter(clock, store);
        using var stop = new CancellationTokenSource();
        var running = SimulatedLoad.RunAsync(meter, LoadProfile.Household, 60, clock, NullLogger.Instance, stop.Token);
        for (var second = 0; second < 120; second++)
        {
            var before = meter.Record.CumulativeMicro;
            clock.Advance(TimeSpan.FromSeconds(1));
            await UntilAsync(() => meter.Record.CumulativeMicro > before);
        }

        // 120 s at 60 times the speed are two hours; the profile goes by the clock, which stays in the hour after
        // 18:00: 900 W.
        Assert.Equal(1_800_000, meter.Record.CumulativeMicro);
        // 1.8 kWh in steps of 15 Wh: every seventh step passes 0.1 kWh and is saved; so is every minute.
        Assert.InRange(store.Saves, 17, 20);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task RunAsync_StoreThatFails_DrawsOnAndSavesWhenItCan()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var store = new CountingStore { Fails = true };
        var meter = NewMeter(clock, store);
        using var stop = new CancellationTokenSource();
        var running = SimulatedLoad.RunAsync(
            meter, LoadProfile.Constant(3_600), 3600, clock, NullLogger.Instance, stop.Token);
        for (var second = 0; second < 3; second++)
        {
            var before = store.Attempts;
            clock.Advance(TimeSpan.FromSeconds(1));
            await UntilAsync(() => store.Attempts > before);
        }

        Assert.Equal((0, 0L), (store.Saves, meter.Record.CumulativeMicro));
        store.Fails = false;
        clock.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => store.Saves > 0);
        Assert.Equal(3_600_000, meter.Record.CumulativeMicro);
        await stop.CancelAsync();
        await running;
    }

    private static PaymentMeter NewMeter(TimeProvider clock, IMeterStore store)
    {
        var settings = new MeterSettings { MeterPan = default, EncryptionAlgorithm = EncryptionAlgorithm.Ea07 };
        var attributes = TestKeys.Attributes();
        var state = MeterState.AtManufacture(TestKeys.Derive(attributes), attributes, default) with
        {
            CreditUnits = 1_000,
            Flags = FlagArray.AtManufacture(settings),
        };
        return new PaymentMeter(new MeterRecord { Settings = settings, State = state }, clock, store);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 2_000 && !condition(); i++)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        Assert.True(condition(), "nothing happened within two seconds");
    }

    private sealed class CountingStore : IMeterStore
    {
        public bool Fails { get; set; }

        public int Attempts { get; private set; }

        public int Saves { get; private set; }

        public void Save(MeterRecord record)
        {
            Attempts++;
            if (Fails)
                throw new IOException("no space");
            Saves++;
        }
    }
}
