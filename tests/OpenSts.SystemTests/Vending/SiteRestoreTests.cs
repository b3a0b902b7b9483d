using System.Text;

namespace OpenSts.SystemTests.Vending;

/// <summary>An old backup comes back to a site of real programs, step by step as docs/integrate/vending/operating.md says.</summary>
public sealed class SiteRestoreTests
{
    private readonly Dictionary<string, string> _acknowledged = new(StringComparer.Ordinal);

    [Fact]
    public async Task Restore_OnPostgres_DumpMadeWhileItSold_EveryAcknowledgedSaleIsThere()
    {
        using var database = PostgresServer.TryStart();
        Assert.True(database is not null, "PostgreSQL is not installed.");
        using var site = new Site(database.NewDatabase());
        var backup = "";
        await LiveAsync(site, () => backup = database.Backup(site.Postgres!), () => site.Postgres = database.Restore(backup));
    }

    [Fact]
    public async Task Restore_OnSqlite_FolderCopiedWhileItStood_EveryAcknowledgedSaleIsThere()
    {
        using var site = new Site(null);
        var (folder, backup) = (Path.Combine(site.Folder, "vending"), Path.Combine(site.Folder, "backup"));
        await LiveAsync(site, () =>
        {
            site.KillServer();
            Copy(folder, backup);
            site.StartWhatIsDown();
        }, () =>
        {
            Directory.Delete(folder, recursive: true);
            Copy(backup, folder);
        });
    }

    private async Task LiveAsync(Site site, Action backup, Action restore)
    {
        site.StartWhatIsDown();
        await site.DepositAsync();
        await SellAsync(site, 1, 10);
        backup();
        await SellAsync(site, 11, 30);
        site.KillServer();
        restore();

        // The start puts back what the backup lacks; the programs' own verification finds nothing.
        site.StartWhatIsDown();
        await EverySaleIsThereAsync(site);
        await SellAsync(site, 31, 40);
        site.KillServer();
        var verified = site.Run("verify");
        Assert.True(verified.Exit == 0, verified.Output + verified.Error);

        // Without the journal nothing is sold that the backup does not know, until an operator has decided.
        restore();
        Directory.Move(site.Journal, site.Journal + "-elsewhere");
        site.StartWhatIsDown();
        Assert.Equal(503, await AskAsync(site, Id(11)));
        Assert.Equal(503, await AskAsync(site, Id(41)));
        site.KillServer();
        Assert.Equal(1, site.Run("reconcile").Exit);

        // The journal is found again: nothing is lost after all.
        Directory.Move(site.Journal + "-elsewhere", site.Journal);
        var reconciled = site.Run("reconcile");
        Assert.True(reconciled.Exit == 0, reconciled.Output + reconciled.Error);
        Assert.Contains("put back from the journal", reconciled.Output, StringComparison.Ordinal);
        site.StartWhatIsDown();
        await EverySaleIsThereAsync(site);

        // What is kept beside the store shows nobody how to sell.
        var kept = Directory.GetFiles(site.Journal).Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file)));
        Assert.All(kept, text => Assert.DoesNotContain(site.Key.Split('_')[^1], text, StringComparison.Ordinal));
    }

    private async Task SellAsync(Site site, int first, int last)
    {
        for (var i = first; i <= last; i++)
            Assert.Equal(201, await AskAsync(site, Id(i)));
    }

    private async Task EverySaleIsThereAsync(Site site)
    {
        foreach (var id in _acknowledged.Keys.ToList())
            Assert.Equal(200, await AskAsync(site, id));
    }

    private async Task<int> AskAsync(Site site, string id)
    {
        using var client = site.Client();
        var (status, body, _) = await client.SendAsync("PUT", "/v1/vends/" + id, $$"""{"meter":"{{Site.MeterOf(id)}}","tender":"5","vendor":"corner-shop"}""");
        if (status is 200 or 201)
        {
            var token = (string)body!["tokens"]![0]!["tokens"]![0]!;
            Assert.Equal(_acknowledged.GetValueOrDefault(id, token), token);
            _acknowledged[id] = token;
        }

        return status;
    }

    private static string Id(int number) => $"restore-{number:D4}";

    private static void Copy(string from, string to)
    {
        _ = Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
