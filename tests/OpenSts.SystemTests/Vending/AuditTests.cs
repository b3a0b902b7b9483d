using OpenSts.Vending.Client;
using OpenSts.Vending.Hosting;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;
using OpenSts.Vending.Storage.Postgres;
using OpenSts.Vending.Storage.Sqlite;
using IssueLogTable = OpenSts.Vending.IssueLog.IssueLogTable;

namespace OpenSts.SystemTests.Vending;

/// <summary>An auditor with the command line: somebody wrote in the store, and the first entry is named. On every store.</summary>
public abstract class AuditTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opensts-audit-").FullName;

    /// <summary>The options of the server's command that name the store.</summary>
    protected abstract string[] StoreOptions { get; }

    protected string Folder => _folder;

    protected abstract IStore Open();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("in order", "", 0, "4 entries are in order")]
    [InlineData("altered", "UPDATE issue_log SET body = REPLACE(body, 'key:till', 'key:tall') WHERE sequence = 2", 1, "Altered: Entry 2 ")]
    [InlineData("made unreadable", "UPDATE issue_log SET body = '{' WHERE sequence = 2", 1, "Altered: Entry 2 ")]
    [InlineData("removed", "DELETE FROM issue_log WHERE sequence = 2", 1, "Removed: Entry 2 is missing")]
    [InlineData("reordered", "UPDATE issue_log SET sequence = CASE sequence WHEN 2 THEN -3 ELSE -2 END WHERE sequence IN (2, 3); UPDATE issue_log SET sequence = -sequence WHERE sequence < 0", 1, "Reordered: In place 2 stands the entry that was written as 3")]
    [InlineData("missing at the end", "DELETE FROM issue_log WHERE sequence = 4", 1, "Removed: The log ends before entry 4; 4 were written")]
    [InlineData("all of it", "DELETE FROM issue_log", 1, "Removed: The log ends before entry 1; 4 were written")]
    [InlineData("head moved", "UPDATE issue_log_head SET hash = 'x'", 1, "Altered: The head names entry 4")]
    public async Task Verify_StoreWasWrittenTo_TheFirstEntryIsNamedByFileAndByServer(string description, string sql, int status, string said)
    {
        using (var store = Open())
            await SellAsync(store, sql);
        var file = Path.Combine(Folder, "log.jsonl");

        var exported = VendingCommand.Run(["export-log", file, .. StoreOptions]);
        var verified = Sts.Run("audit", "verify", file);

        Assert.True(exported.Exit == 0, exported.Error);
        Assert.True(verified.Exit == status && verified.Output.Contains(said, StringComparison.Ordinal), $"{description}: {verified}");
        Assert.Equal(status, VendingCommand.Run(["verify", .. StoreOptions]).Exit);
        await OverTheServerAsync(status, description);
    }

    [Fact]
    public async Task Verify_LogCutAndHashedAnew_IsFoundWithAWitnessOnly()
    {
        string kept;
        using (var store = Open())
        {
            await SellAsync(store, "");
            kept = store.Read(session => IssueLogTable.Head(session)) is var head ? $"{head.Sequence}:{head.Hash}" : "";
            store.Write(session =>
            {
                var hash = session.First("SELECT hash FROM issue_log WHERE sequence = 3", row => row.Text(0));
                _ = session.Execute("DELETE FROM issue_log WHERE sequence = 4");
                _ = session.Execute("UPDATE issue_log_head SET sequence = 3, hash = $1", hash);
            });
        }

        var file = Path.Combine(Folder, "log.jsonl");
        Assert.Equal(0, VendingCommand.Run(["export-log", file, .. StoreOptions]).Exit);
        var without = Sts.Run("audit", "verify", file);
        var with = Sts.Run("audit", "verify", file, "--witness", kept);
        var json = Sts.Run("audit", "verify", file, "--witness", kept, "--json");

        Assert.True(without.Exit == 0, without.ToString());
        Assert.True(with.Exit == 1 && with.Output.Contains("ends before entry 4", StringComparison.Ordinal), with.ToString());
        Assert.Contains("\"fault\":\"removed\",\"sequence\":4", json.Output, StringComparison.Ordinal);
    }

    // The same through a living server: over its API the log is read and verified by the client.
    private async Task OverTheServerAsync(int status, string description)
    {
        using var store = Open();
        var module = new TestModule();
        var settings = new VendingSettings();
        var secrets = FirstStart.Fill(store, settings, demonstration: false, DateTimeOffset.UtcNow)!;
        await using var app = VendingHost.Build(store, module, settings, "http://127.0.0.1:0");
        await app.StartAsync(TestContext.Current.CancellationToken);
        var keyFile = Path.Combine(Folder, "key");
        await File.WriteAllTextAsync(keyFile, secrets.ApiKey, TestContext.Current.CancellationToken);

        var (exit, output, error) = Sts.Run("audit", "verify", "--server", app.Urls.First(), "--api-key-file", keyFile);

        Assert.True(exit == status, $"{description}: {output}{error}");
    }

    private static async Task SellAsync(IStore store, string sql)
    {
        var shop = new Shop(store);
        for (var i = 1; i <= 4; i++)
            _ = await shop.SellAsync($"sale-{i:D4}", tender: 10);
        store.Write(session =>
        {
            foreach (var statement in sql.Split("; ", StringSplitOptions.RemoveEmptyEntries))
                _ = session.Execute(statement);
        });
    }
}

/// <summary>On the embedded store.</summary>
public sealed class SqliteAuditTests : AuditTests
{
    protected override string[] StoreOptions => ["--folder", Folder];

    protected override IStore Open() => new SqliteStore(Path.Combine(Folder, "vending.db"));
}

/// <summary>On PostgreSQL; skipped where it is not installed.</summary>
public sealed class PostgresAuditTests(PostgresFixture fixture) : AuditTests, IClassFixture<PostgresFixture>
{
    private string? _connection;

    protected override string[] StoreOptions => ["--folder", Folder, "--postgres", _connection!];

    protected override IStore Open()
    {
        Assert.True(fixture.Server is not null, "PostgreSQL is not installed.");
        return new PostgresStore(_connection ??= fixture.Server!.NewDatabase());
    }
}

/// <summary>The exported file itself was written to.</summary>
public sealed class IssueLogFileTests
{
    [Theory]
    [InlineData("in order", "1 2 3 H", LogFault.None, 0)]
    [InlineData("a line removed", "1 3 H", LogFault.Removed, 2)]
    [InlineData("two lines exchanged", "1 3 2 H", LogFault.Reordered, 2)]
    [InlineData("a line twice", "1 1 2 3 H", LogFault.Reordered, 2)]
    [InlineData("cut before the head", "1 2 3", LogFault.Removed, 4)]
    [InlineData("cut in an entry", "1 2 3x", LogFault.Altered, 3)]
    [InlineData("last entry removed", "1 2 H", LogFault.Removed, 3)]
    [InlineData("an entry behind the head", "1 2 3 H 3", LogFault.Altered, 3)]
    [InlineData("empty", "", LogFault.Removed, 1)]
    public void Verify_LinesOfTheFile_NamesTheFirst(string description, string lines, LogFault fault, long sequence)
    {
        var file = new MemoryStream();
        var hash = IssueLogChain.Empty.Hash;
        var entries = Enumerable.Range(1, 3).Select(i => $$"""{"sequence":{{i}},"text":"é \"{{i}}\""}""").Select((body, i) => new LogEntry(i + 1, body, hash = IssueLogChain.Next(hash, body))).ToList();
        IssueLogFile.Write(file, entries, new LogHead(3, hash));
        var written = System.Text.Encoding.UTF8.GetString(file.ToArray()).Split('\n');
        var chosen = string.Join('\n', lines.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word == "H" ? written[3] : word.EndsWith('x') ? written[word[0] - '1'][..20] : written[word[0] - '1']));

        var found = IssueLogFile.Verify(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(chosen)), null, out var head);

        Assert.True((fault, sequence) == (found.Fault, found.Sequence), $"{description}: {found}");
        Assert.Equal(found.Entries, head.Sequence);
    }
}
