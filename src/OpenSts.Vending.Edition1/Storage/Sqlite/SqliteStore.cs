using System.Collections.Concurrent;
using OpenSts.Vending.Storage.Postgres;

namespace OpenSts.Vending.Storage.Sqlite;

/// <summary>The embedded store: one file, one writer at a time, readers beside it.</summary>
/// <remarks>Write-ahead log with <c>synchronous=FULL</c>: a commit that returned is on the disk.</remarks>
public sealed class SqliteStore : IStore
{
    private readonly string _path;
    private readonly Lock _writing = new();
    private readonly SqliteConnection _writer;
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private volatile bool _disposed;

    /// <summary>Opens or creates the file and brings its tables up to date.</summary>
    /// <exception cref="StoreException">The file cannot be used.</exception>
    public SqliteStore(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
        _writer = Connect();
        try
        {
            Migrations.Apply(this, sql => sql.StartsWith(PostgresStore.Only, StringComparison.Ordinal) ? null : sql);
        }
        catch
        {
            _writer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Kind => "SQLite";

    /// <inheritdoc/>
    public T Write<T>(Func<IStoreSession, T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _writer.Run("BEGIN IMMEDIATE");
            try
            {
                var result = work(_writer);
                _writer.Run("COMMIT");
                return result;
            }
            catch
            {
                TryRollBack(_writer);
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public T Read<T>(Func<IStoreSession, T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_readers.TryTake(out var reader))
            reader = Connect();
        try
        {
            reader.Run("BEGIN");
            try
            {
                return work(reader);
            }
            finally
            {
                TryRollBack(reader);
            }
        }
        finally
        {
            if (_disposed)
                reader.Dispose();
            else
                _readers.Add(reader);
        }
    }

    /// <inheritdoc/>
    public T Batch<T>(Func<IStoreSession, T> work) => Write(work);

    /// <inheritdoc/>
    public T Look<T>(Func<IStoreSession, T> work) => Read(work);

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        lock (_writing)
        {
            _disposed = true;
            _writer.Dispose();
        }

        while (_readers.TryTake(out var reader))
            reader.Dispose();
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(_path);
        try
        {
            connection.Run("PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // After some failures SQLite has rolled back by itself; a second time is an error of no interest.
    private static void TryRollBack(SqliteConnection connection)
    {
        try
        {
            connection.Run("ROLLBACK");
        }
        catch (StoreException)
        {
        }
    }
}
