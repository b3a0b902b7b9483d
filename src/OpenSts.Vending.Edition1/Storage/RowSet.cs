using System.Collections.Concurrent;

namespace OpenSts.Vending.Storage;

/// <summary>How rows of one table are written, many at once: which columns, and whether they are added or changed.</summary>
public sealed class RowShape
{
    private const string Inserts = "insert", Updates = "update";
    private static readonly ConcurrentDictionary<string, RowShape> Known = new(StringComparer.Ordinal);
    private readonly string[] _names;

    private RowShape(string kind, string table, string columns, string conflict)
    {
        Definition = string.Join('|', kind, table, columns, conflict);
        var parts = columns.Split(", ").Select(column => column.Split(' ')).ToArray();
        Table = table;
        _names = [.. parts.Select(part => part[0])];
        Numbers = [.. parts.Select(part => part[1] == "INTEGER")];
    }

    /// <summary>The table.</summary>
    public string Table { get; }

    /// <summary>All of the shape as one text, for <see cref="Parse"/>.</summary>
    public string Definition { get; }

    /// <summary>Which columns hold whole numbers; the others hold texts.</summary>
    public IReadOnlyList<bool> Numbers { get; }

    /// <summary>The statement for one row, its columns as <c>$1</c> and so on.</summary>
    public string ForOne { get; private set; } = "";

    /// <summary>The same for many rows in PostgreSQL: each parameter is a column.</summary>
    public string ForMany { get; private set; } = "";

    /// <summary>The same for thousands of rows in PostgreSQL, which come in its binary form; null where there is none.</summary>
    public string? ForCopy { get; private set; }

    /// <summary>The names of the columns with commas.</summary>
    public string Names => string.Join(", ", _names);

    private string Arrays => string.Join(", ", Numbers.Select((number, at) => $"${at + 1}::{(number ? "bigint" : "text")}[]"));

    /// <summary>The shape that a definition is of.</summary>
    public static RowShape Parse(string definition) => Known.GetOrAdd(definition, static text => text.Split('|') switch
    {
        [Inserts, var table, var columns, var conflict] => Insert(table, columns, conflict),
        [Updates, var table, var columns, ""] => Update(table, columns),
        _ => throw new StoreException($"'{text}' is no shape of rows."),
    });

    /// <summary>Rows that are added.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">As in its script: <c>entry INTEGER, account TEXT</c>.</param>
    /// <param name="conflict">What is done with a row that is there already; empty refuses them all.</param>
    public static RowShape Insert(string table, string columns, string conflict = "")
    {
        var shape = new RowShape(Inserts, table, columns, conflict);
        var tail = conflict.Length == 0 ? "" : " ON CONFLICT " + conflict;
        shape.ForOne = $"INSERT INTO {table} ({shape.Names}) VALUES ({string.Join(", ", shape._names.Select((_, at) => $"${at + 1}"))}){tail}";
        shape.ForMany = $"INSERT INTO {table} ({shape.Names}) SELECT * FROM unnest({shape.Arrays}){tail}";
        shape.ForCopy = conflict.Length == 0 ? $"COPY {table} ({shape.Names}) FROM STDIN (FORMAT BINARY)" : null;
        return shape;
    }

    /// <summary>Rows that are changed; the first column says which.</summary>
    public static RowShape Update(string table, string columns)
    {
        var shape = new RowShape(Updates, table, columns, "");
        var (key, others) = (shape._names[0], shape._names[1..]);
        shape.ForOne = $"UPDATE {table} SET {string.Join(", ", others.Select((name, at) => $"{name} = ${at + 2}"))} WHERE {key} = $1";
        shape.ForMany = $"UPDATE {table} SET {string.Join(", ", others.Select(name => $"{name} = r.{name}"))} FROM unnest({shape.Arrays}) AS r ({shape.Names}) WHERE {table}.{key} = r.{key}";
        return shape;
    }
}

/// <summary>Rows of one shape that are written together.</summary>
public sealed class RowSet(RowShape shape)
{
    private readonly List<SqlValue[]> _rows = [];

    /// <summary>The table and its columns.</summary>
    public RowShape Shape { get; } = shape;

    /// <summary>The rows, each with a value for every column.</summary>
    public IReadOnlyList<SqlValue[]> Rows => _rows;

    /// <summary>Adds a row.</summary>
    public void Add(params SqlValue[] row) => _rows.Add(row);

    /// <summary>Holds what a store wrote against the rows.</summary>
    /// <exception cref="StoreException">Fewer rows were written than there are.</exception>
    public void Check(int written)
    {
        if (written != _rows.Count)
            throw new StoreException($"Of {_rows.Count} rows of {Shape.Table} {written} were written: a row that was to be changed is not there.");
    }
}
