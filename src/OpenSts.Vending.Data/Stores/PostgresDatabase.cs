using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace OpenSts.Vending.Data.Stores;

/// <summary>A PostgreSQL store.</summary>
internal sealed class PostgresDatabase : IStoreDatabase
{
    private readonly NpgsqlDataSource _source;
    private readonly SqlStatements _statements;

    /// <param name="connection">A connection string.</param>
    /// <param name="statements">The statements by name.</param>
    /// <param name="lockTimeout">How long a statement waits for a row that another session holds.</param>
    /// <param name="statementTimeout">How long a statement may take, by the server's clock.</param>
    public PostgresDatabase(
        string connection, SqlStatements statements, TimeSpan lockTimeout, TimeSpan statementTimeout)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection)
        {
            // A command time-out or cancellation during the wait for a standby is reported as success: so there is
            // none, and the server ends statements by itself.
            CommandTimeout = 0,
            KeepAlive = 30,
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            Options = $"-c lock_timeout={(long)lockTimeout.TotalMilliseconds} "
                + $"-c statement_timeout={(long)statementTimeout.TotalMilliseconds} "
                + $"-c idle_in_transaction_session_timeout={(long)statementTimeout.TotalMilliseconds * 2} "
                + "-c timezone=UTC",
        };
        _source = NpgsqlDataSource.Create(settings.ConnectionString);
        _statements = statements;
    }

    public bool HasRowLocks => true;

    public async Task<IStoreTransaction> BeginAsync()
    {
        var connection = await OpenAsync().ConfigureAwait(false);
        try
        {
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted)
                .ConfigureAwait(false);
            return new PostgresTransaction(connection, transaction, _statements);
        }
        catch (NpgsqlException error)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw Fault(error);
        }
    }

    public async Task ReadAsync(params IReadOnlyList<StoreQuery> queries)
    {
        var connection = await OpenAsync().ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
            await PostgresTransaction.QueryAsync(connection, null, _statements, queries).ConfigureAwait(false);
    }

    public async Task EnsurePartitionsAsync(DateOnly month)
    {
        try
        {
            var command = _source.CreateCommand("SELECT vend.ensure_partitions($1, 4)");
            await using (command.ConfigureAwait(false))
            {
                _ = command.Parameters.Add(new NpgsqlParameter { Value = month.AddMonths(-1) });
                _ = await command.ExecuteNonQueryAsync().ConfigureAwait(false);
            }
        }
        catch (NpgsqlException error)
        {
            throw Fault(error);
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    /// <summary>The store's fault of a fault of Npgsql.</summary>
    public static StoreException Fault(Exception error) => error switch
    {
        PostgresException { SqlState: "55P03" or "40P01" or "57014" } => new(StoreFault.Busy, error.Message, error),
        PostgresException refused when refused.SqlState.StartsWith("23", StringComparison.Ordinal) =>
            new(StoreFault.RuleBroken, refused.MessageText, error),
        _ => new(StoreFault.Unavailable, error.Message, error),
    };

    private async Task<NpgsqlConnection> OpenAsync()
    {
        try
        {
            return await _source.OpenConnectionAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            throw Fault(error);
        }
    }
}

internal sealed class PostgresTransaction(
    NpgsqlConnection connection, NpgsqlTransaction transaction, SqlStatements statements)
    : IStoreTransaction
{
    private const string WarningState = "01000";
    private bool _failed;

    public async Task QueryAsync(IReadOnlyList<StoreQuery> queries)
    {
        _failed = true;
        await QueryAsync(connection, transaction, statements, queries).ConfigureAwait(false);
        _failed = false;
    }

    public async Task WriteAsync(IReadOnlyList<IRowSet> rows, IReadOnlyList<StoreCommand> commands)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        await using (batch.ConfigureAwait(false))
        {
            foreach (var set in rows.Where(set => set.Count > 0))
                batch.BatchCommands.Add(Insert(set));
            foreach (var command in commands)
            {
                foreach (var row in command.Rows)
                    batch.BatchCommands.Add(Command(statements[command.Statement], row));
            }

            if (batch.BatchCommands.Count == 0)
                return;
            _failed = true;
            try
            {
                _ = await batch.ExecuteNonQueryAsync().ConfigureAwait(false);
                _failed = false;
            }
            catch (NpgsqlException error)
            {
                throw PostgresDatabase.Fault(error);
            }
        }
    }

    public async Task CommitAsync()
    {
        var unsure = false;
        // The only sign that a standby was not waited for is a notice.
        void Look(object sender, NpgsqlNoticeEventArgs notice) => unsure |= notice.Notice.SqlState == WarningState;
        connection.Notice += Look;
        try
        {
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (PostgresException error) when (error.SqlState.StartsWith("23", StringComparison.Ordinal))
        {
            throw PostgresDatabase.Fault(error);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
        {
            throw new StoreException(StoreFault.CommitUnknown, error.Message, error);
        }
        finally
        {
            connection.Notice -= Look;
        }

        if (unsure)
            throw new StoreException(
                StoreFault.CommitUnknown, "The commit was not confirmed by the synchronous standby.");
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await transaction.DisposeAsync().ConfigureAwait(false);
            // Npgsql takes statements behind the failed one of a batch for prepared, which they are not.
            if (_failed && connection.State == ConnectionState.Open)
                connection.UnprepareAll();
        }
        catch (NpgsqlException)
        {
            // The connection is lost, and with it the transaction: the pool drops it.
        }
        finally
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    public static async Task QueryAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, SqlStatements statements,
            IReadOnlyList<StoreQuery> queries)
    {
        if (queries.Count == 0)
            return;
        var batch = new NpgsqlBatch(connection, transaction);
        await using (batch.ConfigureAwait(false))
        {
            foreach (var query in queries)
                batch.BatchCommands.Add(Command(statements[query.Statement], query.Parameters));
            try
            {
                var reader = await batch.ExecuteReaderAsync().ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    var row = new StoreRow(reader, timesAreNumbers: false);
                    foreach (var query in queries)
                    {
                        while (await reader.ReadAsync().ConfigureAwait(false))
                        {
                            row.Rewind();
                            query.Read(row);
                        }

                        _ = await reader.NextResultAsync().ConfigureAwait(false);
                    }
                }
            }
            catch (NpgsqlException error)
            {
                throw PostgresDatabase.Fault(error);
            }
        }
    }

    private static NpgsqlBatchCommand Command(string text, object?[] values)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var value in values)
            _ = command.Parameters.Add(new NpgsqlParameter { Value = Parameter(value) });
        return command;
    }

    private static object Parameter(object? value) => value switch
    {
        null => DBNull.Value,
        IReadOnlyCollection<string> texts => texts.ToArray(),
        IReadOnlyCollection<long> numbers => numbers.ToArray(),
        DateTimeOffset time => time.UtcDateTime,
        _ => value,
    };

    private static NpgsqlBatchCommand Insert(IRowSet set)
    {
        var command = new NpgsqlBatchCommand(set.ForMany);
        for (var column = 0; column < set.Types.Count; column++)
            _ = command.Parameters.Add(Array(set, column));
        return command;
    }

    private static NpgsqlParameter Array(IRowSet set, int column) => set.Types[column] switch
    {
        ColumnType.Text => Of(Values(set, column, value => (string?)value), NpgsqlDbType.Text),
        ColumnType.Json => Of(Values(set, column, value => (string?)value), NpgsqlDbType.Jsonb),
        ColumnType.Number => Of(
            Values(set, column, value => value is null ? (long?)null : Convert.ToInt64(value)), NpgsqlDbType.Bigint),
        ColumnType.Decimal => Of(Values(set, column, value => (decimal?)value), NpgsqlDbType.Numeric),
        ColumnType.Flag => Of(Values(set, column, value => (bool?)value), NpgsqlDbType.Boolean),
        ColumnType.Time =>
            Of(Values(set, column, value => ((DateTimeOffset?)value)?.UtcDateTime), NpgsqlDbType.TimestampTz),
        ColumnType.Day => Of(Values(set, column, value => (DateOnly?)value), NpgsqlDbType.Date),
        _ => Of(Values(set, column, value => (byte[]?)value), NpgsqlDbType.Bytea),
    };

    private static NpgsqlParameter Of(object values, NpgsqlDbType type) =>
        new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type };

    private static T[] Values<T>(IRowSet set, int column, Func<object?, T> read)
    {
        var values = new T[set.Count];
        for (var row = 0; row < values.Length; row++)
            values[row] = read(set.Value(row, column));
        return values;
    }
}
