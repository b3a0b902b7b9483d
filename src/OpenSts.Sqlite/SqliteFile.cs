using System.Runtime.InteropServices;
using System.Text;

namespace OpenSts.Sqlite;

/// <summary>Makes the exception of the room whose database failed.</summary>
/// <param name="code">SQLite's code; 0 where the system has no SQLite library.</param>
/// <param name="message">A sentence for people; never what was bound to a statement.</param>
internal delegate Exception SqliteFailure(int code, string message);

/// <summary>One connection to a database file with its compiled statements; used by one thread at a time.</summary>
internal sealed unsafe class SqliteFile : IDisposable
{
    /// <summary>Another connection has the file.</summary>
    public const int Busy = 5, Locked = 6;

    /// <summary>A rule of a table was broken.</summary>
    public const int Constraint = 19;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    private readonly SqliteFailure _failure;
    private readonly Func<string, string> _dialect;
    private nint _handle;

    private SqliteFile(nint handle, SqliteFailure failure, Func<string, string> dialect) => (_handle, _failure, _dialect) = (handle, failure, dialect);

    /// <summary>Rows that the last statement changed.</summary>
    public int Changes => SqliteLibrary.Changes(_handle);

    /// <summary>Opens a file that exists.</summary>
    public static SqliteFile Open(string path, SqliteFailure failure) => Open(path, SqliteLibrary.OpenReadWrite, failure, sql => sql);

    /// <summary>Opens a file, or makes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="failure">Makes the room's exceptions.</param>
    /// <param name="dialect">What every text is changed into before it is compiled.</param>
    public static SqliteFile OpenOrCreate(string path, SqliteFailure failure, Func<string, string> dialect) =>
        Open(path, SqliteLibrary.OpenReadWrite | SqliteLibrary.OpenCreate, failure, dialect);

    /// <summary>Runs statements without parameters; their rows are of no interest.</summary>
    public void Run(string sql)
    {
        ObjectDisposedException.ThrowIf(_handle == 0, this);
        var code = SqliteLibrary.Execute(_handle, sql, 0, 0, 0);
        if (code != SqliteLibrary.Ok)
            throw Failure(code);
    }

    /// <summary>A statement, compiled once for each text; take it, bind it, run it to the end before it is taken again.</summary>
    public SqliteStatement Prepare(string sql)
    {
        ObjectDisposedException.ThrowIf(_handle == 0, this);
        if (_statements.TryGetValue(sql, out var known))
            return known;
        var octets = Encoding.UTF8.GetBytes(_dialect(sql));
        fixed (byte* first = octets)
        {
            var code = SqliteLibrary.Prepare(_handle, first, octets.Length, out var statement, 0);
            if (code != SqliteLibrary.Ok)
                throw Failure(code);
            return _statements[sql] = new SqliteStatement(this, statement);
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Finish();
        _statements.Clear();
        if (_handle != 0)
            _ = SqliteLibrary.Close(_handle);
        _handle = 0;
    }

    internal Exception Failure(int code) => _failure(code, $"The database refused a statement: {Message()}.");

    private static SqliteFile Open(string path, int flags, SqliteFailure failure, Func<string, string> dialect)
    {
        try
        {
            var code = SqliteLibrary.Open(path, out var handle, flags | SqliteLibrary.OpenNoMutex, 0);
            var file = new SqliteFile(handle, failure, dialect);
            if (code == SqliteLibrary.Ok)
                return file;
            var message = handle == 0 ? "no memory" : file.Message();
            file.Dispose();
            throw failure(code, $"The database {path} cannot be opened: {message}.");
        }
        catch (DllNotFoundException)
        {
            throw failure(0, "The system has no SQLite library; on Debian and Ubuntu it is the package libsqlite3-0.");
        }
    }

    private string Message() => Marshal.PtrToStringUTF8(SqliteLibrary.ErrorMessage(_handle)) ?? "unknown error";
}
