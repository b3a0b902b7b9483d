using System.Diagnostics;
using OpenSts.Keys;
using OpenSts.Metering;

namespace OpenSts.Meter.Simulation.Fleets;

/// <summary>What a fleet of meters in one process costs.</summary>
/// <param name="Meters">How many meters were held.</param>
/// <param name="BytesPerMeter">Resident memory of the process for each meter, in bytes.</param>
/// <param name="Entries">How many tokens were decided about while the clock ran.</param>
/// <param name="EntriesPerSecond">Decisions per second on one core: half accepted, a quarter used, a quarter with a
/// wrong check.</param>
/// <param name="WrongAnswers">Answers other than expected; 0 in a valid measurement.</param>
public sealed record FleetMeasurement(
    int Meters, double BytesPerMeter, long Entries, double EntriesPerSecond, long WrongAnswers);

/// <summary>Measures many meters in one process: the memory of one, and how fast tokens are decided about.</summary>
/// <remarks>Tokens are issued while the clock is stopped. Every answer is compared with the expected one.</remarks>
public static class FleetBenchmark
{
    private const int ChunkSize = 4096;

    /// <summary>Holds the meters, enters two tokens into each twice, and measures the second round.</summary>
    /// <param name="count">How many meters.</param>
    /// <param name="seed">The same seed gives the same tokens.</param>
    public static FleetMeasurement Run(int count, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var settings = new MeterSettings { MeterPan = default, EncryptionAlgorithm = EncryptionAlgorithm.Ea07 };
        var manufactured = TokenIdentifier.FromNumber(1000);
        var before = ResidentBytes();
        var states = new MeterState[count];
        for (var i = 0; i < count; i++)
            states[i] = SimulatedCustomer.NewState(manufactured);
        // Every meter accepts a token of its own first: its memory is then that of a meter in service.
        var warm = Enter(settings, states, seed, round: 0);
        var bytes = (ResidentBytes() - before) / (double)count;
        var timed = Enter(settings, states, seed, round: 1);
        GC.KeepAlive(states);
        return new FleetMeasurement(
            count, bytes, timed.Entries, timed.Entries / timed.Seconds, warm.Wrong + timed.Wrong);
    }

    private static (long Entries, double Seconds, long Wrong) Enter(
        MeterSettings settings, MeterState[] states, int seed, int round)
    {
        var random = new Random(seed + round);
        var tokens = new string[ChunkSize];
        var (entries, wrong, ticks) = (0L, 0L, 0L);
        for (var first = 0; first < states.Length; first += ChunkSize)
        {
            var length = Math.Min(ChunkSize, states.Length - first);
            for (var i = 0; i < length; i++)
                tokens[i] = Token(states[first + i].Key, 1001 + round, random);
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < length; i++)
            {
                // Each meter gets its token; then every other meter the same again, and the rest a neighbour's.
                var again = (i & 1) == 0 ? i : i - 1;
                var good = MeterApplication.Enter(settings, states[first + i], tokens[i], TimeSpan.Zero);
                var second = MeterApplication.Enter(settings, good.State, tokens[again], TimeSpan.Zero);
                states[first + i] = second.State with { Lockout = default };
                // One foreign token in 65536 passes the check by accident: then any answer is possible, so only
                // UsedError is compared.
                wrong += good.Result != TokenResult.Accept
                    || (again == i && second.Result != TokenResult.UsedError) ? 1 : 0;
            }

            ticks += Stopwatch.GetTimestamp() - start;
            entries += length * 2;
        }

        return (entries, ticks / (double)Stopwatch.Frequency, wrong);
    }

    private static string Token(DecoderKey key, int tid, Random random)
    {
        _ = TransferAmount.TryFromUnits(random.Next(1, 500), out var amount);
        var credit = new TransferCredit
        {
            Service = CreditService.Electricity,
            Amount = amount,
            Tid = TokenIdentifier.FromNumber(tid),
            Random = (byte)random.Next(16),
        };
        return TokenIssuer.Issue(credit, key).ToString();
    }

    // What the operating system holds for this process: managed and native memory together.
    private static long ResidentBytes()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
