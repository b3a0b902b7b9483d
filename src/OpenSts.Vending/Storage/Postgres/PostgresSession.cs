using System.Data.Common;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace OpenSts.Vending.Storage.Postgres;

/// <summary>Statements inside one transaction of PostgreSQL, prepared once for each connection.</summary>
internal sealed class PostgresSession(NpgsqlConnection connection, NpgsqlTransaction transaction) : IStoreSession
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
        var row = new Row(reader);
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(row));
        return rows;
    }

    private NpgsqlCommand Command(string sql, ReadOnlySpan<SqlValue> values)
    {
        // Parameters of the text alone: a value never becomes a part of the statement.
        var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var value in values)
        {
            command.Parameters.Add(value switch
            {
                { Number: { } number } => new NpgsqlParameter { Value = number, NpgsqlDbType = NpgsqlDbType.Bigint },
                { Text: { } text } => new NpgsqlParameter { Value = text, NpgsqlDbType = NpgsqlDbType.Text },
                _ => new NpgsqlParameter { Value = DBNull.Value },
            });
        }

        return command;
    }

    private sealed class Row(DbDataReader reader) : ISqlRow
    {
        // Sums of whole numbers come as NUMERIC.
        public long Number(int column) => reader.IsDBNull(column) ? 0 : Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);

        public string Text(int column) => reader.IsDBNull(column) ? "" : reader.GetString(column);

        public bool IsNull(int column) => reader.IsDBNull(column);
    }
}
