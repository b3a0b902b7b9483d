using System.Data;
using Npgsql;

namespace OpenSts.Vending.Storage.Postgres;

/// <summary>The store at scale: PostgreSQL 15 or later, shared by several servers.</summary>
/// <remarks>
/// Writers take turns by an advisory lock, from however many servers, so that what is checked in a transaction still holds at its end;
/// readers see one picture and wait for nobody.
/// </remarks>
public sealed class PostgresStore : IStore
{
    private const long WriterLock = 0x4F53_5453_5645_4E44;
    private readonly NpgsqlDataSource _source;

    /// <summary>Connects and brings the tables up to date.</summary>
    /// <exception cref="StoreException">The database cannot be reached or used.</exception>
    public PostgresStore(string connection)
    {
        var builder = new NpgsqlConnectionStringBuilder(connection) { MaxAutoPrepare = 200, AutoPrepareMinUsages = 2, Pooling = true };
        _source = NpgsqlDataSource.Create(builder);
        try
        {
            Migrations.Apply(this, Translate);
        }
        catch
        {
            _source.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Kind => "PostgreSQL";

    /// <inheritdoc/>
    public T Write<T>(Func<IStoreSession, T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Run(IsolationLevel.ReadCommitted, session =>
        {
            _ = session.Query("SELECT pg_advisory_xact_lock($1)", _ => 0, WriterLock);
            return work(session);
        });
    }

    /// <inheritdoc/>
    public T Read<T>(Func<IStoreSession, T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Run(IsolationLevel.RepeatableRead, work);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _source.Dispose();

    private T Run<T>(IsolationLevel isolation, Func<IStoreSession, T> work)
    {
        try
        {
            using var connection = _source.OpenConnection();
            using var transaction = connection.BeginTransaction(isolation);
            var result = work(new PostgresSession(connection, transaction));
            transaction.Commit();
            return result;
        }
        catch (NpgsqlException error)
        {
            // The server's own words without its details, which may hold data.
            throw new StoreException($"The database refused or cannot be reached: {(error as PostgresException)?.MessageText ?? error.Message}.", error);
        }
    }

    // The common script is SQLite's: its INTEGER has 64 bits, and its texts compare by octets.
    private static string Translate(string sql) => sql
        .Replace(" STRICT", "", StringComparison.Ordinal)
        .Replace(" INTEGER", " BIGINT", StringComparison.Ordinal)
        .Replace(" TEXT", " TEXT COLLATE \"C\"", StringComparison.Ordinal);
}
