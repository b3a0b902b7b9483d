using System.Text;

namespace OpenSts.Sqlite;

/// <summary>A compiled statement: bound from 1, its columns read from 0.</summary>
internal sealed unsafe class SqliteStatement(SqliteFile file, nint handle)
{
    public SqliteStatement Bind(int at, long value) => Checked(SqliteLibrary.BindNumber(handle, at, value));

    public SqliteStatement BindNull(int at) => Checked(SqliteLibrary.BindNull(handle, at));

    public SqliteStatement Bind(int at, string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        byte nothing = 0;
        fixed (byte* first = octets)
            return Checked(SqliteLibrary.BindText(handle, at, Or(first, &nothing), octets.Length, SqliteLibrary.Transient));
    }

    public SqliteStatement Bind(int at, ReadOnlySpan<byte> octets)
    {
        byte nothing = 0;
        fixed (byte* first = octets)
            return Checked(SqliteLibrary.BindOctets(handle, at, Or(first, &nothing), octets.Length, SqliteLibrary.Transient));
    }

    /// <summary>Goes to the next row; false after the last, and the statement is ready to be bound again.</summary>
    public bool Next()
    {
        var code = SqliteLibrary.Step(handle);
        if (code == SqliteLibrary.Row)
            return true;
        if (code == SqliteLibrary.Done)
        {
            Reset();
            return false;
        }

        // Before the reset, which forgets the message.
        var failure = file.Failure(code);
        Reset();
        throw failure;
    }

    /// <summary>Runs to the end; rows are of no interest.</summary>
    public void Run()
    {
        while (Next())
        {
            // The next one.
        }
    }

    /// <summary>Lets the remaining rows go.</summary>
    public void Reset() => _ = SqliteLibrary.Reset(handle);

    public long Number(int column) => SqliteLibrary.ColumnNumber(handle, column);

    /// <summary>Empty where the column holds nothing.</summary>
    public string Text(int column)
    {
        var text = SqliteLibrary.ColumnText(handle, column);
        return text == null ? "" : Encoding.UTF8.GetString(text, SqliteLibrary.ColumnLength(handle, column));
    }

    /// <summary>Until the next row only.</summary>
    public ReadOnlySpan<byte> Octets(int column)
    {
        var octets = SqliteLibrary.ColumnOctets(handle, column);
        return new ReadOnlySpan<byte>(octets, SqliteLibrary.ColumnLength(handle, column));
    }

    public bool IsNull(int column) => SqliteLibrary.ColumnType(handle, column) == SqliteLibrary.TypeNull;

    internal void Finish() => _ = SqliteLibrary.Finish(handle);

    // A pointer to nothing would be taken for NULL.
    private static byte* Or(byte* first, byte* nothing) => first == null ? nothing : first;

    private SqliteStatement Checked(int code) => code == SqliteLibrary.Ok ? this : throw file.Failure(code);
}
