using Npgsql;
using NpgsqlTypes;

namespace OpenSts.Vending.Storage.Postgres;

/// <summary>Statements inside one transaction of PostgreSQL; those that belong together go in one message.</summary>
/// <param name="connection">The connection.</param>
/// <param name="transaction">The transaction.</param>
/// <param name="opening">A query that goes with the first message, before everything else.</param>
internal sealed class PostgresBatchSession(NpgsqlConnection connection, NpgsqlTransaction transaction, string opening) : IStoreSession
{
    // From here on the messages of a copy are less than what it saves.
    private const int Many = 500;
    private bool _opened;

    /// <inheritdoc/>
    public int Execute(string sql, params ReadOnlySpan<SqlValue> values)
    {
        using var batch = Batch(out _);
        var command = new NpgsqlBatchCommand(sql);
        PostgresValues.Add(command.Parameters, values);
        batch.BatchCommands.Add(command);
        _ = batch.ExecuteNonQuery();
        return (int)command.RecordsAffected;
    }

    /// <inheritdoc/>
    public List<T> Query<T>(string sql, Func<ISqlRow, T> read, params ReadOnlySpan<SqlValue> values)
    {
        using var batch = Batch(out var opens);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        PostgresValues.Add(batch.BatchCommands[^1].Parameters, values);
        using var reader = batch.ExecuteReader();
        if (opens)
            _ = reader.NextResult();
        return PostgresRow.ReadAll(reader, read);
    }

    /// <inheritdoc/>
    public void Ask(IReadOnlyList<Question> questions)
    {
        using var batch = Batch(out var opens);
        foreach (var question in questions)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(question.Sql));
            PostgresValues.Add(batch.BatchCommands[^1].Parameters, question.Values);
        }

        using var reader = batch.ExecuteReader();
        if (opens)
            _ = reader.NextResult();
        var row = new PostgresRow(reader);
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
        if (sets is [{ Shape.ForCopy: { } copy, Rows.Count: >= Many } set])
        {
            Copy(copy, set);
            return;
        }

        var written = sets.Where(set => set.Rows.Count > 0).ToList();
        if (written.Count == 0)
            return;
        using var batch = Batch(out _);
        var commands = written.ConvertAll(set => new NpgsqlBatchCommand(set.Shape.ForMany));
        foreach (var (part, command) in written.Zip(commands))
        {
            PostgresValues.Add(command.Parameters, part);
            batch.BatchCommands.Add(command);
        }

        _ = batch.ExecuteNonQuery();
        foreach (var (part, command) in written.Zip(commands))
            part.Check((int)command.RecordsAffected);
    }

    private void Copy(string copy, RowSet set)
    {
        if (!_opened)
            _ = Query("SELECT 1", row => row.Number(0));
        using var rows = connection.BeginBinaryImport(copy);
        foreach (var row in set.Rows)
        {
            rows.StartRow();
            foreach (var value in row)
            {
                if (value.Number is { } number)
                    rows.Write(number, NpgsqlDbType.Bigint);
                else if (value.Text is { } text)
                    rows.Write(text, NpgsqlDbType.Text);
                else
                    rows.WriteNull();
            }
        }

        set.Check((int)rows.Complete());
    }

    private NpgsqlBatch Batch(out bool opens)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        opens = !_opened;
        if (opens)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(opening));
        _opened = true;
        return batch;
    }
}
