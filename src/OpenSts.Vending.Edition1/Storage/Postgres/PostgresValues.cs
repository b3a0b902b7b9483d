using System.Data.Common;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace OpenSts.Vending.Storage.Postgres;

/// <summary>Values as parameters; a value never becomes a part of a statement's text.</summary>
internal static class PostgresValues
{
    /// <summary>Adds the values of one statement.</summary>
    public static void Add(NpgsqlParameterCollection parameters, ReadOnlySpan<SqlValue> values)
    {
        foreach (var value in values)
        {
            parameters.Add(value switch
            {
                { Number: { } number } => new NpgsqlParameter<long> { TypedValue = number, NpgsqlDbType = NpgsqlDbType.Bigint },
                { Text: { } text } => new NpgsqlParameter<string> { TypedValue = text, NpgsqlDbType = NpgsqlDbType.Text },
                { Texts: { } texts } => new NpgsqlParameter<string[]> { TypedValue = [.. texts], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                _ => new NpgsqlParameter { Value = DBNull.Value },
            });
        }
    }

    /// <summary>Adds rows, each column as one list.</summary>
    public static void Add(NpgsqlParameterCollection parameters, RowSet set)
    {
        for (var column = 0; column < set.Shape.Numbers.Count; column++)
        {
            parameters.Add(set.Shape.Numbers[column]
                ? new NpgsqlParameter<long?[]> { TypedValue = [.. set.Rows.Select(row => row[column].Number)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint }
                : new NpgsqlParameter<string?[]> { TypedValue = [.. set.Rows.Select(row => row[column].Text)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        }
    }
}

/// <summary>The row that a reader stands on.</summary>
internal sealed class PostgresRow(DbDataReader reader) : ISqlRow
{
    // Sums of whole numbers come as NUMERIC.
    public long Number(int column) => reader.IsDBNull(column) ? 0
        : reader.GetFieldType(column) == typeof(long) ? reader.GetInt64(column) : Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);

    public string Text(int column) => reader.IsDBNull(column) ? "" : reader.GetString(column);

    public bool IsNull(int column) => reader.IsDBNull(column);

    /// <summary>The rest of the rows.</summary>
    public static List<T> ReadAll<T>(DbDataReader reader, Func<ISqlRow, T> read)
    {
        var row = new PostgresRow(reader);
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(row));
        return rows;
    }
}
