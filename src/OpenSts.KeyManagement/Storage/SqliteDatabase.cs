using System.Diagnostics;
using Microsoft.Data.Sqlite;
using OpenSts.KeyManagement.Audit;
using OpenSts.KeyManagement.Records;
using OpenSts.SecureStorage;
using SQLitePCL;

namespace OpenSts.KeyManagement.Storage;

/// <summary>
/// A centre's tables in one SQLite file of mode 0600: write-ahead log, full flushes, locked while it is open.
/// </summary>
internal sealed class SqliteDatabase : ICentreDatabase
{
    private const string FileName = "centre.db";

    // SQLITE_BUSY and SQLITE_LOCKED: another connection has the file.
    private const int Busy = 5, Locked = 6;

    private const string Tables = """
        CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE unlocking (kind INTEGER PRIMARY KEY, parameters BLOB NOT NULL, wrapped BLOB NOT NULL);
        CREATE TABLE record (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, mac BLOB NOT NULL,
            PRIMARY KEY (kind, id)) WITHOUT ROWID;
        CREATE TABLE audit (sequence INTEGER PRIMARY KEY, time INTEGER NOT NULL, actor TEXT NOT NULL, text TEXT NOT NULL,
            changes TEXT NOT NULL, chain BLOB NOT NULL, mac BLOB NOT NULL);
        """;

    private const string AuditColumns = "SELECT sequence, time, actor, text, changes, chain, mac FROM audit";
    private readonly SqliteConnection _connection;

    static SqliteDatabase() => Batteries_V2.Init();

    private SqliteDatabase(SqliteConnection connection) => _connection = connection;

    /// <summary>True where there is a centre in the folder.</summary>
    public static bool IsTaken(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>Makes the file with its first contents; after a crash it is whole or not there.</summary>
    public static void Create(string folder, IReadOnlyDictionary<string, string> settings, StoredTransaction first)
    {
        if (IsTaken(folder))
            throw new CentreException(CentreFault.Exists, $"There is a centre in {folder} already.");
        var path = Path.Combine(folder, FileName);
        PrivateFile.CreateFolder(folder);
        // An unfinished file has another name: a crash during a ceremony leaves no half-made centre.
        var fresh = path + ".new";
        File.Delete(fresh);
        PrivateFile.Create(fresh).Dispose();
        using (var database = new SqliteDatabase(Connect(fresh)))
        {
            database.Pragma("synchronous=FULL");
            database.InTransaction(transaction =>
            {
                database.Execute(transaction, Tables);
                foreach (var (name, value) in settings)
                    database.Execute(transaction, "INSERT INTO setting VALUES ($1, $2)", name, value);
                database.WriteRows(transaction, first);
            });
        }

        File.Move(fresh, path);
        PrivateFile.FlushFolder(Path.GetFullPath(folder));
    }

    /// <summary>Opens the file and keeps it locked.</summary>
    public static SqliteDatabase Open(string folder, TimeSpan timeout)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new CentreException(CentreFault.Missing, $"There is no centre in {folder}.");
        PrivateFile.Require(path);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return OpenLocked(path);
            }
            catch (CentreException error) when (error.Fault == CentreFault.InUse
                && Stopwatch.GetElapsedTime(started) < timeout)
            {
                // Two processes that open the file at the same moment can each hold part of the lock: both release it
                // and try again.
                Thread.Sleep(Random.Shared.Next(5, 50));
            }
        }
    }

    /// <inheritdoc/>
    public string? Setting(string name)
    {
        try
        {
            return Rows("SELECT value FROM setting WHERE name = $1", row => row.GetString(0), name).FirstOrDefault();
        }
        catch (CentreException error) when (error.Fault == CentreFault.Storage)
        {
            // Not a centre's database.
            return null;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoredLock> Locks() => Rows(
        "SELECT kind, parameters, wrapped FROM unlocking ORDER BY kind",
        row => new StoredLock((StorageLockKind)row.GetInt32(0),
            row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2)));

    /// <inheritdoc/>
    public IEnumerable<StoredRecord> Records() => Rows(
        "SELECT kind, id, body, mac FROM record ORDER BY kind, id",
        row => new StoredRecord(row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<byte[]>(3)));

    /// <inheritdoc/>
    public IEnumerable<AuditEntry> Entries() => Rows(AuditColumns + " ORDER BY sequence", Entry);

    /// <inheritdoc/>
    public AuditEntry? LastEntry() => Rows(AuditColumns + " ORDER BY sequence DESC LIMIT 1", Entry).FirstOrDefault();

    /// <inheritdoc/>
    public byte[]? ChainAt(long sequence) =>
        Rows("SELECT chain FROM audit WHERE sequence = $1", row => row.GetFieldValue<byte[]>(0), sequence)
            .FirstOrDefault();

    /// <inheritdoc/>
    public void Write(StoredTransaction step) => InTransaction(transaction => WriteRows(transaction, step));

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static SqliteDatabase OpenLocked(string path)
    {
        var database = new SqliteDatabase(Connect(path));
        try
        {
            database.Pragma("locking_mode=EXCLUSIVE");
            database.Pragma("journal_mode=WAL");
            database.Pragma("synchronous=FULL");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private static SqliteConnection Connect(string path)
    {
        // Not pooled: the lock ends when the centre is closed. The driver repeats a busy statement by itself until its
        // timeout.
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 1,
        };
        var connection = new SqliteConnection(text.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw Failure(error.SqliteErrorCode, $"The database {path} cannot be opened: {error.Message}");
        }
    }

    private static CentreException Failure(int code, string message) => code is Busy or Locked
        ? new CentreException(CentreFault.InUse, "The centre is open in another process.")
        : new CentreException(CentreFault.Storage, message);

    private static CentreException Failure(SqliteException error) =>
        Failure(error.SqliteErrorCode, $"The database refused a statement: {error.Message}");

    private static AuditEntry Entry(SqliteDataReader row) => new()
    {
        Sequence = row.GetInt64(0),
        Time = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
        Actor = row.GetString(2),
        Text = row.GetString(3),
        Changes = row.GetString(4),
        Chain = row.GetFieldValue<byte[]>(5),
        Mac = row.GetFieldValue<byte[]>(6),
    };

    // Past the driver, which would wait for a busy file where the caller wants to let go of its part of the lock at
    // once.
    private void Pragma(string text)
    {
        var code = raw.sqlite3_exec(_connection.Handle, "PRAGMA " + text);
        if (code != raw.SQLITE_OK)
            throw Failure(code & 0xFF,
                $"The database refused a statement: {raw.sqlite3_errmsg(_connection.Handle).utf8_to_string()}.");
    }

    private void WriteRows(SqliteTransaction transaction, StoredTransaction step)
    {
        if (step.Records.Count > 0)
        {
            using var command = Command(transaction, "INSERT OR REPLACE INTO record VALUES ($1, $2, $3, $4)", "", "",
                "", Array.Empty<byte>());
            command.Prepare();
            foreach (var record in step.Records)
            {
                command.Parameters[0].Value = record.Kind;
                command.Parameters[1].Value = record.Id;
                command.Parameters[2].Value = record.Body;
                command.Parameters[3].Value = record.Mac;
                _ = command.ExecuteNonQuery();
            }
        }

        if (step.AddedLock is { } added)
            Execute(transaction, "INSERT OR REPLACE INTO unlocking VALUES ($1, $2, $3)", (int)added.Kind,
                added.Parameters, added.Wrapped);
        if (step.RemovedLock is { } removed)
            Execute(transaction, "DELETE FROM unlocking WHERE kind = $1", (int)removed);
        var entry = step.Entry;
        Execute(transaction, "INSERT INTO audit VALUES ($1, $2, $3, $4, $5, $6, $7)",
            entry.Sequence, entry.Time.ToUnixTimeMilliseconds(), entry.Actor, entry.Text, entry.Changes, entry.Chain,
                entry.Mac);
    }

    private void InTransaction(Action<SqliteTransaction> work)
    {
        try
        {
            // Not deferred: the file is locked for writing before anything is written.
            using var transaction = _connection.BeginTransaction(deferred: false);
            work(transaction);
            transaction.Commit();
        }
        catch (SqliteException error)
        {
            throw Failure(error);
        }
    }

    private SqliteCommand Command(SqliteTransaction? transaction, string sql, params ReadOnlySpan<object> values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++)
            _ = command.Parameters.AddWithValue(FormattableString.Invariant($"${i + 1}"), values[i]);
        return command;
    }

    private void Execute(SqliteTransaction? transaction, string sql, params ReadOnlySpan<object> values)
    {
        using var command = Command(transaction, sql, values);
        _ = command.ExecuteNonQuery();
    }

    private List<T> Rows<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object> values)
    {
        try
        {
            using var command = Command(null, sql, values);
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
                rows.Add(read(reader));
            return rows;
        }
        catch (SqliteException error)
        {
            throw Failure(error);
        }
    }
}
