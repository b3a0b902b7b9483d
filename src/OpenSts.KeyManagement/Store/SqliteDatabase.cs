using System.Diagnostics;
using OpenSts.SecureStorage;
using OpenSts.Sqlite;

namespace OpenSts.KeyManagement.Store;

/// <summary>A centre's tables in one SQLite file of mode 0600: write-ahead log, full flushes, locked as long as it is open.</summary>
internal sealed class SqliteDatabase : ICentreDatabase
{
    private const string FileName = "centre.db";
    private readonly SqliteFile _file;

    private SqliteDatabase(SqliteFile file) => _file = file;

    public static bool IsTaken(string folder) => File.Exists(Path.Combine(folder, FileName));

    public static void Create(string folder, IReadOnlyDictionary<string, string> settings, StoredStep first)
    {
        if (IsTaken(folder))
            throw new CentreException(CentreTrouble.Exists, $"There is a centre in {folder} already.");
        var path = Path.Combine(folder, FileName);
        PrivateFile.CreateFolder(folder);
        // What is not finished has another name: a crash in a ceremony leaves no half centre.
        var fresh = path + ".new";
        File.Delete(fresh);
        PrivateFile.Create(fresh).Dispose();
        using (var file = SqliteFile.Open(fresh, Failure))
        {
            file.Run("PRAGMA synchronous=FULL");
            file.Run("BEGIN IMMEDIATE");
            file.Run("CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
            file.Run("CREATE TABLE unlocking (kind INTEGER PRIMARY KEY, parameters BLOB NOT NULL, wrapped BLOB NOT NULL)");
            file.Run("CREATE TABLE record (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, mac BLOB NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID");
            file.Run("CREATE TABLE audit (sequence INTEGER PRIMARY KEY, time INTEGER NOT NULL, actor TEXT NOT NULL, text TEXT NOT NULL, changes TEXT NOT NULL, chain BLOB NOT NULL, mac BLOB NOT NULL)");
            foreach (var (name, value) in settings)
                file.Prepare("INSERT INTO setting VALUES (?, ?)").Bind(1, name).Bind(2, value).Run();
            WriteRows(file, first);
            file.Run("COMMIT");
        }

        File.Move(fresh, path);
        PrivateFile.FlushFolder(Path.GetFullPath(folder));
    }

    public static SqliteDatabase Open(string folder, TimeSpan patience)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new CentreException(CentreTrouble.Missing, $"There is no centre in {folder}.");
        PrivateFile.Require(path);
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return OpenFile(path);
            }
            catch (CentreException error) when (error.Trouble == CentreTrouble.InUse && Stopwatch.GetElapsedTime(since) < patience)
            {
                // Two that open the file at the same moment each hold a part of the lock and wait for the other: both let go and try again.
                Thread.Sleep(Random.Shared.Next(5, 50));
            }
        }
    }

    private static SqliteDatabase OpenFile(string path)
    {
        var file = SqliteFile.Open(path, Failure);
        try
        {
            file.Run("PRAGMA locking_mode=EXCLUSIVE");
            file.Run("PRAGMA journal_mode=WAL");
            file.Run("PRAGMA synchronous=FULL");
            return new SqliteDatabase(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public string? Setting(string name)
    {
        try
        {
            return First(_file.Prepare("SELECT value FROM setting WHERE name = ?").Bind(1, name), row => row.Text(0));
        }
        catch (CentreException error) when (error.Trouble == CentreTrouble.Storage)
        {
            // A database of something else.
            return null;
        }
    }

    public IReadOnlyList<StoredLock> Locks() =>
        [.. Rows("SELECT kind, parameters, wrapped FROM unlocking ORDER BY kind", row => new StoredLock((StorageLockKind)row.Number(0), row.Octets(1).ToArray(), row.Octets(2).ToArray()))];

    public IEnumerable<StoredRecord> Records() =>
        Rows("SELECT kind, id, body, mac FROM record ORDER BY kind, id", row => new StoredRecord(row.Text(0), row.Text(1), row.Text(2), row.Octets(3).ToArray()));

    public IEnumerable<AuditEntry> Entries() => Rows("SELECT sequence, time, actor, text, changes, chain, mac FROM audit ORDER BY sequence", Entry);

    public AuditEntry? LastEntry() => First(_file.Prepare("SELECT sequence, time, actor, text, changes, chain, mac FROM audit ORDER BY sequence DESC LIMIT 1"), Entry);

    public byte[]? ChainAt(long sequence) => First(_file.Prepare("SELECT chain FROM audit WHERE sequence = ?").Bind(1, sequence), row => row.Octets(0).ToArray());

    public void Write(StoredStep step)
    {
        _file.Run("BEGIN IMMEDIATE");
        try
        {
            WriteRows(_file, step);
            _file.Run("COMMIT");
        }
        catch (CentreException)
        {
            TryRollBack();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    internal static CentreException Failure(int code, string message) => code is SqliteFile.Busy or SqliteFile.Locked
        ? new CentreException(CentreTrouble.InUse, "The centre is open in another process.")
        : new CentreException(CentreTrouble.Storage, message);

    private static void WriteRows(SqliteFile file, StoredStep step)
    {
        foreach (var record in step.Records)
            file.Prepare("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?)").Bind(1, record.Kind).Bind(2, record.Id).Bind(3, record.Body).Bind(4, record.Mac).Run();
        if (step.AddedLock is { } added)
            file.Prepare("INSERT OR REPLACE INTO unlocking VALUES (?, ?, ?)").Bind(1, (int)added.Kind).Bind(2, added.Parameters).Bind(3, added.Wrapped).Run();
        if (step.RemovedLock is { } removed)
            file.Prepare("DELETE FROM unlocking WHERE kind = ?").Bind(1, (int)removed).Run();
        var entry = step.Entry;
        file.Prepare("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)").Bind(1, entry.Sequence).Bind(2, entry.Time.ToUnixTimeMilliseconds()).Bind(3, entry.Actor).Bind(4, entry.Text)
            .Bind(5, entry.Changes).Bind(6, entry.Chain).Bind(7, entry.Mac).Run();
    }

    private static AuditEntry Entry(SqliteStatement row) => new()
    {
        Sequence = row.Number(0),
        Time = DateTimeOffset.FromUnixTimeMilliseconds(row.Number(1)),
        Actor = row.Text(2),
        Text = row.Text(3),
        Changes = row.Text(4),
        Chain = row.Octets(5).ToArray(),
        Mac = row.Octets(6).ToArray(),
    };

    private static T? First<T>(SqliteStatement statement, Func<SqliteStatement, T> read)
        where T : class
    {
        try
        {
            return statement.Next() ? read(statement) : null;
        }
        finally
        {
            statement.Reset();
        }
    }

    private IEnumerable<T> Rows<T>(string sql, Func<SqliteStatement, T> read)
    {
        var rows = _file.Prepare(sql);
        try
        {
            while (rows.Next())
                yield return read(rows);
        }
        finally
        {
            rows.Reset();
        }
    }

    private void TryRollBack()
    {
        try
        {
            _file.Run("ROLLBACK");
        }
        catch (CentreException)
        {
            // The database has rolled back by itself.
        }
    }
}
