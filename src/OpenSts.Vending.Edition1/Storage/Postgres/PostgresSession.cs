using Npgsql;

namespace OpenSts.Vending.Storage.Postgres;

/// <summary>Statements on one connection of PostgreSQL, one by one, prepared once for each connection.</summary>
/// <param name="connection">The connection.</param>
/// <param name="transaction">The transaction; null where each statement is its own.</param>
internal sealed class PostgresSession(NpgsqlConnection connection, NpgsqlTransaction? transaction) : IStoreSession
{
    /// <inheritdoc/>
    public int Execute(string sql, params ReadOnlySpan<SqlValue> values)
    {
        using var command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public List<T> Query<T>(string sql, Func<ISqlRow, T> read, params ReadOnlySpan<SqlValue> values)
    {
        using var command = Command(sql, values);
        using var reader = command.ExecuteReader();
        return PostgresRow.ReadAll(reader, read);
    }

    /// <inheritdoc/>
    public void Ask(IReadOnlyList<Question> questions)
    {
        foreach (var question in questions)
            this.Each(question);
    }

    /// <inheritdoc/>
    public void Write(IReadOnlyList<RowSet> sets)
    {
        foreach (var set in sets.Where(set => set.Rows.Count > 0))
        {
            using var command = new NpgsqlCommand(set.Shape.ForMany, connection, transaction);
            PostgresValues.Add(command.Parameters, set);
            set.Check(command.ExecuteNonQuery());
        }
    }

    private NpgsqlCommand Command(string sql, ReadOnlySpan<SqlValue> values)
    {
        var command = new NpgsqlCommand(sql, connection, transaction);
        PostgresValues.Add(command.Parameters, values);
        return command;
    }
}
