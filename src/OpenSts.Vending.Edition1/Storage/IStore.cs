using OpenSts.Vending.Documents;

namespace OpenSts.Vending.Storage;

/// <summary>One row of an answer; columns count from 0.</summary>
public interface ISqlRow
{
    /// <summary>A whole number; 0 where the column is NULL.</summary>
    long Number(int column);

    /// <summary>A text; empty where the column is NULL.</summary>
    string Text(int column);

    /// <summary>True where the column is NULL.</summary>
    bool IsNull(int column);
}

/// <summary>Statements inside one transaction. Parameters are written <c>$1</c>, <c>$2</c> and so on.</summary>
public interface IStoreSession
{
    /// <summary>Changes rows; how many.</summary>
    /// <exception cref="StoreException">The store refused or failed.</exception>
    int Execute(string sql, params ReadOnlySpan<SqlValue> values);

    /// <summary>Reads every row.</summary>
    /// <exception cref="StoreException">The store refused or failed.</exception>
    List<T> Query<T>(string sql, Func<ISqlRow, T> read, params ReadOnlySpan<SqlValue> values);

    /// <summary>Reads the answers of several questions, in order.</summary>
    /// <exception cref="StoreException">The store refused or failed.</exception>
    void Ask(IReadOnlyList<Question> questions);

    /// <summary>Writes many rows of several tables, in order; a table's rows are one statement where the store takes them so.</summary>
    /// <exception cref="StoreException">The store refused or failed, or a row that was to be changed is not there.</exception>
    void Write(IReadOnlyList<RowSet> sets);
}

/// <summary>A statement that reads, and what is done with each row of its answer. A list stands in it as <c>= ANY($1)</c>.</summary>
public sealed record Question(string Sql, Action<ISqlRow> Read, params SqlValue[] Values);

/// <summary>Where the server keeps everything. Both kinds of store answer the same statements.</summary>
public interface IStore : IDisposable
{
    /// <summary>The name of the kind, for the operations board.</summary>
    string Kind { get; }

    /// <summary>Why nothing is written, where the store is not known to be complete; null usually.</summary>
    Refusal? Refuses => null;

    /// <summary>Does the work in one transaction; when this returns, it is durable. An exception undoes it all.</summary>
    /// <exception cref="StoreException">The store refused or failed; whether the work was kept is unknown only when it says so.</exception>
    T Write<T>(Func<IStoreSession, T> work);

    /// <summary>The same for work that asks for many rows by their keys and writes many: what it asks or writes together is sent together.</summary>
    /// <exception cref="StoreException">As for <see cref="Write"/>.</exception>
    T Batch<T>(Func<IStoreSession, T> work);

    /// <summary>Reads from one consistent picture.</summary>
    T Read<T>(Func<IStoreSession, T> work);

    /// <summary>Reads by statements that need no common picture: each sees what is committed when it runs.</summary>
    T Look<T>(Func<IStoreSession, T> work);
}

/// <summary>The store cannot do its work: disk full, file locked or damaged, connection lost.</summary>
public sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True where the store itself works and refused what it was given: a rule of the tables is broken.</summary>
    public bool RuleBroken { get; init; }
}

/// <summary>Short forms over <see cref="IStoreSession"/>.</summary>
public static class StoreSessions
{
    /// <summary>The first row, or default.</summary>
    public static T? First<T>(this IStoreSession session, string sql, Func<ISqlRow, T> read, params ReadOnlySpan<SqlValue> values)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = session.Query(sql, read, values);
        return rows.Count == 0 ? default : rows[0];
    }

    /// <summary>The first number, or 0.</summary>
    public static long Number(this IStoreSession session, string sql, params ReadOnlySpan<SqlValue> values) =>
        session.First(sql, static row => row.Number(0), values);

    /// <summary>Asks one question.</summary>
    public static void Each(this IStoreSession session, Question question)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(question);
        _ = session.Query(question.Sql, row =>
        {
            question.Read(row);
            return 0;
        }, question.Values);
    }

    /// <summary>Does work that has no result.</summary>
    public static void Write(this IStore store, Action<IStoreSession> work)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(work);
        _ = store.Write(session =>
        {
            work(session);
            return 0;
        });
    }

    /// <summary>A time kept as milliseconds since 1970.</summary>
    public static DateTimeOffset Time(this ISqlRow row, int column)
    {
        ArgumentNullException.ThrowIfNull(row);
        return DateTimeOffset.FromUnixTimeMilliseconds(row.Number(column));
    }

    /// <summary>A text, null where the column is NULL.</summary>
    public static string? TextOrNull(this ISqlRow row, int column)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.IsNull(column) ? null : row.Text(column);
    }
}
