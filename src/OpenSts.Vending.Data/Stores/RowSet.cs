using System.Globalization;

namespace OpenSts.Vending.Data.Stores;

/// <summary>What a column holds.</summary>
internal enum ColumnType
{
    Text,
    Number,
    Decimal,
    Flag,
    Time,
    Day,
    Octets,
    Json,
}

/// <summary>A column of rows that are written.</summary>
internal sealed record Column<T>(string Name, ColumnType Type, Func<T, object?> Value);

/// <summary>A table's columns for rows of one type.</summary>
/// <param name="Schema">The schema; SQLite has none.</param>
/// <param name="Table">The table.</param>
/// <param name="Conflict">What is done with a row that is there already; empty refuses it.</param>
/// <param name="Columns">The columns.</param>
internal sealed record RowTable<T>(
    string Schema, string Table, string Conflict, params IReadOnlyList<Column<T>> Columns)
{
    private static readonly IFormatProvider Invariant = CultureInfo.InvariantCulture;

    /// <summary>The statement for one row.</summary>
    public string ForOne { get; } = string.Create(Invariant,
        $"INSERT INTO {Table} ({Names(Columns)}) VALUES ({Marks(Columns)}){Tail(Conflict)}");

    /// <summary>The statement for many rows in PostgreSQL: each parameter is a column.</summary>
    public string ForMany { get; } = string.Create(Invariant,
        $"INSERT INTO {Schema}.{Table} ({Names(Columns)}) SELECT * FROM unnest({Arrays(Columns)}){Tail(Conflict)}");

    private static string Names(IEnumerable<Column<T>> columns) => List(columns.Select(column => column.Name));

    private static string Marks(IEnumerable<Column<T>> columns) => List(columns.Select((_, at) => $"${at + 1}"));

    private static string Arrays(IEnumerable<Column<T>> columns) =>
        List(columns.Select((column, at) => $"${at + 1}::{Name(column.Type)}[]"));

    private static string List(IEnumerable<string> items) => string.Join(", ", items);

    private static string Tail(string conflict) => conflict.Length == 0 ? "" : " ON CONFLICT " + conflict;

    private static string Name(ColumnType type) => type switch
    {
        ColumnType.Text => "text",
        ColumnType.Number => "bigint",
        ColumnType.Decimal => "numeric",
        ColumnType.Flag => "boolean",
        ColumnType.Time => "timestamptz",
        ColumnType.Day => "date",
        ColumnType.Octets => "bytea",
        _ => "jsonb",
    };
}

/// <summary>Rows of one table that are written together.</summary>
internal interface IRowSet
{
    string ForOne { get; }

    string ForMany { get; }

    int Count { get; }

    IReadOnlyList<ColumnType> Types { get; }

    /// <summary>The value of a row's column: text, whole number, decimal, bool, instant, day, octets or
    /// null.</summary>
    object? Value(int row, int column);
}

/// <summary>Rows of one table.</summary>
internal sealed class RowSet<T>(RowTable<T> table, IReadOnlyList<T> rows) : IRowSet
{
    public string ForOne => table.ForOne;

    public string ForMany => table.ForMany;

    public int Count => rows.Count;

    public IReadOnlyList<ColumnType> Types { get; } = [.. table.Columns.Select(column => column.Type)];

    public object? Value(int row, int column) => table.Columns[column].Value(rows[row]);
}

/// <summary>Values as SQLite keeps them.</summary>
internal static class SqliteValues
{
    public static object Of(object? value) => value switch
    {
        null => DBNull.Value,
        bool flag => flag ? 1L : 0L,
        DateTimeOffset time => time.ToUnixTimeMilliseconds(),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        decimal number => number.ToString(CultureInfo.InvariantCulture),
        IReadOnlyCollection<string> texts => System.Text.Json.JsonSerializer.Serialize(texts),
        IReadOnlyCollection<long> numbers => System.Text.Json.JsonSerializer.Serialize(numbers),
        _ => value,
    };
}
