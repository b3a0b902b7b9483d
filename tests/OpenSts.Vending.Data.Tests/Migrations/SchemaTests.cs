using OpenSts.Vending.Data.Migrations;
using OpenSts.Vending.Data.Stores;
using OpenSts.Vending.Data.Tests.Vends;

namespace OpenSts.Vending.Data.Tests.Migrations;

public sealed class SchemaTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private const string Columns = "SELECT table_name || '.' || column_name FROM information_schema.columns "
        + "WHERE table_schema IN ('ref', 'vend', 'ledger', 'audit', 'ops', 'reporting') "
        + "AND table_name !~ '_\\d{4}_\\d{2}$' ORDER BY 1";

    private readonly PostgresServer _server = fixture.Required();

    [Fact]
    public async Task Migrate_FourServersStartTogether_EachScriptRunsOnce()
    {
        var connection = _server.NewDatabase();
        var site = TestStore.OnFile();
        await using (site)
        {
            var path = new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(site.Connection).DataSource;
            await Task.WhenAll(
                Enumerable.Range(0, 4).Select(_ => Task.Run(() => SchemaMigrator.MigratePostgresAsync(connection))));
            await Task.WhenAll(
                Enumerable.Range(0, 4).Select(_ => Task.Run(() => SchemaMigrator.MigrateSqliteAsync(path))));

            Assert.Equal("8", await site.ValueAsync("SELECT count(*) FROM schema_versions"));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Migrate_StoreOfANewerProgram_IsRefused(bool postgres)
    {
        await using var site = await TestStore.CreateAsync(postgres ? _server : null);
        await site.ExecuteAsync(postgres
            ? "INSERT INTO public.schema_versions (scriptname, applied) VALUES ('9999_later.sql', now())"
            : "INSERT INTO schema_versions (ScriptName, Applied) VALUES ('9999_later.sql', '2027-01-01')");

        var error = await Assert.ThrowsAsync<StoreException>(() => site.OpenAsync());

        Assert.Equal(StoreFault.Newer, error.Fault);
        Assert.Contains("9999_later.sql", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_BothStores_HaveTheSameTablesAndColumns()
    {
        await using var postgres = await TestStore.CreateAsync(_server);
        await using var sqlite = await TestStore.CreateAsync(null);

        var tables = await sqlite.ValuesAsync(
            "SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c "
            + "WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'schema_versions'");
        var columns = await postgres.ValuesAsync(Columns);

        Assert.True(columns.Count > 250);
        Assert.Equal(columns.Order(StringComparer.Ordinal), tables.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Schema_EveryTableAndColumn_HasAComment()
    {
        await using var site = await TestStore.CreateAsync(_server);

        Assert.Empty(await site.ValuesAsync("""
            SELECT n.nspname || '.' || c.relname || coalesce('.' || a.attname, '')
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind <> 'v'
            WHERE n.nspname IN ('ref', 'vend', 'ledger', 'audit', 'ops', 'reporting') AND c.relkind IN (
                'r', 'p', 'v') AND NOT c.relispartition
              AND coalesce(col_description(c.oid, a.attnum), obj_description(c.oid)) IS NULL
            """));
    }

    [Fact]
    public async Task Document_OfTheSchema_HasEveryColumnWithItsComment()
    {
        await using var site = await TestStore.CreateAsync(_server);
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "OpenSts.slnx")))
            folder = folder.Parent;
        var lines = await File.ReadAllLinesAsync(Path.Combine(
            folder.FullName, "docs", "reference", "vending-schema.md"), TestContext.Current.CancellationToken);
        var documented = new List<string>();
        var table = "";
        foreach (var line in lines)
        {
            if (line.StartsWith("### ", StringComparison.Ordinal))
                table = line[4..];
            else if (line.StartsWith("## Views", StringComparison.Ordinal))
                table = "";
            else if (table.Length > 0 && line.StartsWith("| ", StringComparison.Ordinal)
                && line.Split(" | ") is [var name, _, var comment] && name != "| column")
                documented.Add($"{table}.{name[2..]}: {comment[..^2]}");
        }

        var stored = await site.ValuesAsync("""
            SELECT c.relname || '.' || a.attname || ': ' || col_description(c.oid, a.attnum)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE n.nspname IN ('ref', 'vend', 'ledger', 'audit', 'ops', 'reporting') AND c.relkind IN (
                'r', 'p') AND NOT c.relispartition
            """);
        Assert.Equal(stored.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Statements_OfBothStores_HaveTheSameNames()
    {
        var postgres = new SqlStatements("Vends/Postgres.sql").Names.Where(name =>
            !name.EndsWith("-waiting", StringComparison.Ordinal)
                && !name.EndsWith("-present", StringComparison.Ordinal));

        Assert.Equal(postgres.Order(StringComparer.Ordinal),
            new SqlStatements("Vends/Sqlite.sql").Names.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("vend_details")]
    [InlineData("trial_balance")]
    [InlineData("wallets")]
    [InlineData("ledger_lines")]
    [InlineData("free_units")]
    [InlineData("open_outcomes")]
    public async Task Views_OfBothStores_GiveTheSameRows(string view)
    {
        await using var postgres = await TestStore.CreateAsync(_server);
        await using var sqlite = await TestStore.CreateAsync(null);
        foreach (var site in new[] { postgres, sqlite })
        {
            await using var store = await site.OpenAsync();
            _ = await VendStoreContract.SellAsync(
                store, "vend-0001", VendStoreContract.Credit() with { Pan = TestStore.SecondPan });
        }

        var (first, second) = (await postgres.ValuesAsync($"SELECT count(*) FROM reporting.{view}"),
            await sqlite.ValuesAsync($"SELECT count(*) FROM reporting.{view}"));
        Assert.Equal(first, second);
        if (view != "open_outcomes")
            Assert.NotEqual("0", first[0]);
    }
}
