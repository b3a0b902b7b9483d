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
internal sealed record BenchResult(string Suite, BenchMode Mode, int Threads, long Tokens, double TokensPerSecond, ulong CheckValue);

/// <summary>A fixed amount of work that other implementations can repeat: tokens for 10,000 meters, keys derived for each.</summary>
internal static class BenchTokens
{
    private const int Meters = 10_000;
    private const int FirstTid = 5_869_435;
    private const int MinutesPerDay = 1440;
    private const int WarmUpMilliseconds = 600;
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    public static BenchResult Run(string suite, long count, BenchMode mode, int threads)
    {
        var common = Common(suite);
        using var vendingKey = Hazmat.ImportVendingKey(Convert.FromHexString(suite == "EA07" ? "abababababababab" : "abababababababab949494949494949401234567"));
        var pans = Identities();
        var chunk = mode == BenchMode.Single ? 1 : 4096;
        var workers = mode == BenchMode.Single ? 1 : threads;
        var check = FnvOffset;
        var watch = new Stopwatch();
        const int Window = 1 << 18;
        var digits = new byte[Window * Token66.Digits];
        // Passes that are not timed: the just-in-time compiler finishes its work in them.
        for (var warm = Stopwatch.StartNew(); warm.ElapsedMilliseconds < WarmUpMilliseconds;)
            Fill(vendingKey, common, pans, 0, Window / 16, chunk, workers, digits);
        for (long start = 0; start < count; start += Window)
        {
            var n = (int)Math.Min(Window, count - start);
            watch.Start();
            Fill(vendingKey, common, pans, start, n, chunk, workers, digits);
            watch.Stop();
            check = Check(digits.AsSpan(0, n * Token66.Digits), check);
        }

        return new BenchResult(suite, mode, workers, count, count / watch.Elapsed.TotalSeconds, check);
    }

    private static void Fill(VendingKey vendingKey, DecoderKeyAttributes common, MeterPan[] pans, long start, int count, int chunk, int workers, byte[] digits)
    {
        if (workers == 1)
        {
            FillPart(vendingKey, common, pans, start, 0, count, chunk, digits);
            return;
        }

        var part = (count + workers - 1) / workers;
        Parallel.For(0, workers, worker =>
        {
            var from = Math.Min(count, worker * part);
            FillPart(vendingKey, common, pans, start, from, Math.Min(part, count - from), chunk, digits);
        });
    }

    private static void FillPart(VendingKey vendingKey, DecoderKeyAttributes common, MeterPan[] pans, long start, int from, int count, int chunk, byte[] digits)
    {
        using var issuer = new BulkIssuer(vendingKey, common);
        var requests = new BulkRequest[chunk];
        for (var done = 0; done < count; done += chunk)
        {
            var n = Math.Min(chunk, count - done);
            for (var i = 0; i < n; i++)
                requests[i] = Request(pans, start + from + done + i);
            issuer.Issue(requests.AsSpan(0, n), digits.AsSpan((from + done) * Token66.Digits, n * Token66.Digits));
        }
    }

    private static BulkRequest Request(MeterPan[] pans, long i)
    {
        var tid = FirstTid + (int)(i % 1_000_000);
        if (tid % MinutesPerDay == 1)
            tid++;
        var content = TokenLayout.Credit(
            CreditService.Electricity, (byte)(i & 15), TokenIdentifier.FromNumber(tid), TransferAmount.FromField((ushort)(1 + (i % 1000))));
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
        DecoderKeyGenerationAlgorithm = suite == "EA07" ? DecoderKeyGenerationAlgorithm.Dkga02 : DecoderKeyGenerationAlgorithm.Dkga04,
    };

    private static ulong Check(ReadOnlySpan<byte> digits, ulong hash)
    {
        unchecked
        {
            for (var i = 0; i < digits.Length; i++)
            {
                hash = (hash ^ digits[i]) * FnvPrime;
                if (i % Token66.Digits == Token66.Digits - 1)
                    hash = (hash ^ (byte)'\n') * FnvPrime;
            }

            return hash;
        }
    }
}
