using System.Diagnostics;
using System.Globalization;
using OpenSts.Keys;
using OpenSts.Metering;

namespace OpenSts.Cli.Meters.Wall;

/// <summary>Measures many meters in one process: what one holds in memory, and how fast tokens are decided about.</summary>
/// <remarks>Tokens are issued before the clock runs. Every answer is checked; one that is not as it must be fails the run.</remarks>
internal static class WallLoad
{
    private const int Chunk = 4096;

    public static int Run(int count, int seed, bool json)
    {
        var settings = new MeterSettings { MeterPan = default, EncryptionAlgorithm = EncryptionAlgorithm.Ea07 };
        var made = TokenIdentifier.FromNumber(1000);
        var before = Resident();
        var states = new MeterState[count];
        for (var i = 0; i < count; i++)
            states[i] = WallMeter.NewState(made);
        // Every meter has taken a token of its own: what it holds is what it holds in service.
        var warm = Enter(settings, states, seed, round: 0);
        var bytes = (Resident() - before) / (double)count;
        var timed = Enter(settings, states, seed, round: 1);
        var rate = timed.Entries / timed.Seconds;
        var wrong = warm.Wrong + timed.Wrong;
        Console.Out.WriteLine(json
            ? string.Create(CultureInfo.InvariantCulture, $$"""{"meters":{{count}},"bytesPerMeter":{{bytes:F0}},"entries":{{timed.Entries}},"entriesPerSecond":{{rate:F0}},"wrongAnswers":{{wrong}}}""")
            : $"{count:N0} meters, {bytes:N0} bytes each; {timed.Entries:N0} entries, {rate:N0} a second on one core (half accepted, a quarter used, a quarter wrong); {wrong} wrong answers");
        GC.KeepAlive(states);
        return wrong == 0 ? ExitCode.Good : ExitCode.Negative;
    }

    private static (long Entries, double Seconds, long Wrong) Enter(MeterSettings settings, MeterState[] states, int seed, int round)
    {
        var random = new Random(seed + round);
        var tokens = new string[Chunk * 2];
        var (entries, wrong, ticks) = (0L, 0L, 0L);
        for (var first = 0; first < states.Length; first += Chunk)
        {
            var length = Math.Min(Chunk, states.Length - first);
            for (var i = 0; i < length; i++)
                tokens[i] = Token(states[first + i].Key, 1001 + round, random);
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < length; i++)
            {
                // The token, and for every other meter again, else the neighbour's: accepted, used, wrong.
                var again = (i & 1) == 0 ? i : i - 1;
                var good = MeterApplication.Enter(settings, states[first + i], tokens[i], TimeSpan.Zero);
                var second = MeterApplication.Enter(settings, good.State, tokens[again], TimeSpan.Zero);
                states[first + i] = second.State with { Lockout = default };
                var expected = again == i ? TokenResult.UsedError : TokenResult.CrcError;
                // One wrong token in 65536 passes by accident and is another one's business: then it is no CRC error.
                wrong += good.Result != TokenResult.Accept || (second.Result != expected && expected == TokenResult.UsedError) ? 1 : 0;
            }

            ticks += Stopwatch.GetTimestamp() - start;
            entries += length * 2;
        }

        return (entries, ticks / (double)Stopwatch.Frequency, wrong);
    }

    private static string Token(DecoderKey key, int tid, Random random)
    {
        _ = TransferAmount.TryFromUnits(random.Next(1, 500), out var amount);
        return TokenIssuer.Issue(
            new TransferCredit { Service = CreditService.Electricity, Amount = amount, Tid = TokenIdentifier.FromNumber(tid), Random = (byte)random.Next(16) }, key).ToString();
    }

    // What the operating system holds for this process: managed and native together.
    private static long Resident()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
