using System.Data.Common;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace OpenSts.Vending.Storage.Postgres;

/// <summary>Statements on one connection of PostgreSQL, prepared once for each connection; those that belong together go in one message.</summary>
/// <param name="connection">The connection.</param>
/// <param name="transaction">The transaction; null where each statement is its own.</param>
/// <param name="opening">A statement that goes with the first message, before everything else; null for none.</param>
internal sealed class PostgresSession(NpgsqlConnection connection, NpgsqlTransaction? transaction, string? opening = null) : IStoreSession
{
    private string? _opening = opening;

    /// <inheritdoc/>
    public int Execute(string sql, params ReadOnlySpan<SqlValue> values)
    {
        using var batch = Batch(out _);
        batch.BatchCommands.Add(Command(sql, values));
        _ = batch.ExecuteNonQuery();
        return (int)batch.BatchCommands[^1].RecordsAffected;
    }

    /// <inheritdoc/>
    public List<T> Query<T>(string sql, Func<ISqlRow, T> read, params ReadOnlySpan<SqlValue> values)
    {
        using var batch = Batch(out var opened);
        batch.BatchCommands.Add(Command(sql, values));
        using var reader = batch.ExecuteReader();
        if (opened)
            _ = reader.NextResult();
        var row = new Row(reader);
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(row));
        return rows;
    }

    /// <inheritdoc/>
    public void Ask(IReadOnlyList<Question> questions)
    {
        using var batch = Batch(out var opened);
        foreach (var question in questions)
            batch.BatchCommands.Add(Command(question.Sql, question.Values));
        using var reader = batch.ExecuteReader();
        if (opened)
            _ = reader.NextResult();
        var row = new Row(reader);
        foreach (var question in questions)
        {
            while (reader.Read())
                question.Read(row);
            _ = reader.NextResult();
        }
    }

    /// <inheritdoc/>
    public void Write(IReadOnlyList<RowSet> sets)
    {
        var written = sets.Where(set => set.Rows.Count > 0).ToList();
        if (written.Count == 0)
            return;
        using var batch = Batch(out _);
        var first = batch.BatchCommands.Count;
        foreach (var set in written)
            batch.BatchCommands.Add(Command(set));
        _ = batch.ExecuteNonQuery();
        for (var i = 0; i < written.Count; i++)
        {
            var count = (int)batch.BatchCommands[first + i].RecordsAffected;
            if (count != written[i].Rows.Count)
                throw written[i].Missing(count);
        }
    }

    private NpgsqlBatch Batch(out bool opened)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        opened = _opening is not null;
        if (_opening is { } sql)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        _opening = null;
        return batch;
    }

    // Parameters of the text alone: a value never becomes a part of the statement.
    private static NpgsqlBatchCommand Command(string sql, ReadOnlySpan<SqlValue> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(value switch
            {
                { Number: { } number } => new NpgsqlParameter<long> { TypedValue = number, NpgsqlDbType = NpgsqlDbType.Bigint },
                { Text: { } text } => new NpgsqlParameter<string> { TypedValue = text, NpgsqlDbType = NpgsqlDbType.Text },
                { Texts: { } texts } => new NpgsqlParameter<string[]> { TypedValue = [.. texts], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                _ => new NpgsqlParameter { Value = DBNull.Value },
            });
        }

        return command;
    }

    private static NpgsqlBatchCommand Command(RowSet set)
    {
        var command = new NpgsqlBatchCommand(set.Shape.ForMany);
        for (var column = 0; column < set.Shape.Numbers.Count; column++)
        {
            command.Parameters.Add(set.Shape.Numbers[column]
                ? new NpgsqlParameter<long?[]> { TypedValue = [.. set.Rows.Select(row => row[column].Number)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint }
                : new NpgsqlParameter<string?[]> { TypedValue = [.. set.Rows.Select(row => row[column].Text)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        }

        return command;
    }

    private sealed class Row(DbDataReader reader) : ISqlRow
    {
        // Sums of whole numbers come as NUMERIC.
        public long Number(int column) => reader.IsDBNull(column) ? 0
            : reader.GetFieldType(column) == typeof(long) ? reader.GetInt64(column) : Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);

        public string Text(int column) => reader.IsDBNull(column) ? "" : reader.GetString(column);

        public bool IsNull(int column) => reader.IsDBNull(column);
    }
}
