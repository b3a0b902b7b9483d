using System.Globalization;
using OpenSts.Meter.Storage;
using OpenSts.Metering;

namespace OpenSts.Meter.Tests;

public sealed class MeterKillTests
{
    [Fact]
    public async Task Kill_AtAnyMoment_NoCreditIsLostOrDoubledAndNoKeyIsHalfChanged()
    {
        // 10,000 with METER_KILLS=10000. The seed of each kill is its number.
        var kills = int.Parse(Environment.GetEnvironmentVariable("METER_KILLS") ?? "30", CultureInfo.InvariantCulture);
        var root = Directory.CreateTempSubdirectory("ostsmeter").FullName;
        var path = Path.Combine(root, "meter");
        Make(path);
        long answered = 0;
        var (beforeTheFirst, unanswered) = (0, 0);
        for (var seed = 0; seed < kills; seed++)
        {
            var random = new Random(seed);
            var before = answered;
            using (var process = ChildProcess.Start("enter", path))
            {
                // Half of them in the middle of entering, half counted from the start: opening, first save.
                var first = "";
                if (seed % 2 == 0)
                {
                    var line = process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask();
                    first = await line.WaitAsync(
                        TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken) + "\n";
                }

                await Task.Delay(
                    TimeSpan.FromMilliseconds(random.NextDouble() * (seed % 2 == 0 ? 25 : 160)),
                    TestContext.Current.CancellationToken);
                process.Kill();
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
                var output = first + await process.StandardOutput.ReadToEndAsync(
                    TestContext.Current.CancellationToken);
                // The last line may have been cut by the kill: only whole ones were answered.
                var whole = output[..(output.LastIndexOf('\n') + 1)].Split(
                    '\n', StringSplitOptions.RemoveEmptyEntries);
                if (whole.Length > 0)
                    answered = long.Parse(whole[^1], CultureInfo.InvariantCulture);
                Assert.Equal("", await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            }

            using var file = MeterFile.Load(path, out var record);
            beforeTheFirst += answered == before ? 1 : 0;
            unanswered += record.State.CreditUnits > answered ? 1 : 0;
            Check(record, answered, seed);
            answered = record.State.CreditUnits;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kills} kills, {answered} tokens, {unanswered} times one more was durable than answered, "
                + $"{beforeTheFirst} before the first answer");
        Assert.True(answered > kills, "the process was always killed before it did anything: the test says nothing");
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Kill_WhileItSupplies_RefundsLessThanTheMeterSaysAndNeverTakesMore()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("METER_KILLS") ?? "20", CultureInfo.InvariantCulture);
        var root = Directory.CreateTempSubdirectory("ostsmeter").FullName;
        var path = Path.Combine(root, "meter");
        Make(path, record => record with
        {
            State = record.State with { CreditUnits = 1_000_000 },
            SaveAfterMicro = 50_000,
        });
        var (largest, previous) = (0L, 0L);
        for (var seed = 0; seed < kills; seed++)
        {
            long shown;
            using (var process = ChildProcess.Start("draw", path))
            {
                var line = process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask();
                var first = await line.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
                await Task.Delay(
                    TimeSpan.FromMilliseconds(new Random(seed).NextDouble() * 25),
                    TestContext.Current.CancellationToken);
                process.Kill();
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
                var rest = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
                var output = first + "\n" + rest;
                var whole = output[..(output.LastIndexOf('\n') + 1)].Split(
                    '\n', StringSplitOptions.RemoveEmptyEntries);
                shown = long.Parse(whole[^1], CultureInfo.InvariantCulture);
                Assert.Equal("", await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            }

            using var file = MeterFile.Load(path, out var record);
            // A step may have been drawn and saved without being shown; what was not saved is below the limit.
            Assert.InRange(record.CumulativeMicro, shown - record.SaveAfterMicro + 1, shown + 5_000);
            Assert.InRange(record.CumulativeMicro, previous, long.MaxValue);
            Assert.Equal(100_000_000_000 - record.CumulativeMicro, (long)Consumption.UnitsLeft(record));
            (largest, previous) = (Math.Max(largest, shown - record.CumulativeMicro), record.CumulativeMicro);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kills} kills, at most {largest} of 10^-6 kWh refunded, {previous} delivered");
        Assert.True(largest > 0, "everything was always saved: the test says nothing");
        Directory.Delete(root, recursive: true);
    }

    private static void Make(string path) => Make(path, record => record);

    private static void Make(string path, Func<MeterRecord, MeterRecord> change)
    {
        var attributes = EnteringProcess.Attributes(0);
        using var key = EnteringProcess.Key(0);
        var record = new MeterRecord
        {
            Settings = new MeterSettings
            {
                MeterPan = attributes.MeterPan,
                EncryptionAlgorithm = EncryptionAlgorithm.Ea07
            },
            State = MeterState.AtManufacture(
                key, attributes, TokenIdentifier.FromNumber(EnteringProcess.FirstIdentifier)) with
            {
                Flags = FlagArray.AtManufacture(
                    new MeterSettings { MeterPan = default, EncryptionAlgorithm = EncryptionAlgorithm.Ea07 }),
            },
        };
        MeterFile.Create(path, change(record)).Dispose();
    }

    private static void Check(MeterRecord record, long answered, int seed)
    {
        var state = record.State;
        // What was answered is there, and at most the one token that was durable but not yet printed.
        Assert.InRange(state.CreditUnits, answered, answered + 1);
        // Credit and cancellation moved together: token n gives one unit and leaves the identifier 1000 + n.
        Assert.Equal(
            (seed, EnteringProcess.FirstIdentifier + state.CreditUnits), (seed, state.Memory.Identifiers[^1]));
        using var expected = EnteringProcess.Key(EnteringProcess.KeyNumber(state));
        Assert.Equal(TestKeys.Hex(expected), TestKeys.Hex(state.Key));
    }
}
