using Npgsql;
using OpenSts.KeyManagement.Records;

namespace OpenSts.KeyManagement.Storage;

/// <summary>Where a centre is kept: a folder with an SQLite file, or a PostgreSQL database.</summary>
/// <remarks>A text with <c>=</c> before any <c>/</c> is a connection string; everything else is a folder.</remarks>
internal sealed class CentreLocation
{
    private readonly string _folder;
    private readonly NpgsqlConnectionStringBuilder? _connection;

    private CentreLocation(string folder, NpgsqlConnectionStringBuilder? connection) =>
        (_folder, _connection) = (folder, connection);

    /// <summary>True for a connection string with a password in it.</summary>
    public bool HoldsPassword => _connection is { Password.Length: > 0 } or { SslPassword.Length: > 0 };

    /// <summary>Reads the text; it is never shown, because it may hold a password.</summary>
    /// <exception cref="CentreException">It is a connection string that cannot be read.</exception>
    public static CentreLocation Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return IsConnection(text) ? new CentreLocation("", PostgresDatabase.ReadConnection(text))
            : new CentreLocation(text, null);
    }

    /// <summary>True for a connection string, also a wrong one.</summary>
    public static bool IsConnection(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) is >= 0 and var at && text.AsSpan(0, at).IndexOfAny('/', '\\') < 0;

    /// <summary>
    /// Makes the tables with what stands in them first, in one step: after a crash there is a whole centre or none.
    /// </summary>
    /// <exception cref="CentreException">There is a centre already, or the database failed.</exception>
    public ICentreDatabase Create(IReadOnlyDictionary<string, string> settings, StoredTransaction first,
        TimeSpan timeout)
    {
        if (_connection is not null)
            return PostgresDatabase.Create(_connection, settings, first, timeout);
        SqliteDatabase.Create(_folder, settings, first);
        return Open(timeout);
    }

    /// <summary>Opens what was made there and keeps other processes out.</summary>
    /// <exception cref="CentreException">There is no centre, another process has it open, or the database
    /// failed.</exception>
    public ICentreDatabase Open(TimeSpan timeout) =>
        _connection is null ? SqliteDatabase.Open(_folder, timeout) : PostgresDatabase.Open(_connection, timeout);

    /// <summary>True where a centre is there, finished or not.</summary>
    /// <exception cref="CentreException">The database cannot be reached.</exception>
    public bool IsTaken(TimeSpan timeout) =>
        _connection is null ? SqliteDatabase.IsTaken(_folder) : PostgresDatabase.IsTaken(_connection, timeout);

    /// <summary>For messages: the folder, or the database and its host without user and password.</summary>
    public override string ToString() => _connection is null ? _folder : PostgresDatabase.NameOf(_connection);
}
