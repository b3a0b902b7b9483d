using System.Collections.Concurrent;
using System.Globalization;
using OpenSts.Vending.IssueLog;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Money;
using OpenSts.Vending.Storage;
using OpenSts.Vending.Storage.Postgres;
using OpenSts.Vending.Storage.Sqlite;

namespace OpenSts.SystemTests.Vending;

/// <summary>Vending server, security module and database as processes of their own; one of them is killed, stopped or out of disk while clients sell.</summary>
/// <remarks>More rounds with SITE_KILLS=200. The seed of each round is its number.</remarks>
public sealed class SiteKillTests
{
    private const int Sellers = 4;
    private readonly ConcurrentDictionary<string, string> _acknowledged = new();
    private int _next;

    private static int Rounds => int.Parse(Environment.GetEnvironmentVariable("SITE_KILLS") ?? "4", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Kill_ServerOrModule_OnSqlite_NoOutcomeStaysInDoubt()
    {
        using var site = new Site(null);
        await LiveAsync(site, [site.KillServer, site.KillModule, site.HangModule, site.FillDisk]);
        using var store = new SqliteStore(Path.Combine(site.Folder, "vending", "vending.db"));
        BooksAreInOrder(store);
    }

    [Fact]
    public async Task Kill_ServerOrModuleOrDatabase_OnPostgres_NoOutcomeStaysInDoubt()
    {
        using var database = PostgresServer.TryStart();
        Assert.True(database is not null, "PostgreSQL is not installed.");
        var connection = database.NewDatabase();
        using (var site = new Site(connection))
            await LiveAsync(site, [site.KillServer, () => { database.Crash(); database.Start(); }, site.KillModule]);
        using var store = new PostgresStore(connection);
        BooksAreInOrder(store);
    }

    private async Task LiveAsync(Site site, Action[] faults)
    {
        site.StartWhatIsDown();
        await site.DepositAsync();
        for (var round = 0; round < Rounds; round++)
        {
            site.StartWhatIsDown();
            var random = new Random(round);
            using var over = new CancellationTokenSource();
            var sellers = Enumerable.Range(0, Sellers).Select(seller => Task.Run(async () =>
            {
                using var client = site.Client();
                while (!over.IsCancellationRequested)
                    _ = await SellAsync(client, NewId());
            }, TestContext.Current.CancellationToken)).ToArray();
            await Task.Delay(random.Next(100, 700), TestContext.Current.CancellationToken);
            faults[round % faults.Length]();
            await Task.Delay(random.Next(50, 300), TestContext.Current.CancellationToken);
            await over.CancelAsync();
            await Task.WhenAll(sellers);
        }

        // Now everything works: each id that was ever asked for becomes decisive, and what was acknowledged is the same.
        site.StartWhatIsDown();
        using var last = site.Client();
        for (var i = 1; i <= _next; i++)
        {
            var id = Id(i);
            var before = _acknowledged.GetValueOrDefault(id);
            var asked = 0;
            while (!await SellAsync(last, id))
                Assert.True(++asked < 20, $"{id} stays in doubt");
            Assert.True(before is null || before == _acknowledged[id], $"{id}: {before} and {_acknowledged[id]}");
        }

        Assert.True(_acknowledged.Count > Rounds, $"only {_acknowledged.Count} sales");
        TestContext.Current.TestOutputHelper!.WriteLine($"{Rounds} rounds, {_acknowledged.Count} sales");
    }

    private void BooksAreInOrder(IStore store)
    {
        var issues = store.Read(session => IssueTable.List(session, long.MaxValue, int.MaxValue));
        var orders = issues.SelectMany(issue => issue.Orders.Select(order => (issue.Meter!.Pan, order.Identifier))).ToList();
        Assert.Equal(_next, issues.Count);
        Assert.All(issues, issue => Assert.Equal(IssueState.Issued, issue.State));
        Assert.Equal(orders.Count, orders.Distinct().Count());
        Assert.Null(store.Read(Ledger.Verify));
        Assert.Equal(LogFault.None, store.Read(session => IssueLogVerifier.Verify(session)).Fault);
    }

    private string NewId() => Id(Interlocked.Increment(ref _next));

    private static string Id(int number) => $"site-{number:D6}";

    private async Task<bool> SellAsync(HttpClient client, string id)
    {
        try
        {
            var (status, body, _) = await client.SendAsync("PUT", "/v1/vends/" + id, $$"""{"meter":"{{Site.MeterOf(id)}}","tender":"5","vendor":"corner-shop"}""");
            Assert.True(status is 200 or 201 or 503 or 504, $"{id}: {status} {body}");
            if (status >= 500)
                return false;
            _acknowledged[id] = (string)body!["tokens"]![0]!["tokens"]![0]!;
            return true;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            await Task.Delay(20);
            return false;
        }
    }
}
