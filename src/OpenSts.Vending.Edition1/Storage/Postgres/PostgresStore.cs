using System.Data;
using Npgsql;

namespace OpenSts.Vending.Storage.Postgres;

/// <summary>The store at scale: PostgreSQL 15 or later, shared by several servers.</summary>
/// <remarks>
/// Writers take turns by an advisory lock, from however many servers, so that what is checked in a transaction still holds at its end;
/// readers see one picture and wait for nobody. Batches have connections of their own: Npgsql sends several statements at once by asynchronous
/// writes even where it is called synchronously, and from then on each answer on that connection needs a free thread of the pool. Were it
/// everybody's connection, a writer could wait for a thread while all threads wait for the writer.
/// </remarks>
public sealed class PostgresStore : IStore
{
    /// <summary>What a statement of the common script begins with that is for PostgreSQL only.</summary>
    internal const string Only = "/* PostgreSQL */";

    private const long WriterLock = 0x4F53_5453_5645_4E44;
    private static readonly string Lock = $"SELECT pg_advisory_xact_lock({WriterLock})";

    // Rows are looked up by their keys: a plan that was made while a table was small must not read all of it once it has grown.
    private static readonly string BatchOpening = Lock + ", set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true), "
        + "set_config('jit', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)";

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _batches;

    /// <summary>Connects and brings the tables up to date.</summary>
    /// <exception cref="StoreException">The database cannot be reached or used.</exception>
    public PostgresStore(string connection)
    {
        // Nothing is set for a connection beyond a transaction, so nothing is to be reset.
        var builder = new NpgsqlConnectionStringBuilder(connection) { MaxAutoPrepare = 200, AutoPrepareMinUsages = 2, Pooling = true, NoResetOnClose = true };
        _source = NpgsqlDataSource.Create(builder);
        _batches = NpgsqlDataSource.Create(builder);
        try
        {
            Migrations.Apply(this, Translate);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Kind => "PostgreSQL";

    /// <inheritdoc/>
    public T Write<T>(Func<IStoreSession, T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Run(_source, IsolationLevel.ReadCommitted, (connection, transaction) =>
        {
            var session = new PostgresSession(connection, transaction);
            _ = session.Query(Lock, _ => 0);
            return work(session);
        });
    }

    /// <inheritdoc/>
    public T Batch<T>(Func<IStoreSession, T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Run(_batches, IsolationLevel.ReadCommitted, (connection, transaction) => work(new PostgresBatchSession(connection, transaction!, BatchOpening)));
    }

    /// <inheritdoc/>
    public T Read<T>(Func<IStoreSession, T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Run(_source, IsolationLevel.RepeatableRead, (connection, transaction) => work(new PostgresSession(connection, transaction)));
    }

    /// <inheritdoc/>
    public T Look<T>(Func<IStoreSession, T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Run(_source, null, (connection, transaction) => work(new PostgresSession(connection, transaction)));
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        _source.Dispose();
        _batches.Dispose();
    }

    private static T Run<T>(NpgsqlDataSource source, IsolationLevel? isolation, Func<NpgsqlConnection, NpgsqlTransaction?, T> work)
    {
        try
        {
            using var connection = source.OpenConnection();
            using var transaction = isolation is { } level ? connection.BeginTransaction(level) : null;
            var result = work(connection, transaction);
            transaction?.Commit();
            return result;
        }
        catch (NpgsqlException error)
        {
            // The server's own words without its details, which may hold data. Class 22 is a value that does not fit, class 23 a rule of the tables.
            var refused = error as PostgresException;
            throw new StoreException($"The database refused or cannot be reached: {refused?.MessageText ?? error.Message}.", error) { RuleBroken = refused?.SqlState[..2] is "22" or "23" };
        }
    }

    // The common script is SQLite's: its INTEGER has 64 bits, and its texts compare by octets.
    private static string Translate(string sql) => sql
        .Replace(" STRICT", "", StringComparison.Ordinal)
        .Replace(" INTEGER", " BIGINT", StringComparison.Ordinal)
        .Replace(" TEXT", " TEXT COLLATE \"C\"", StringComparison.Ordinal);
}
