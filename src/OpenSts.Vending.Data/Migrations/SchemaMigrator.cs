using System.Reflection;
using DbUp;
using DbUp.Builder;
using DbUp.Engine;
using DbUp.Sqlite.Helpers;
using Microsoft.Data.Sqlite;
using Npgsql;
using OpenSts.Vending.Data.Stores;

namespace OpenSts.Vending.Data.Migrations;

/// <summary>Brings a store's tables up to date: numbered scripts, each run once, in order.</summary>
/// <remarks>DbUp locks nothing: two servers that start together take turns by a lock of the store.</remarks>
public static class SchemaMigrator
{
    // Any fixed number: sessions that ask for the same one take turns.
    private const long LockNumber = 0x6F70656E737473;

    /// <summary>Migrates a PostgreSQL store, under an advisory lock.</summary>
    /// <exception cref="StoreException">The store is newer than this program, or a script failed; then none was
    /// applied.</exception>
    public static async Task MigratePostgresAsync(string connection)
    {
        try
        {
            var session = new NpgsqlConnection(
                new NpgsqlConnectionStringBuilder(connection) { CommandTimeout = 0 }.ConnectionString);
            await using (session.ConfigureAwait(false))
            {
                await session.OpenAsync().ConfigureAwait(false);
                await ExecuteAsync(session, $"SELECT pg_advisory_lock({LockNumber})").ConfigureAwait(false);
                var engine = Scripts(DeployChanges.To.PostgresqlDatabase(connection), "Migrations/Postgres/")
                    .WithTransaction()
                    .JournalToPostgresqlTable("public", "schema_versions").Build();
                Run(engine);
                await ExecuteAsync(session, $"SELECT pg_advisory_unlock({LockNumber})").ConfigureAwait(false);
            }
        }
        catch (NpgsqlException error)
        {
            throw PostgresDatabase.Fault(error);
        }
    }

    /// <summary>Migrates an SQLite store, in one exclusive transaction.</summary>
    /// <exception cref="StoreException">The store is newer than this program, or a script failed; then none was
    /// applied.</exception>
    public static async Task MigrateSqliteAsync(string path)
    {
        try
        {
            var connection = new SqliteConnection(new SqliteConnectionStringBuilder(SqliteDatabase.ConnectionOf(path))
            {
                DefaultTimeout = 60,
                Pooling = false,
            }.ConnectionString);
            await using (connection.ConfigureAwait(false))
            {
                await connection.OpenAsync().ConfigureAwait(false);
                await ExecuteAsync(connection, "PRAGMA journal_mode = WAL").ConfigureAwait(false);
                await ExecuteAsync(connection, "BEGIN EXCLUSIVE").ConfigureAwait(false);
                using var shared = new SharedConnection(connection);
                Run(Scripts(DeployChanges.To.SqliteDatabase(shared), "Migrations/Sqlite/").WithoutTransaction()
                    .JournalToSqliteTable("schema_versions").Build());
                await ExecuteAsync(connection, "COMMIT").ConfigureAwait(false);
            }
        }
        catch (SqliteException error)
        {
            throw SqliteDatabase.Fault(error);
        }
    }

    private static UpgradeEngineBuilder Scripts(UpgradeEngineBuilder builder, string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var scripts = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal))
            .Select(name => SqlScript.FromStream(name[folder.Length..], assembly.GetManifestResourceStream(name)!));
        return builder.WithScripts(scripts).WithVariablesDisabled().LogToNowhere();
    }

    private static void Run(UpgradeEngine engine)
    {
        var known = engine.GetDiscoveredScripts().Select(script => script.Name).ToHashSet(StringComparer.Ordinal);
        if (engine.GetExecutedScripts().FirstOrDefault(name => !known.Contains(name)) is { } newer)
            throw new StoreException(StoreFault.Newer,
                $"The store has migration {newer}, which this program does not know. Use the newer program.");
        if (!engine.IsUpgradeRequired())
            return;
        var result = engine.PerformUpgrade();
        if (!result.Successful)
            throw new StoreException(StoreFault.Unavailable,
                $"Migration {result.ErrorScript?.Name} failed: {result.Error.Message}", result.Error);
    }

    private static async Task ExecuteAsync(System.Data.Common.DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
#pragma warning disable CA2100 // Fixed texts of this class.
            command.CommandText = sql;
#pragma warning restore CA2100
            _ = await command.ExecuteNonQueryAsync().ConfigureAwait(false);
        }
    }
}
