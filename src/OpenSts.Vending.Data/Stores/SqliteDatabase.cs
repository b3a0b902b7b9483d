using Microsoft.Data.Sqlite;

namespace OpenSts.Vending.Data.Stores;

/// <summary>An SQLite store: one connection that writes, one at a time; reads have connections of their own.</summary>
internal sealed class SqliteDatabase : IStoreDatabase
{
    private const int DiskFull = 13, Busy = 5, Locked = 6, Constraint = 19;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly string _connection;
    private readonly SqlStatements _statements;
    private readonly SqliteConnection _writer;
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    public SqliteDatabase(string path, SqlStatements statements)
    {
        _connection = ConnectionOf(path);
        _statements = statements;
        _writer = Open();
    }

    public bool HasRowLocks => false;

    /// <summary>The connection string of a file: foreign keys on, five seconds for another program's lock.</summary>
    public static string ConnectionOf(string path) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        ForeignKeys = true,
        DefaultTimeout = 5,
        Pooling = true,
    }.ConnectionString;

    public async Task<IStoreTransaction> BeginAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            // Not deferred: the write lock is taken now, so that what is read is still true when it is written.
            return new SqliteStoreTransaction(this, _writer.BeginTransaction(deferred: false));
        }
        catch (SqliteException error)
        {
            _ = _turn.Release();
            throw Fault(error);
        }
    }

    public Task ReadAsync(params IReadOnlyList<StoreQuery> queries)
    {
        try
        {
            using var connection = Open();
            using var transaction = connection.BeginTransaction(deferred: true);
            foreach (var query in queries)
            {
                using var command = connection.CreateCommand();
                (command.Transaction, command.CommandText) = (transaction, _statements[query.Statement]);
                Read(command, query);
            }

            return Task.CompletedTask;
        }
        catch (SqliteException error)
        {
            throw Fault(error);
        }
    }

    public Task EnsurePartitionsAsync(DateOnly month) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        foreach (var command in _prepared.Values)
            await command.DisposeAsync().ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
        SqliteConnection.ClearPool(new SqliteConnection(_connection));
        _turn.Dispose();
    }

    internal static StoreException Fault(SqliteException error) => error.SqliteErrorCode switch
    {
        Constraint => new(StoreFault.RuleBroken, error.Message, error),
        Busy or Locked => new(StoreFault.Busy, error.Message, error),
        DiskFull => new(StoreFault.Unavailable, "The disk is full: " + error.Message, error),
        _ => new(StoreFault.Unavailable, error.Message, error),
    };

    private static void Read(SqliteCommand command, StoreQuery query)
    {
        Bind(command, query.Parameters);
        using var reader = command.ExecuteReader();
        var row = new StoreRow(reader, timesAreNumbers: true);
        while (reader.Read())
        {
            row.Rewind();
            query.Read(row);
        }
    }

    private static void Bind(SqliteCommand command, object?[] values)
    {
        for (var at = 0; at < values.Length; at++)
        {
            var value = SqliteValues.Of(values[at]);
            if (at < command.Parameters.Count)
                command.Parameters[at].Value = value;
            else
                _ = command.Parameters.AddWithValue("$" + (at + 1), value);
        }
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connection);
        try
        {
            connection.Open();
            using var pragmas = connection.CreateCommand();
            pragmas.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
            _ = pragmas.ExecuteNonQuery();
            return connection;
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw Fault(error);
        }
    }

    private SqliteCommand Prepared(string text, SqliteTransaction transaction)
    {
        if (!_prepared.TryGetValue(text, out var command))
        {
            command = _writer.CreateCommand();
            command.CommandText = text;
            _prepared.Add(text, command);
        }

        command.Transaction = transaction;
        return command;
    }

    private sealed class SqliteStoreTransaction(SqliteDatabase database, SqliteTransaction transaction)
        : IStoreTransaction
    {
        public Task QueryAsync(IReadOnlyList<StoreQuery> queries) => Do(() =>
        {
            foreach (var query in queries)
                Read(database.Prepared(database._statements[query.Statement], transaction), query);
        });

        public Task WriteAsync(IReadOnlyList<IRowSet> rows, IReadOnlyList<StoreCommand> commands) => Do(() =>
        {
            foreach (var set in rows)
            {
                for (var row = 0; row < set.Count; row++)
                {
                    var values = new object?[set.Types.Count];
                    for (var column = 0; column < values.Length; column++)
                        values[column] = set.Value(row, column);
                    Execute(set.ForOne, values);
                }
            }

            foreach (var command in commands)
            {
                foreach (var row in command.Rows)
                    Execute(database._statements[command.Statement], row);
            }
        });

        public Task CommitAsync() => Do(transaction.Commit);

        public ValueTask DisposeAsync()
        {
            transaction.Dispose();
            _ = database._turn.Release();
            return ValueTask.CompletedTask;
        }

        private static Task Do(Action work)
        {
            try
            {
                work();
                return Task.CompletedTask;
            }
            catch (SqliteException error)
            {
                throw Fault(error);
            }
        }

        private void Execute(string text, object?[] values)
        {
            var command = database.Prepared(text, transaction);
            Bind(command, values);
            _ = command.ExecuteNonQuery();
        }
    }
}
