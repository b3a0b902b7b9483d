using System.Data;
using System.Net.Sockets;
using Npgsql;
using NpgsqlTypes;
using OpenSts.KeyManagement.Audit;
using OpenSts.KeyManagement.Records;
using OpenSts.SecureStorage;

namespace OpenSts.KeyManagement.Storage;

/// <summary>A centre's tables in the schema <c>kmc</c> of a PostgreSQL database (15 or later).</summary>
/// <remarks>
/// One connection as long as the centre is open, and with it an advisory lock: another process waits for it, and a
/// process whose connection is lost can write no more. Below that the number of the audit entry is a primary key, so
/// that two writers that a proxy between them and the database lets in at once still cannot both write a step.
/// </remarks>
internal sealed class PostgresDatabase : ICentreDatabase
{
    // "OSTSKMC1"
    private const long Exclusive = 0x4F53_5453_4B4D_4331;
    private const string Tables = """
        CREATE SCHEMA IF NOT EXISTS kmc;
        CREATE TABLE kmc.setting (name TEXT COLLATE "C" PRIMARY KEY, value TEXT NOT NULL);
        CREATE TABLE kmc.unlocking (kind INTEGER PRIMARY KEY, parameters BYTEA NOT NULL, wrapped BYTEA NOT NULL);
        CREATE TABLE kmc.record (kind TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL, body TEXT NOT NULL, mac BYTEA NOT NULL, PRIMARY KEY (kind, id));
        CREATE TABLE kmc.audit (sequence BIGINT PRIMARY KEY, time BIGINT NOT NULL, actor TEXT NOT NULL, text TEXT NOT NULL, changes TEXT NOT NULL, chain BYTEA NOT NULL, mac BYTEA NOT NULL);
        """;

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;
    private readonly string _name;

    private PostgresDatabase(NpgsqlDataSource source, NpgsqlConnection connection, string name) =>
        (_source, _connection, _name) = (source, connection, name);

    /// <summary>Reads a connection string. What is wrong with it is told without its text.</summary>
    public static NpgsqlConnectionStringBuilder ReadConnection(string text)
    {
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(text)
            {
                Pooling = false,
                Enlist = false,
                ApplicationName = "sts kmc",
                IncludeErrorDetail = false,
            };
            return string.IsNullOrEmpty(connection.Host)
                ? throw new CentreException(CentreFault.Format,
                    "The connection string names no Host; permitted is such as "
                        + "Host=db.example;Database=kmc;Username=kmc.")
                : connection;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException
            or OverflowException)
        {
            // Not as the inner exception: its words may hold a part of a password.
            throw new CentreException(CentreFault.Format,
                "The connection string cannot be read; permitted is such as Host=db.example;Database=kmc;Username=kmc.");
        }
    }

    public static string NameOf(NpgsqlConnectionStringBuilder connection) =>
        $"database {connection.Database ?? connection.Username ?? "of the user"} on {connection.Host}";

    public static bool IsTaken(NpgsqlConnectionStringBuilder connection, TimeSpan timeout)
    {
        using var database = Connect(connection, timeout);
        return database.HasTables();
    }

    public static PostgresDatabase Create(NpgsqlConnectionStringBuilder connection,
        IReadOnlyDictionary<string, string> settings, StoredTransaction first, TimeSpan timeout) =>
        Connected(connection, timeout, database =>
    {
        if (database.HasTables())
            throw new CentreException(CentreFault.Exists, $"There is a centre in {database._name} already.");
        database.InTransaction(transaction =>
        {
            using (var tables = new NpgsqlCommand(Tables, database._connection, transaction))
                _ = tables.ExecuteNonQuery();
            foreach (var (name, value) in settings)
                database.Execute(transaction, "INSERT INTO kmc.setting VALUES ($1, $2)", Text(name), Text(value));
            database.WriteRows(transaction, first);
        });
    });

    public static PostgresDatabase Open(NpgsqlConnectionStringBuilder connection, TimeSpan timeout) =>
        Connected(connection, timeout, database =>
    {
        if (!database.HasTables())
            throw new CentreException(CentreFault.Missing, $"There is no centre in {database._name}.");
    });

    public string? Setting(string name) =>
        Rows("SELECT value FROM kmc.setting WHERE name = $1", row => row.GetString(0), Text(name)).FirstOrDefault();

    public IReadOnlyList<StoredLock> Locks() =>
        [.. Rows("SELECT kind, parameters, wrapped FROM kmc.unlocking ORDER BY kind",
            row => new StoredLock((StorageLockKind)row.GetInt32(0),
            row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2)))];

    public IEnumerable<StoredRecord> Records() =>
        Rows("SELECT kind, id, body, mac FROM kmc.record ORDER BY kind, id", row =>
            new StoredRecord(row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<byte[]>(3)));

    public IEnumerable<AuditEntry> Entries() =>
        Rows("SELECT sequence, time, actor, text, changes, chain, mac FROM kmc.audit ORDER BY sequence", Entry);

    public AuditEntry? LastEntry() =>
        Rows("SELECT sequence, time, actor, text, changes, chain, mac FROM kmc.audit ORDER BY sequence DESC LIMIT 1",
        Entry).FirstOrDefault();

    public byte[]? ChainAt(long sequence) =>
        Rows("SELECT chain FROM kmc.audit WHERE sequence = $1", row => row.GetFieldValue<byte[]>(0), Number(sequence))
        .FirstOrDefault();

    public void Write(StoredTransaction step) => InTransaction(transaction => WriteRows(transaction, step));

    public void Dispose()
    {
        _connection.Dispose();
        _source.Dispose();
    }

    private static PostgresDatabase Connected(NpgsqlConnectionStringBuilder connection, TimeSpan timeout,
        Action<PostgresDatabase> then)
    {
        var database = Connect(connection, timeout);
        try
        {
            then(database);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private static PostgresDatabase Connect(NpgsqlConnectionStringBuilder connection, TimeSpan timeout)
    {
        var name = NameOf(connection);
        NpgsqlDataSource? source = null;
        try
        {
            source = new NpgsqlSlimDataSourceBuilder(connection.ConnectionString).EnableArrays()
                .EnableTransportSecurity().Build();
            var database = new PostgresDatabase(source, source.OpenConnection(), name);
            // Answers are durable, whatever the server's usual setting; the lock lives as long as the connection.
            database.Execute(null,
                "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = "
                    + "'off'");
            database.Execute(null, "SELECT set_config('lock_timeout', $1, false)",
                Text(FormattableString.Invariant($"{Math.Max(1, (long)timeout.TotalMilliseconds)}ms")));
            database.Execute(null, "SELECT pg_advisory_lock($1)", Number(Exclusive));
            return database;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            source!.Dispose();
            throw new CentreException(CentreFault.InUse, "The centre is open in another process.");
        }
        catch (Exception error) when (IsFailure(error))
        {
            source?.Dispose();
            throw Failure(name, error);
        }
        catch
        {
            source?.Dispose();
            throw;
        }
    }

    private static bool IsFailure(Exception error) =>
        error is NpgsqlException or SocketException or TimeoutException or IOException or InvalidOperationException;

    // The server's own words without its details, which may hold what was written.
    private static CentreException Failure(string name, Exception error) =>
        error as CentreException
            ?? new CentreException(CentreFault.Storage,
            $"The {name} refused or cannot be reached: {(error as PostgresException)?.MessageText ?? error.Message}.",
            error);

    private static AuditEntry Entry(NpgsqlDataReader row) => new()
    {
        Sequence = row.GetInt64(0),
        Time = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
        Actor = row.GetString(2),
        Text = row.GetString(3),
        Changes = row.GetString(4),
        Chain = row.GetFieldValue<byte[]>(5),
        Mac = row.GetFieldValue<byte[]>(6),
    };

    private static NpgsqlParameter<string> Text(string text) =>
        new() { TypedValue = text, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter<long> Number(long number) =>
        new() { TypedValue = number, NpgsqlDbType = NpgsqlDbType.Bigint };

    private static NpgsqlParameter<byte[]> Octets(byte[] octets) =>
        new() { TypedValue = octets, NpgsqlDbType = NpgsqlDbType.Bytea };

    private static NpgsqlParameter<string[]> Texts(IEnumerable<string> texts) =>
        new() { TypedValue = [.. texts], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private bool HasTables() =>
        Rows("SELECT to_regclass('kmc.setting') IS NOT NULL", row => row.GetBoolean(0)).Single();

    private void WriteRows(NpgsqlTransaction transaction, StoredTransaction step)
    {
        if (step.Records.Count > 0)
        {
            Execute(transaction,
                "INSERT INTO kmc.record SELECT * FROM unnest($1, $2, $3, $4) ON CONFLICT (kind, id) DO UPDATE SET "
                    + "body = excluded.body, mac = excluded.mac",
                Texts(step.Records.Select(record => record.Kind)), Texts(step.Records.Select(record => record.Id)),
                    Texts(step.Records.Select(record => record.Body)),
                new NpgsqlParameter<byte[][]>
                {
                    TypedValue = [.. step.Records.Select(record => record.Mac)],
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
                });
        }

        if (step.AddedLock is { } added)
        {
            Execute(transaction,
                "INSERT INTO kmc.unlocking VALUES ($1, $2, $3) ON CONFLICT (kind) DO UPDATE SET parameters = "
                    + "excluded.parameters, wrapped = excluded.wrapped",
                Number((int)added.Kind), Octets(added.Parameters), Octets(added.Wrapped));
        }

        if (step.RemovedLock is { } removed)
            Execute(transaction, "DELETE FROM kmc.unlocking WHERE kind = $1", Number((int)removed));
        var entry = step.Entry;
        Execute(transaction, "INSERT INTO kmc.audit VALUES ($1, $2, $3, $4, $5, $6, $7)",
            Number(entry.Sequence), Number(entry.Time.ToUnixTimeMilliseconds()), Text(entry.Actor), Text(entry.Text),
                Text(entry.Changes), Octets(entry.Chain), Octets(entry.Mac));
    }

    // Until the commit is sent nothing is written; from then on only its answer tells.
    private void InTransaction(Action<NpgsqlTransaction> work)
    {
        NpgsqlTransaction? transaction = null;
        try
        {
            transaction = _connection.BeginTransaction(IsolationLevel.ReadCommitted);
            work(transaction);
        }
        catch (Exception error) when (IsFailure(error))
        {
            TryRollBack(transaction);
            throw (error as PostgresException)?.SqlState == PostgresErrorCodes.UniqueViolation
                ? new CentreException(CentreFault.InUse,
                    "Another process changed the centre meanwhile; nothing was written.")
                : Failure(_name, error);
        }

        try
        {
            transaction.Commit();
        }
        catch (Exception error) when (IsFailure(error))
        {
            throw new CentreException(CentreFault.OutcomeUnknown,
                $"The connection to {_name} was lost while a step was being stored. It is there whole, with its entry "
                    + "in the audit log, or not at all: look before it is repeated.", error);
        }
    }

    private static void TryRollBack(NpgsqlTransaction? transaction)
    {
        try
        {
            transaction?.Rollback();
        }
        catch (Exception error) when (IsFailure(error))
        {
            // The connection is lost; the database rolls back by itself.
        }
    }

    private void Execute(NpgsqlTransaction? transaction, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        using var command = new NpgsqlCommand(sql, _connection, transaction);
        foreach (var parameter in parameters)
            _ = command.Parameters.Add(parameter);
        _ = command.ExecuteNonQuery();
    }

    private List<T> Rows<T>(
        string sql, Func<NpgsqlDataReader, T> read, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        try
        {
            using var command = new NpgsqlCommand(sql, _connection);
            foreach (var parameter in parameters)
                _ = command.Parameters.Add(parameter);
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
                rows.Add(read(reader));
            return rows;
        }
        catch (Exception error) when (IsFailure(error))
        {
            throw Failure(_name, error);
        }
    }
}
