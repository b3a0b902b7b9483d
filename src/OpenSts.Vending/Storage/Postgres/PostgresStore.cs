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

    // The lock, and with it what holds for this transaction: its statements look up a few rows by their keys, and a plan that was made while a
    // table was small must not read the whole of it once it has grown.
    private static readonly string WriterOpening = $"SELECT pg_advisory_xact_lock({WriterLock}), set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)";

    private readonly NpgsqlDataSource _source;

    /// <summary>Connects and brings the tables up to date.</summary>
    /// <exception cref="StoreException">The database cannot be reached or used.</exception>
    public PostgresStore(string connection)
    {
        var builder = new NpgsqlConnectionStringBuilder(connection) { MaxAutoPrepare = 200, AutoPrepareMinUsages = 2, Pooling = true, NoResetOnClose = true };
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
        return Run(IsolationLevel.ReadCommitted, work, WriterOpening);
    }

    /// <inheritdoc/>
    public T Read<T>(Func<IStoreSession, T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Run(IsolationLevel.RepeatableRead, work);
    }

    /// <inheritdoc/>
    public T Look<T>(Func<IStoreSession, T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Run(null, work);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _source.Dispose();

    private T Run<T>(IsolationLevel? isolation, Func<IStoreSession, T> work, string? opening = null)
    {
        try
        {
            using var connection = _source.OpenConnection();
            using var transaction = isolation is { } level ? connection.BeginTransaction(level) : null;
            var result = work(new PostgresSession(connection, transaction, opening));
            transaction?.Commit();
            return result;
        }
        catch (NpgsqlException error)
        {
            // The server's own words without its details, which may hold data.
            // Class 22 is a value that does not fit, class 23 a rule of the tables.
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
