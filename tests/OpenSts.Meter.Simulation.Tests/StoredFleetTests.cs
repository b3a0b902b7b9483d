using Microsoft.Extensions.Time.Testing;
using OpenSts.Meter.Simulation.Fleets;
using OpenSts.Meter.Storage;
using OpenSts.Metering;

namespace OpenSts.Meter.Simulation.Tests;

public sealed class StoredFleetTests : IDisposable
{
    private const string Published = "70630503470028726114";
    private readonly string _folder = Directory.CreateTempSubdirectory("opensts-fleet").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task RunAsync_SoldTokens_AreEnteredOnceAndReadingsSent()
    {
        Make("a.meter");
        var source = new OneSale();
        var entered = new List<EnteredSoldToken>();
        using (var fleet = new StoredFleet(_folder, _clock))
            await StepsAsync(fleet, source, entered, 3);
        Assert.Equal(TokenResult.Accept, Assert.Single(entered).Result);
        Assert.Equal(3, source.Readings);

        // After a restart the source lists the sale again: the meter has taken it, and nobody enters it twice.
        using (var again = new StoredFleet(_folder, _clock))
        {
            await StepsAsync(again, source, entered, 2);
            Assert.Single(entered);
            Assert.Equal(
                100_000,
                (long)Consumption.UnitsLeft(
                    again.Meters.Single().Record) + again.Meters.Single().Record.CumulativeMicro);
        }
    }

    [Fact]
    public void Constructor_FolderWithoutMetersOrWithADamagedOne_LeavesNothingOpen()
    {
        Assert.Throws<IOException>(() => new StoredFleet(_folder, _clock));
        Make("a.meter");
        File.Copy(Path.Combine(_folder, "a.meter"), Path.Combine(_folder, "b.meter"));
        File.WriteAllText(Path.Combine(_folder, "b.meter"), "no meter");
        Assert.Throws<MeterFileException>(() => new StoredFleet(_folder, _clock));
        MeterFile.Load(Path.Combine(_folder, "a.meter"), out _).Dispose();
    }

    private async Task StepsAsync(StoredFleet fleet, OneSale sale, List<EnteredSoldToken> entered, int steps)
    {
        using var stop = new CancellationTokenSource();
        using var stepped = new SemaphoreSlim(0);
        var running = fleet.RunAsync(
            1, LoadProfile.Household, sale, sale, entered.Add, () => stepped.Release(), stop.Token);
        for (var i = 0; i < steps; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.True(await stepped.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        }

        await stop.CancelAsync();
        await running;
    }

    private void Make(string name)
    {
        var attributes = TestKeys.Attributes();
        var settings = new MeterSettings
        {
            MeterPan = attributes.MeterPan,
            EncryptionAlgorithm = EncryptionAlgorithm.Ea07
        };
        var state = MeterState.AtManufacture(TestKeys.Derive(attributes), attributes, default) with
        {
            Flags = FlagArray.AtManufacture(settings)
        };
        MeterFile.Create(
            Path.Combine(_folder, name), new MeterRecord { Settings = settings, State = state }).Dispose();
    }

    /// <summary>One sale that is listed at every step, and a receiver that counts.</summary>
    private sealed class OneSale : ISoldTokenSource, IMeterReadingReceiver
    {
        public string? Problem => null;

        public int Readings { get; private set; }

        public Task<IReadOnlyList<SoldToken>> TakeAsync(CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<SoldToken>>([new SoldToken("600727000000000009", Published)]);

        public Task SendAsync(IEnumerable<PaymentMeter> meters, CancellationToken cancellation)
        {
            Readings += meters.Count();
            return Task.CompletedTask;
        }
    }
}
