using System.Diagnostics;
using OpenSts.Bulk;
using OpenSts.Keys;

namespace OpenSts.Cli.Bench;

/// <summary>How the fixed work is done.</summary>
internal enum BenchMode
{
    /// <summary>Many requests at once, on every core.</summary>
    Bulk,

    /// <summary>One request after the other, on one core.</summary>
    Single,
}

/// <summary>What a run came to.</summary>
internal sealed record BenchResult(string Suite, BenchMode Mode, int Threads, long Tokens, double TokensPerSecond,
    ulong CheckValue);

/// <summary>
/// A fixed amount of work that other implementations can repeat: tokens for 10,000 meters, keys derived for each.
/// </summary>
internal static class BenchTokens
{
    private const int Meters = 10_000;
    private const int FirstTid = 5_869_435;
    private const int MinutesPerDay = 1440;
    private const int WarmUpMilliseconds = 600;
    private const int Chunk = 2048;

    public static BenchResult Run(string suite, long count, BenchMode mode, int threads)
    {
        var workers = mode == BenchMode.Single ? 1 : threads;
        using var vendingKey = Hazmat.ImportVendingKey(
            Convert.FromHexString(suite == "EA07" ? "abababababababab" : "abababababababab949494949494949401234567"));
        var work = new Work(vendingKey, Common(suite), Identities(), mode == BenchMode.Single ? 1 : Chunk);
        // Passes that are not timed: the just-in-time compiler finishes its work in them.
        for (var warm = Stopwatch.StartNew(); warm.ElapsedMilliseconds < WarmUpMilliseconds;)
            Issue(work, 16 * Chunk, workers, new TokenCheck(0));
        var check = new TokenCheck(count);
        var watch = Stopwatch.StartNew();
        Issue(work, count, workers, check);
        watch.Stop();
        return new BenchResult(suite, mode, workers, count, count / watch.Elapsed.TotalSeconds, check.Value);
    }

    // Each thread issues a part of its own, with an issuer and buffers of its own.
    private static void Issue(Work work, long count, int workers, TokenCheck check)
    {
        var part = (count + workers - 1) / workers;
        var threads = Enumerable.Range(1, workers - 1)
            .Select(worker =>
            new Thread(() => IssuePart(work, worker * part, Math.Min(count, (worker + 1) * part), check))).ToList();
        threads.ForEach(thread => thread.Start());
        IssuePart(work, 0, Math.Min(count, part), check);
        threads.ForEach(thread => thread.Join());
    }

    private static void IssuePart(Work work, long from, long to, TokenCheck check)
    {
        using var issuer = new BulkIssuer(work.VendingKey, work.Common);
        var requests = new BulkRequest[work.Chunk];
        var digits = new byte[work.Chunk * Token66.Digits];
        var sum = 0ul;
        for (var start = from; start < to; start += work.Chunk)
        {
            var n = (int)Math.Min(work.Chunk, to - start);
            for (var i = 0; i < n; i++)
                requests[i] = Request(work.Pans, start + i);
            issuer.Issue(requests.AsSpan(0, n), digits);
            sum = unchecked(sum + check.Take(start, digits.AsSpan(0, n * Token66.Digits)));
        }

        check.Add(sum);
    }

    private sealed record Work(VendingKey VendingKey, DecoderKeyAttributes Common, MeterPan[] Pans, int Chunk);

    private static BulkRequest Request(MeterPan[] pans, long i)
    {
        var tid = FirstTid + (int)(i % 1_000_000);
        if (tid % MinutesPerDay == 1)
            tid++;
        var content = TokenLayout.Credit(
            CreditService.Electricity, (byte)(i & 15), TokenIdentifier.FromNumber(tid),
                TransferAmount.FromField((ushort)(1 + (i % 1000))));
        return new BulkRequest(pans[i % Meters], TariffIndex.FromNumber(1), content);
    }

    private static MeterPan[] Identities()
    {
        _ = ManufacturerCode.TryParse("01", out var maker, out _);
        return [.. Enumerable.Range(0, Meters).Select(m => MeterPan.Create(DecoderReferenceNumber.Create(maker, m)))];
    }

    private static DecoderKeyAttributes Common(string suite) => new()
    {
        MeterPan = MeterPan.Parse("600727000000000009"),
        SupplyGroupCode = SupplyGroupCode.Parse(suite == "EA07" ? "123456" : "123457"),
        TariffIndex = TariffIndex.FromNumber(1),
        KeyRevisionNumber = KeyRevisionNumber.FromNumber(1),
        KeyType = KeyType.Unique,
        KeyExpiryNumber = KeyExpiryNumber.Never,
        BaseDate = BaseDate.Base1993,
        EncryptionAlgorithm = suite == "EA07" ? EncryptionAlgorithm.Ea07 : EncryptionAlgorithm.Ea11,
        DecoderKeyGenerationAlgorithm = suite == "EA07" ? DecoderKeyGenerationAlgorithm.Dkga02
            : DecoderKeyGenerationAlgorithm.Dkga04,
    };
}
