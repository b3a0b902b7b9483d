using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using OpenSts.Vending.Data.Tokens;
using OpenSts.Vending.Data.Vends;
using OpenSts.Vending.TokenIdentifiers;
using OpenSts.Vending.Vends;

namespace OpenSts.Vending.Data.Tests;

/// <summary>One new store with an example site: two vendors, three meters, a tariff of 2.00 a unit, 1,000.00 in each
/// wallet.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 28, 9, 0, 30, TimeSpan.Zero);
    public static readonly MeterPan Pan = PanOf(1), SecondPan = PanOf(2), ThirdPan = PanOf(3);

    private static readonly ConditionalWeakTable<PostgresServer, string> Templates = [];
    private static readonly SemaphoreSlim TemplateTurn = new(1, 1);
    private readonly string? _path;
    private readonly string _connection;
    private readonly AesGcmTokenSeal _seal = new(new byte[32]);

    private TestStore(string? path, string connection) => (_path, _connection) = (path, connection);

    public FakeTimeProvider Time { get; } = new(Start);

    public bool IsPostgres => _path is null;

    public string Connection => _connection;

    public VendRules Rules { get; set; } = new()
    {
        Currency = new Currency("ZAR", 2),
        Calendar = new LocalCalendar(TimeZoneInfo.Utc),
        Identifiers = new IdentifierAllocator(59),
    };

    public static MeterPan PanOf(int serial) =>
        MeterPan.Create(DecoderReferenceNumber.Create(ManufacturerCode.Parse("01"), serial));

    public static async Task<TestStore> CreateAsync(PostgresServer? server)
    {
        if (server is not null)
            return new TestStore(null, server.NewDatabase(like: await TemplateOf(server)));
        var store = OnFile();
        await (await store.OpenAsync()).DisposeAsync();
        await store.SeedAsync();
        return store;
    }

    // A filled database that others are copied from: made once for each server.
    private static async Task<string> TemplateOf(PostgresServer server)
    {
        await TemplateTurn.WaitAsync();
        try
        {
            if (Templates.TryGetValue(server, out var connection))
                return connection;
            var store = new TestStore(null, server.NewDatabase());
            await (await store.OpenAsync()).DisposeAsync();
            await store.SeedAsync();
            NpgsqlConnection.ClearAllPools();
            Templates.Add(server, store._connection);
            return store._connection;
        }
        finally
        {
            _ = TemplateTurn.Release();
        }
    }

    public static TestStore OnFile()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("opensts-vending-").FullName, "vending.db");
        return new TestStore(
            path, new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
    }

    public Task<VendStore> OpenAsync(VendStoreOptions? options = null)
    {
        var used = options ?? new VendStoreOptions { LockTimeout = TimeSpan.FromMilliseconds(500) };
        return _path is null
            ? VendStore.OpenPostgresAsync(_connection, _seal, () => Rules, Time, used)
            : VendStore.OpenSqliteAsync(_path, _seal, () => Rules, Time, used);
    }

    public DbConnection NewConnection() =>
        _path is null ? new NpgsqlConnection(_connection) : new SqliteConnection(_connection);

    /// <summary>Executes SQL in which tables are written with their schemas.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = NewConnection();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = Plain(sql);
        _ = await command.ExecuteNonQueryAsync();
    }

    /// <summary>One value, as text.</summary>
    public async Task<string> ValueAsync(string sql) => (await ValuesAsync(sql))[0];

    /// <summary>The first column of each row, as text.</summary>
    public async Task<List<string>> ValuesAsync(string sql)
    {
        await using var connection = NewConnection();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = Plain(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
            values.Add(Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture) ?? "");
        return values;
    }

    /// <summary>Every octet of the store, to look for what must not be in it.</summary>
    public byte[] Octets() => [.. Directory.GetFiles(Path.GetDirectoryName(_path!)!).SelectMany(File.ReadAllBytes)];

    public async ValueTask DisposeAsync()
    {
        _seal.Dispose();
        if (_path is null)
        {
            NpgsqlConnection.ClearAllPools();
            return;
        }

        SqliteConnection.ClearAllPools();
        await Task.Yield();
        Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }

    private string Plain(string sql) => IsPostgres
        ? sql
        : System.Text.RegularExpressions.Regex.Replace(sql, @"\b(ref|vend|ledger|audit|ops|reporting)\.", "");

    private async Task SeedAsync()
    {
        var (yes, from) = IsPostgres ? ("true", "'2020-01-01'") : ("1", "'2020-01-01'");
        await ExecuteAsync($"""
            INSERT INTO ref.vendors VALUES ('v1', 'Shop', 0, '2', {yes}, 1), ('v2', 'Other', -5000, '0', {yes}, 1);
            INSERT INTO ref.outlets VALUES ('v1', 'main', 1, 'Main street', {yes}),
                ('v1', 'side', 2, 'Side street', {yes}), ('v2', 'main', 1, 'Market', {yes});
            INSERT INTO vend.receipt_numbers VALUES ('v1', 'main', 0), ('v1', 'side', 0), ('v2', 'main', 0);
            INSERT INTO ref.customers (id, name, account, address, phone, arrears_rule, arrears_value, free_units,
                free_evidence, free_expires,
                free_registered_by, free_approved_by, version)
              VALUES ('c1', 'Ann', 'A1', '', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1),
                     ('c2', 'Ben', 'A2', '', '', 'share', '25', '50', 'E1', '2030-01-01', 'operator:ann',
                         'operator:ben', 1);
            INSERT INTO ref.supply_groups VALUES ('123456', 'Town', 1, 'with-next-vend', 1);
            INSERT INTO ref.supply_group_keys VALUES ('123456', 1, 'DUTK', 255, 2014, 998, NULL),
                ('123456', 2, 'DUTK', 255, 2014, 999, NULL);
            INSERT INTO ref.tariffs VALUES ('home', 'electricity');
            INSERT INTO ref.tariff_versions VALUES ('home', 1, 'Home', 'active', {from}, '100', '0', '0', '10000',
                NULL, 'operator:ann', 'operator:ben', NULL);
            INSERT INTO ref.tariff_blocks VALUES ('home', 1, 1, '100', '2'), ('home', 1, 2, NULL, '4');
            INSERT INTO ref.tariff_fixed_charges VALUES ('home', 1, 1, 'network', '1', 'daily');
            """);
        foreach (var (pan, customer) in new[] { (Pan, "'c1'"), (SecondPan, "'c2'"), (ThirdPan, "NULL") })
            await AddMeterAsync(pan, customer);
        await ExecuteAsync("""
            INSERT INTO ledger.accounts VALUES ('wallet:v1', 'liability', 'ZAR', 100000, 0),
                ('wallet:v2', 'liability', 'ZAR', 100000, -5000),
                ('bank', 'asset', 'ZAR', -200000, NULL), ('arrears:c2', 'asset', 'ZAR', -3000, NULL),
                    ('receivables', 'income', 'ZAR', 3000, NULL);
            """);
        var time = IsPostgres ? "'2026-11-01T00:00:00Z'" : "1793491200000";
        string[] postings =
        [
            "INSERT INTO ledger.postings VALUES (1, 1, 'wallet:v1', 0, 100000), (1, 2, 'wallet:v2', 0, 100000), "
                + "(1, 3, 'bank', 200000, 0), "
                + "(2, 1, 'arrears:c2', 3000, 0), (2, 2, 'receivables', 0, 3000);",
            $"INSERT INTO ledger.journal_entries VALUES (1, 'deposit', 'd1', 'operator:ann', NULL, '', 'page', 'ZAR', "
                + $"{time}, '2026-11-01'), "
                + $"(2, 'charge', 'x1', 'operator:ann', NULL, 'old bill', 'page', 'ZAR', {time}, '2026-11-01');",
        ];
        await ExecuteAsync("BEGIN; " + string.Concat(postings) + " COMMIT;");
        if (IsPostgres)
            await ExecuteAsync("SELECT setval('ledger.entry_number', 2)");
    }

    public Task AddMeterAsync(MeterPan pan, string customer = "NULL") => ExecuteAsync(
        "INSERT INTO ref.meters (pan, drn, supply_group, key_revision, key_type, tariff_index, "
            + "encryption_algorithm, token_carrier_type, service, "
        + "token_form, tariff_id, customer_id, state, state_reason, charges_from, key_change_tokens, version) VALUES "
        + $"('{pan}', '{pan.DecoderReferenceNumber}', '123456', 1, 'DUTK', '01', 'EA07', 2, "
            + $"'electricity', 'units', 'home', {customer}, 'active', '', '2026-11-28', 0, 1)");
}
