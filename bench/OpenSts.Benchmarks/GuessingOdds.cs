using System.Diagnostics;
using OpenSts.Keys;
using OpenSts.Metering;

namespace OpenSts.Benchmarks;

/// <summary>
/// What guessing at a meter comes to: how many tries the lock-out lets through, and how often a try without it gives
/// credit.
/// </summary>
internal static class GuessingOdds
{
    public static int Run(int tries)
    {
        var settings = new MeterSettings { MeterPan = default, EncryptionAlgorithm = EncryptionAlgorithm.Ea07 };
        var state = State();
        var random = new Random(62055);
        var digits = new char[20];
        var counts = new Dictionary<TokenResult, long>();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < tries; i++)
        {
            Fill(digits, random);
            // Without lock-out and without a past: every try meets a new meter.
            var decision = MeterApplication.Enter(settings, state, digits, TimeSpan.Zero);
            var key = decision is { Result: TokenResult.Accept, Token.Class: TokenClass.NonMeterSpecificManagement }
                ? (TokenResult)100 : decision.Result;
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        Console.Out.WriteLine(
            $"{tries:N0} random entries without lock-out, {tries / Stopwatch.GetElapsedTime(start).TotalSeconds:N0} a "
                + "second");
        foreach (var (result, count) in counts.OrderByDescending(c => c.Value))
            Console.Out.WriteLine(
                $"  {(result == (TokenResult)100 ? "Accept (a test of class 1)" : result.StandardName()),-28}{count,12:N0}   1 in {tries / (double)count:N0}");
        Day(settings, state, random);
        return 0;
    }

    private static void Day(MeterSettings settings, MeterState state, Random random)
    {
        // Somebody tries ten times a second for thirty days.
        var (looked, now, digits) = (0, TimeSpan.Zero, new char[20]);
        var perDay = new List<int>();
        for (var day = 1; day <= 30; day++)
        {
            for (; now < TimeSpan.FromDays(day); now += TimeSpan.FromMilliseconds(100))
            {
                Fill(digits, random);
                var decision = MeterApplication.Enter(settings, state, digits, now);
                state = decision.State;
                looked += decision.Result is TokenResult.CrcError or TokenResult.ManufacturerCodeError ? 1 : 0;
            }

            perDay.Add(looked);
            looked = 0;
        }

        Console.Out.WriteLine(
            $"under lock-out, ten tries a second for 30 days: {perDay[0]} looked at on the first day, "
                + $"{perDay[1..].Average():F0} on each later one");
    }

    private static MeterState State()
    {
        var key = new byte[8];
        new Random(1).NextBytes(key);
        return new MeterState
        {
            Key = Hazmat.ImportDecoderKey(EncryptionAlgorithm.Ea07, key),
            KeyType = KeyType.Unique,
            KeyRevisionNumber = KeyRevisionNumber.FromNumber(1),
            KeyExpiryNumber = KeyExpiryNumber.Never,
            TariffIndex = TariffIndex.FromNumber(1),
            SupplyGroupCode = default,
            // A meter in the middle of its base date: half of all identifiers are old.
            Memory = CancellationMemory.AtManufacture(TokenIdentifier.FromNumber(1 << 23)),
        };
    }

    private static void Fill(char[] digits, Random random)
    {
        var number = (UInt128)(ulong)random.NextInt64(0, 4) << 64 | (ulong)random.NextInt64() << 1
            | (ulong)random.Next(2);
        number.TryFormat(digits, out _, "D20");
    }
}
