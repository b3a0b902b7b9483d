using System.Diagnostics;
using System.Net.Http.Headers;

namespace OpenSts.SystemTests.Vending;

/// <summary>Sells as fast as the server answers, from a process of its own: address, API key, seconds, clients. For figures, not for tests.</summary>
internal static class LoadProcess
{
    private const int Meters = 2000;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var (seconds, clients) = (int.Parse(arguments[2]), int.Parse(arguments[3]));
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = clients }) { BaseAddress = new Uri(arguments[0]) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", arguments[1]);
        _ = await client.SendAsync("POST", "/v1/vendors/corner-shop/deposits", $$"""{"amount":"90000000","reference":"{{Guid.NewGuid()}}"}""");
        var pans = Enumerable.Range(0, Meters).Select(i => MeterPan.Create(DecoderReferenceNumber.Create(ManufacturerCode.Parse("01"), i)).ToString()).ToArray();
        await Parallel.ForEachAsync(pans, new ParallelOptions { MaxDegreeOfParallelism = clients }, async (pan, _) =>
            await client.SendAsync("PUT", "/v1/meters/" + pan, """{"supplyGroup":"201457","keyRevisionNumber":1,"tariffIndex":"01","tariff":"household"}"""));
        var run = Guid.NewGuid().ToString("N")[..8];
        var (next, failed) = (0, 0);
        var took = new List<double>[clients];
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(at => Task.Run(async () =>
        {
            var mine = took[at] = [];
            while (clock.Elapsed.TotalSeconds < seconds)
            {
                var number = Interlocked.Increment(ref next);
                var began = Stopwatch.GetTimestamp();
                var (status, _, _) = await client.SendAsync("PUT", $"/v1/vends/{run}-{number}", $$"""{"meter":"{{pans[number % Meters]}}","tender":"20","vendor":"corner-shop"}""");
                mine.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                if (status != 201)
                    _ = Interlocked.Increment(ref failed);
            }
        })));
        var all = took.SelectMany(mine => mine).Order().ToArray();
        Console.WriteLine($"{all.Length / clock.Elapsed.TotalSeconds:F0} sales/s, p50 {all[all.Length / 2]:F1} ms, p99 {all[all.Length * 99 / 100]:F1} ms, greatest {all[^1]:F1} ms, {failed} failed");
        return 0;
    }
}
