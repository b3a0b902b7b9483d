using System.Collections.Concurrent;
using OpenSts.Vending.Access;
using OpenSts.Vending.Data.Migrations;
using OpenSts.Vending.Data.Stores;
using OpenSts.Vending.Data.Tokens;
using OpenSts.Vending.Vends;

namespace OpenSts.Vending.Data.Vends;

/// <summary>The vends of one store: intents and results, many in one transaction, each durable before its caller is
/// told.</summary>
/// <remarks>
/// There is no lock for all: a vend holds the rows of its meter, shift, wallet and receipt number. The first attempt
/// skips rows that another
/// session holds; the vends that need them go to a second lane, which waits as long as the lock time-out. So a
/// session that holds a row
/// delays the vends of that row only. Several servers may use one store.
/// </remarks>
public sealed partial class VendStore : IAsyncDisposable
{
    private readonly IStoreDatabase _database;
    private readonly ITokenSeal _seal;
    private readonly Func<VendRules> _rules;
    private readonly TimeProvider _time;
    private readonly VendStoreOptions _options;
    private readonly GroupCommit<VendItem> _first;
    private readonly GroupCommit<VendItem> _second;
    private readonly ConcurrentDictionary<DateOnly, bool> _partitions = new();

    internal VendStore(
        IStoreDatabase database, ITokenSeal seal, Func<VendRules> rules, TimeProvider time, VendStoreOptions options)
    {
        (_database, _seal, _rules, _time, _options) = (database, seal, rules, time, options);
        _first = new GroupCommit<VendItem>(items =>
            CommitAsync(items, waits: !database.HasRowLocks), options.MaxBatch);
        _second = new GroupCommit<VendItem>(items => CommitAsync(items, waits: true), options.MaxBatch);
    }

    /// <summary>Opens a PostgreSQL store and brings its tables up to date.</summary>
    /// <param name="connection">A connection string.</param>
    /// <param name="seal">Seals tokens.</param>
    /// <param name="rules">The utility's rules now; asked for each batch.</param>
    /// <param name="time">The clock.</param>
    /// <param name="options">Time-outs and sizes.</param>
    /// <exception cref="StoreException">The store cannot be used, or was made by a newer program.</exception>
    public static async Task<VendStore> OpenPostgresAsync(
        string connection, ITokenSeal seal, Func<VendRules> rules, TimeProvider time, VendStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        await SchemaMigrator.MigratePostgresAsync(connection).ConfigureAwait(false);
        var used = options ?? new VendStoreOptions();
        var database = new PostgresDatabase(
            connection, new SqlStatements("Vends/Postgres.sql"), used.LockTimeout, used.StatementTimeout);
        return new VendStore(database, seal, rules, time, used);
    }

    /// <summary>Opens an SQLite store and brings its tables up to date.</summary>
    /// <param name="path">The file; made where it is not there.</param>
    /// <param name="seal">Seals tokens.</param>
    /// <param name="rules">The utility's rules now; asked for each batch.</param>
    /// <param name="time">The clock.</param>
    /// <param name="options">Time-outs and sizes.</param>
    /// <exception cref="StoreException">The store cannot be used, or was made by a newer program.</exception>
    public static async Task<VendStore> OpenSqliteAsync(
        string path, ITokenSeal seal, Func<VendRules> rules, TimeProvider time, VendStoreOptions? options = null)
    {
        await SchemaMigrator.MigrateSqliteAsync(path).ConfigureAwait(false);
        return new VendStore(
            new SqliteDatabase(path, new SqlStatements("Vends/Sqlite.sql")), seal, rules, time, options ?? new());
    }

    /// <summary>Plans a request and stores its intent; a request whose id was seen gives the stored vend.</summary>
    /// <param name="id">The client's id.</param>
    /// <param name="request">The request.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="source">Where it came from: api, page, job, import.</param>
    /// <exception cref="StoreException">Nothing is known to be stored; the same id may be sent again.</exception>
    public async Task<BeginOutcome> BeginAsync(string id, VendRequest request, Caller caller, string source)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(caller);
        var begin = new BeginItem(id, request, caller, source, RequestDigest.Of(request));
        if (request is ReplacementRequest replacement)
            begin.Original = await FindAsync(replacement.Original).ConfigureAwait(false);
        _first.Add(begin);
        var outcome = await begin.Answered.ConfigureAwait(false);
        return outcome is { Vend: null, Refusal: null } ? await SeenAsync(begin).ConfigureAwait(false) : outcome;
    }

    /// <summary>Stores what the module answered to a pending vend; where another attempt was first, that one's
    /// outcome is given.</summary>
    /// <param name="vend">The vend.</param>
    /// <param name="tokens">The tokens in the order of their orders; null where the module refused for good.</param>
    /// <param name="refusal">Why there are none.</param>
    /// <param name="releases">True where the answer goes to a client.</param>
    /// <exception cref="StoreException">The vend stays pending, or its result is stored; ask again with the same
    /// id.</exception>
    public async Task<StoredVend> FinishAsync(
        StoredVend vend, IReadOnlyList<VendToken>? tokens, Refusal? refusal, bool releases)
    {
        ArgumentNullException.ThrowIfNull(vend);
        if ((tokens is null) == (refusal is null))
            throw new ArgumentException("There are tokens or a refusal.", nameof(tokens));
        var finish = new FinishItem(vend, tokens, refusal, releases);
        _first.Add(finish);
        return await finish.Answered.ConfigureAwait(false)
            ?? await FindAsync(vend.Id).ConfigureAwait(false)
            ?? throw new StoreException(StoreFault.Unavailable, $"The vend {vend.Id} is not there any more.");
    }

    /// <summary>The vend of an id, or null where the id was never seen.</summary>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public async Task<StoredVend?> FindAsync(string id) =>
        await FindAsync([id]).ConfigureAwait(false) is [var vend, ..] ? vend : null;

    /// <summary>The vends that gave a token; more than one only where a module made one token twice.</summary>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public async Task<IReadOnlyList<StoredVend>> FindAsync(Token66 token)
    {
        var ids = new List<string>();
        await _database.ReadAsync(new StoreQuery("token-places", row => ids.Add(row.Text()), _seal.Hash(token)))
            .ConfigureAwait(false);
        return ids.Count == 0 ? [] : await FindAsync([.. ids.Distinct()]).ConfigureAwait(false);
    }

    /// <summary>Ids of pending vends, the oldest first: whoever resolves them asks the module again.</summary>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public async Task<IReadOnlyList<string>> ListPendingAsync(int count)
    {
        var ids = new List<string>();
        await _database.ReadAsync(new StoreQuery("open-vends", row => ids.Add(row.Text()), (long)count))
            .ConfigureAwait(false);
        return ids;
    }

    /// <summary>The first fault of the ledger, or null: an entry whose debits and credits differ, or a balance that
    /// is not the sum of its postings.</summary>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public async Task<Refusal?> VerifyLedgerAsync()
    {
        Refusal? fault = null;
        await _database.ReadAsync(
            new StoreQuery("unbalanced-entries", row => fault ??= new Refusal(ErrorCodes.LedgerOutOfBalance, null,
                RefusalArgument.Number("entry", row.Number()))),
            new StoreQuery("drifted-accounts", row => fault ??= new Refusal(ErrorCodes.LedgerOutOfBalance, null,
                RefusalArgument.Text("account", row.Text())))).ConfigureAwait(false);
        return fault;
    }

    /// <summary>Ends the store's connections.</summary>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    // To the millisecond, as the store keeps it: a repeated answer is the first one byte for byte.
    internal DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());

    internal IStoreDatabase Database => _database;

    private async Task<IReadOnlyList<StoredVend>> FindAsync(IReadOnlyList<string> ids)
    {
        var reader = new VendReader(_seal);
        await _database.ReadAsync(reader.Queries(ids)).ConfigureAwait(false);
        return [.. reader.Found];
    }

    private async Task<BeginOutcome> SeenAsync(BeginItem begin)
    {
        if (await FindAsync(begin.Id).ConfigureAwait(false) is not { } vend)
            throw new StoreException(StoreFault.Unavailable, $"The vend {begin.Id} is not there any more.");
        // Who may not see a vend learns no more of it than that the id is used.
        return vend.Digest.SequenceEqual(begin.Digest) && begin.Caller.Sees(vend.Plan.Vendor)
            ? new BeginOutcome(vend, null, false)
            : new BeginOutcome(null, new Refusal(ErrorCodes.VendExistsWithDifferentContent, "id",
                RefusalArgument.Text("id", begin.Id), RefusalArgument.Time("created", vend.Plan.CreatedAt)), false);
    }
}
