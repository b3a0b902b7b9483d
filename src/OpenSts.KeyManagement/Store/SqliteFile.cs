using System.Runtime.InteropServices;
using System.Text;
using static OpenSts.KeyManagement.Store.SqliteLibrary;

namespace OpenSts.KeyManagement.Store;

/// <summary>One open database file: statements run, rows read. One thread at a time.</summary>
internal sealed class SqliteFile : IDisposable
{
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    private nint _handle;

    private SqliteFile(nint handle) => _handle = handle;

    /// <summary>Opens a file that exists; its user and mode were checked before.</summary>
    /// <param name="path">The file.</param>
    /// <param name="patience">How long another process that is at work is waited for.</param>
    /// <exception cref="CentreException">The library is missing, or the file is no database or in use.</exception>
    public static SqliteFile Open(string path, TimeSpan patience)
    {
        try
        {
            var code = sqlite3_open_v2(path, out var handle, ReadWrite | FullMutex, 0);
            var file = new SqliteFile(handle);
            if (code != Ok)
            {
                file.Dispose();
                throw new CentreException(CentreTrouble.Storage, $"The database {path} cannot be opened: SQLite error {code}.");
            }

            _ = sqlite3_busy_timeout(handle, (int)patience.TotalMilliseconds);
            return file;
        }
        catch (DllNotFoundException error)
        {
            throw new CentreException(CentreTrouble.Storage, "The system has no SQLite library; on Debian it is the package libsqlite3-0.", error);
        }
    }

    /// <summary>Runs a statement without rows.</summary>
    public void Run(string sql) => Prepare(sql).Run();

    /// <summary>A statement, compiled once for each text; take it, bind it, run it to the end before it is taken again.</summary>
    public SqliteStatement Prepare(string sql)
    {
        ObjectDisposedException.ThrowIf(_handle == 0, this);
        if (_statements.TryGetValue(sql, out var known))
            return known;
        var code = sqlite3_prepare_v2(_handle, sql, -1, out var statement, 0);
        if (code != Ok)
            throw Failure(code);
        return _statements[sql] = new SqliteStatement(this, statement);
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            _ = sqlite3_finalize(statement.Handle);
        _statements.Clear();
        if (_handle != 0)
            _ = sqlite3_close_v2(_handle);
        _handle = 0;
    }

    internal CentreException Failure(int code)
    {
        var text = Marshal.PtrToStringUTF8(sqlite3_errmsg(_handle));
        return code is 5 or 6
            ? new CentreException(CentreTrouble.InUse, "The centre is open in another process.")
            : new CentreException(CentreTrouble.Storage, $"The database failed: {text} (SQLite error {code}).");
    }
}

/// <summary>A compiled statement.</summary>
internal sealed unsafe class SqliteStatement(SqliteFile file, nint handle)
{
    public nint Handle => handle;

    public SqliteStatement Bind(int index, long value) => Checked(sqlite3_bind_int64(handle, index, value));

    public SqliteStatement Bind(int index, string text)
    {
        var octets = Encoding.UTF8.GetBytes(text + "\0");
        fixed (byte* at = octets)
            return Checked(sqlite3_bind_text(handle, index, at, octets.Length - 1, Transient));
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        // A pointer to nothing would be taken for NULL.
        Span<byte> empty = stackalloc byte[1];
        fixed (byte* at = value.IsEmpty ? empty : value)
            return Checked(sqlite3_bind_blob(handle, index, at, value.Length, Transient));
    }

    /// <summary>Goes to the next row; false after the last, and the statement is ready to be bound again.</summary>
    public bool Next()
    {
        var code = sqlite3_step(handle);
        if (code == Row)
            return true;
        _ = sqlite3_reset(handle);
        return code == Done ? false : throw file.Failure(code);
    }

    public void Run()
    {
        while (Next())
        {
            // Rows of a pragma are of no interest.
        }
    }

    /// <summary>Lets the remaining rows go.</summary>
    public void Reset() => _ = sqlite3_reset(handle);

    public long Number(int column) => sqlite3_column_int64(handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Octets(column));

    public ReadOnlySpan<byte> Octets(int column)
    {
        var at = sqlite3_column_blob(handle, column);
        return new ReadOnlySpan<byte>((void*)at, sqlite3_column_bytes(handle, column));
    }

    private SqliteStatement Checked(int code) => code == Ok ? this : throw file.Failure(code);
}
