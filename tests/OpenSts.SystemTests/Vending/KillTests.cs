using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using OpenSts.Vending.Hosting;
using OpenSts.Vending.IssueLog;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Money;
using OpenSts.Vending.Storage.Sqlite;

namespace OpenSts.SystemTests.Vending;

/// <summary>The server is killed in the middle of its work, again and again; what was acknowledged must be there afterwards.</summary>
public sealed class KillTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opensts-vending-").FullName;
    private readonly ConcurrentDictionary<string, string> _acknowledged = new();
    private string _key = "";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Kill_InTheMiddleOfSales_EveryAcknowledgedSaleIsThereOnceAndTheBooksAreInOrder()
    {
        var random = new Random(41);
        var next = 0;
        for (var round = 0; round < 12; round++)
        {
            using var server = Start();
            var address = await AddressAsync(server);
            using var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(5) };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _key);
            var sellers = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
            {
                while (await SellAsync(client, $"kill-{Interlocked.Increment(ref next):D6}"))
                {
                }
            }, TestContext.Current.CancellationToken)).ToArray();
            await Task.Delay(random.Next(150, 500), TestContext.Current.CancellationToken);
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
            await Task.WhenAll(sellers);
        }

        // The last server is asked for every id there ever was: acknowledged ones are the same, the others become decisive.
        using (var server = Start())
        {
            using var client = new HttpClient { BaseAddress = await AddressAsync(server) };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _key);
            for (var i = 1; i <= next; i++)
            {
                var id = $"kill-{i:D6}";
                var before = _acknowledged.GetValueOrDefault(id);
                Assert.True(await SellAsync(client, id), id);
                Assert.True(before is null || before == _acknowledged[id], $"{id}: {before} and {_acknowledged[id]}");
            }

            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        using var store = new SqliteStore(Path.Combine(_folder, "vending.db"));
        var issues = store.Read(session => IssueTable.List(session, long.MaxValue, int.MaxValue));
        Assert.Equal(next, issues.Count);
        Assert.All(issues, issue => Assert.Equal(IssueState.Issued, issue.State));
        var orders = issues.Select(issue => (issue.Meter!.Pan, issue.Orders[0].Identifier)).ToList();
        Assert.Equal(orders.Count, orders.Distinct().Count());
        Assert.Null(store.Read(Ledger.Verify));
        Assert.Equal(LogFault.None, store.Read(session => IssueLogVerifier.Verify(session)).Fault);
        Assert.True(_acknowledged.Count > 50, $"only {_acknowledged.Count} sales");
    }

    private async Task<bool> SellAsync(HttpClient client, string id)
    {
        try
        {
            var (status, body, _) = await client.SendAsync("PUT", "/v1/vends/" + id, $$"""{"meter":"{{FirstStart.DemonstrationMeter}}","tender":"5","vendor":"corner-shop"}""");
            if (status is not (200 or 201))
                return status == 504;
            _acknowledged[id] = Token(body!);
            return true;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private static string Token(JsonNode body) => (string)body["tokens"]![0]!["tokens"]![0]!;

    private Process Start() => Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["process", "shop", "http://127.0.0.1:0", _folder])
    {
        RedirectStandardOutput = true,
    })!;

    private async Task<Uri> AddressAsync(Process server)
    {
        while (await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (!line.StartsWith("http", StringComparison.Ordinal))
                continue;
            var parts = line.Split(' ');
            if (parts[2].Length > 0)
                _key = parts[2];
            return new Uri(parts[0]);
        }

        throw new InvalidOperationException("The server did not start.");
    }
}
