using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OpenSts.Vending.Storage.Sqlite;

/// <summary>One connection to a database file with its prepared statements; used by one thread at a time.</summary>
internal sealed unsafe partial class SqliteConnection : IStoreSession, ISqlRow, IDisposable
{
    private static readonly nint Transient = -1;
    private readonly Dictionary<string, nint> _statements = new(StringComparer.Ordinal);
    private nint _connection;
    private nint _current;

    public SqliteConnection(string path)
    {
        var code = SqliteNative.Open(path, out _connection, SqliteNative.OpenReadWrite | SqliteNative.OpenCreate | SqliteNative.OpenNoMutex, 0);
        if (code != SqliteNative.Ok)
        {
            var message = _connection == 0 ? $"error {code}" : Message();
            Dispose();
            throw new StoreException($"The database {path} cannot be opened: {message}.");
        }
    }

    /// <summary>Runs statements without parameters or rows.</summary>
    public void Run(string sql)
    {
        if (SqliteNative.Run(_connection, sql, 0, 0, 0) != SqliteNative.Ok)
            throw new StoreException($"The database refused a statement: {Message()}.");
    }

    /// <inheritdoc/>
    public int Execute(string sql, params ReadOnlySpan<SqlValue> values)
    {
        var statement = Bind(sql, values);
        try
        {
            while (true)
            {
                var code = SqliteNative.Step(statement);
                if (code == SqliteNative.Done)
                    return SqliteNative.Changes(_connection);
                if (code != SqliteNative.Row)
                    throw Failure();
            }
        }
        finally
        {
            _ = SqliteNative.Reset(statement);
        }
    }

    /// <inheritdoc/>
    public List<T> Query<T>(string sql, Func<ISqlRow, T> read, params ReadOnlySpan<SqlValue> values)
    {
        var statement = Bind(sql, values);
        var rows = new List<T>();
        try
        {
            while (true)
            {
                var code = SqliteNative.Step(statement);
                if (code == SqliteNative.Done)
                    return rows;
                if (code != SqliteNative.Row)
                    throw Failure();
                _current = statement;
                rows.Add(read(this));
            }
        }
        finally
        {
            _ = SqliteNative.Reset(statement);
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
    public long Number(int column) => SqliteNative.ColumnNumber(_current, column);

    /// <inheritdoc/>
    public string Text(int column)
    {
        var text = SqliteNative.ColumnText(_current, column);
        return text == null ? "" : Encoding.UTF8.GetString(text, SqliteNative.ColumnBytes(_current, column));
    }

    /// <inheritdoc/>
    public bool IsNull(int column) => SqliteNative.ColumnType(_current, column) == SqliteNative.TypeNull;

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            _ = SqliteNative.Finish(statement);
        _statements.Clear();
        if (_connection != 0)
            _ = SqliteNative.Close(_connection);
        _connection = 0;
    }

    private nint Bind(string sql, ReadOnlySpan<SqlValue> values)
    {
        ObjectDisposedException.ThrowIf(_connection == 0, this);
        var statement = Prepare(sql);
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            var code = value switch
            {
                { Number: { } number } => SqliteNative.BindNumber(statement, i + 1, number),
                { Text: { } text } => BindText(statement, i + 1, text),
                { Texts: { } texts } => BindText(statement, i + 1, JsonSerializer.Serialize(texts)),
                _ => SqliteNative.BindNull(statement, i + 1),
            };
            if (code != SqliteNative.Ok)
                throw Failure();
        }

        return statement;
    }

    private static int BindText(nint statement, int at, string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        fixed (byte* first = octets)
        {
            byte nothing = 0;
            return SqliteNative.BindText(statement, at, octets.Length == 0 ? &nothing : first, octets.Length, Transient);
        }
    }

    private nint Prepare(string sql)
    {
        if (_statements.TryGetValue(sql, out var statement))
            return statement;
        // SQLite numbers parameters with a question mark; with a dollar sign it would count them by their first use. Its lists are JSON.
        var octets = Encoding.UTF8.GetBytes(List().Replace(sql, " IN (SELECT value FROM json_each($1))").Replace('$', '?'));
        fixed (byte* first = octets)
        {
            if (SqliteNative.Prepare(_connection, first, octets.Length, out statement, 0) != SqliteNative.Ok)
                throw Failure();
        }

        _statements.Add(sql, statement);
        return statement;
    }

    private StoreException Failure() => new($"The database refused a statement: {Message()}.") { RuleBroken = SqliteNative.ErrorCode(_connection) == SqliteNative.Constraint };

    [GeneratedRegex(@" = ANY\((\$\d+)\)", RegexOptions.CultureInvariant)]
    private static partial Regex List();

    private string Message() => Marshal.PtrToStringUTF8((nint)SqliteNative.Error(_connection)) ?? "unknown error";
}
