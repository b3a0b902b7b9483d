using System.Text.Json;
using System.Text.RegularExpressions;
using OpenSts.Sqlite;

namespace OpenSts.Vending.Storage.Sqlite;

/// <summary>One connection to a database file as a session of the store; used by one thread at a time.</summary>
internal sealed partial class SqliteConnection : IStoreSession, ISqlRow, IDisposable
{
    private readonly SqliteFile _file;
    private SqliteStatement? _current;

    public SqliteConnection(string path) => _file = SqliteFile.OpenOrCreate(path, Failure, Translated);

    /// <summary>Runs statements without parameters or rows.</summary>
    public void Run(string sql) => _file.Run(sql);

    /// <inheritdoc/>
    public int Execute(string sql, params ReadOnlySpan<SqlValue> values)
    {
        Bind(sql, values).Run();
        return _file.Changes;
    }

    /// <inheritdoc/>
    public List<T> Query<T>(string sql, Func<ISqlRow, T> read, params ReadOnlySpan<SqlValue> values)
    {
        var statement = Bind(sql, values);
        var rows = new List<T>();
        try
        {
            while (statement.Next())
            {
                _current = statement;
                rows.Add(read(this));
            }

            return rows;
        }
        finally
        {
            statement.Reset();
        }
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
        foreach (var set in sets)
        {
            var written = 0;
            foreach (var row in set.Rows)
                written += Execute(set.Shape.ForOne, row);
            set.Check(written);
        }
    }

    /// <inheritdoc/>
    public long Number(int column) => _current!.Number(column);

    /// <inheritdoc/>
    public string Text(int column) => _current!.Text(column);

    /// <inheritdoc/>
    public bool IsNull(int column) => _current!.IsNull(column);

    public void Dispose() => _file.Dispose();

    private static StoreException Failure(int code, string message) => new(message) { RuleBroken = code == SqliteFile.Constraint };

    // SQLite numbers parameters with a question mark; with a dollar sign it would count them by their first use. Its lists are JSON.
    private static string Translated(string sql) => List().Replace(sql, " IN (SELECT value FROM json_each($1))").Replace('$', '?');

    private SqliteStatement Bind(string sql, ReadOnlySpan<SqlValue> values)
    {
        var statement = _file.Prepare(sql);
        for (var i = 0; i < values.Length; i++)
        {
            _ = values[i] switch
            {
                { Number: { } number } => statement.Bind(i + 1, number),
                { Text: { } text } => statement.Bind(i + 1, text),
                { Texts: { } texts } => statement.Bind(i + 1, JsonSerializer.Serialize(texts)),
                _ => statement.BindNull(i + 1),
            };
        }

        return statement;
    }

    [GeneratedRegex(@" = ANY\((\$\d+)\)", RegexOptions.CultureInvariant)]
    private static partial Regex List();
}
