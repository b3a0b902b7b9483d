using System.Diagnostics;
using OpenSts.Bulk;
using OpenSts.Keys;

namespace OpenSts.Benchmarks;

/// <summary>
/// Each part's rate on one core beside that of the table-driven or bit-sliced C program it is compared with.
/// </summary>
/// <remarks>Medians of several passes; the machine is shared, so only ratios within one run mean something.</remarks>
internal static class Rates
{
    private const int Many = 4096;
    private const int Passes = 9;
    private const double SecondsOfPass = 0.15;

    public static int Run()
    {
        Console.WriteLine("| part | M/s | ns | C, M/s | ratio | allocated |");
        Console.WriteLine("|---|---|---|---|---|---|");
        Tokens("EA07+DKGA02", 3.6, 43);
        Tokens("EA07+DKGA04", null, null);
        Tokens("EA11+DKGA04", 3.1, null);
        return 0;
    }

    private static void Tokens(string algorithms, double? single, double? bulk)
    {
        var attributes = Work.Attributes(algorithms);
        using var vendingKey = Hazmat.ImportVendingKey(Convert.FromHexString(Work.VendingKey(algorithms)));
        using var key = DecoderKeyGeneration.Derive(vendingKey, attributes);
        using var issuer = new BulkIssuer(vendingKey, attributes);
        var requests = Work.Requests(Many);
        var digits = new byte[Many * Token66.Digits];
        var i = 0;
        var text = new char[20];
        Row($"{algorithms} token, key at hand", null, 1, () =>
        {
            _ = new Token66(key.Encrypt(requests[i++ & (Many - 1)].Content.Seal())).TryFormat(text, out _);
        });
        Row($"{algorithms} token, key derived", single, 1,
            () => issuer.Issue(requests.AsSpan(i++ & (Many - 1), 1), digits));
        Row($"{algorithms} tokens in bulk, keys derived", bulk ?? single, Many, () => issuer.Issue(requests, digits));
        foreach (var span in (int[])[64, 128, 256, 511])
            Row($"{algorithms} tokens in spans of {span}, keys derived", null, span,
                () => issuer.Issue(requests.AsSpan(0, span), digits));
        Decoding(algorithms, vendingKey, attributes, requests);
        var token = new Token66(key.Encrypt(requests[0].Content.Seal()));
        var to = attributes with { TariffIndex = TariffIndex.FromNumber(2) };
        using var toKey = DecoderKeyGeneration.Derive(vendingKey, to);
        var change = new KeyChange
        {
            From = attributes,
            FromKey = key,
            To = to,
            ToKey = toKey,
            Count = KeyChangeSet.DefaultCount(attributes.EncryptionAlgorithm),
        };
        var set = new Token66[4];
        Row($"{algorithms} key change set of {change.Count}", null, 1,
            () => _ = KeyChangeSet.TryIssue(change, set, out _));
        Row($"{algorithms} decode, key at hand", null, 1, () => _ = TokenIssuer.TryOpen(token, key, out _));
        Row($"{algorithms} derive a key and clear it", null, 1,
            () => DecoderKeyGeneration.Derive(vendingKey, attributes).Dispose());
    }

    private static void Decoding(string algorithms, VendingKey vendingKey, DecoderKeyAttributes attributes,
        BulkRequest[] requests)
    {
        using var table = new DecoderKeyTable(attributes.EncryptionAlgorithm, Many);
        var tokens = new BulkToken[Many];
        for (var i = 0; i < Many; i++)
        {
            using var key = DecoderKeyGeneration.Derive(
                vendingKey,
                    attributes with { MeterPan = requests[i].MeterPan, TariffIndex = requests[i].TariffIndex });
            _ = table.Add(key);
            tokens[i] = new BulkToken(requests[i].MeterPan, requests[i].TariffIndex,
                new Token66(key.Encrypt(requests[i].Content.Seal())));
        }

        var keyedRequests = requests.Select((r, i) => new KeyedRequest(i, r.Content)).ToArray();
        var keyedTokens = tokens.Select((t, i) => new KeyedToken(i, t.Token)).ToArray();
        var digits = new byte[Many * Token66.Digits];
        var results = new BulkResult[Many];
        using var decoder = new BulkDecoder(vendingKey, attributes);
        Row($"{algorithms} decode in bulk, keys derived", null, Many, () => decoder.Open(tokens, results));
        Row($"{algorithms} tokens in bulk, keys at hand", null, Many, () => table.Issue(keyedRequests, digits));
        Row($"{algorithms} decode in bulk, keys at hand", null, Many, () => table.Open(keyedTokens, results));
    }

    private static void Row(string part, double? reference, int blocks, Action work)
    {
        for (var warm = Stopwatch.StartNew(); warm.Elapsed.TotalSeconds < 0.4;)
            work();
        var rates = new double[Passes];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var calls = 0L;
        for (var pass = 0; pass < Passes; pass++)
        {
            var done = 0L;
            var watch = Stopwatch.StartNew();
            while (watch.Elapsed.TotalSeconds < SecondsOfPass)
            {
                for (var i = 0; i < 256; i++)
                    work();
                done += 256;
            }

            rates[pass] = done * blocks / watch.Elapsed.TotalSeconds / 1e6;
            calls += done;
        }

        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / calls;
        Array.Sort(rates);
        var rate = rates[Passes / 2];
        Console.WriteLine(
            $"| {part} | {rate:F2} | {1000 / rate:F1} | {(reference is { } c ? c.ToString("0.#") : "")} | "
                + $"{(reference is { } r ? (rate / r).ToString("P0") : "")} | {allocated} B |");
    }
}
