using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpenSts.SecureStorage;
using OpenSts.Secrets;
using OpenSts.Pkcs11;

namespace OpenSts.KeyManagement.Store;

/// <summary>
/// The centre's records: authenticated each, changed in transactions, every change in the audit log.
/// </summary>
/// <remarks>
/// All records are read and checked at opening; reading is from memory after that. A change is one transaction with
/// its log entry: after a crash both are there or neither. The database is open to this process alone.
/// </remarks>
internal sealed class CentreStore : IDisposable
{
    private const string Edition = "1";
    private readonly ICentreDatabase _database;
    private readonly MasterKey _master;
    private readonly TimeProvider _time;
    private readonly CentreWitness? _witness;
    private readonly Pkcs11Token? _token;
    private readonly RecordSet _records = new();
    private readonly Lock _gate = new();
    private TokenSeal? _seal;
    private byte[] _chain = new byte[32];

    private CentreStore(ICentreDatabase database, MasterKey master, string centre, CentreOptions options)
    {
        (_database, _master, _time, _token, Centre) = (database, master, options.Time, options.Token, centre);
        _witness = options.Witness is null ? null : new CentreWitness(options.Witness, master, centre);
        Load();
        _seal = _token is not null && Sealing is { } sealing ? OpenSeal(sealing) : null;
    }

    /// <summary>The centre's name.</summary>
    public string Centre { get; }

    /// <summary>Entries of the audit log.</summary>
    public long Sequence { get; private set; }

    /// <summary>Makes a store with its first records, in one step.</summary>
    /// <param name="place">A folder or a connection string.</param>
    /// <param name="centre">The centre's name.</param>
    /// <param name="storageLock">Opens it from now on.</param>
    /// <param name="options">Clock, witness and patience.</param>
    /// <param name="text">What the first entry of the log says.</param>
    /// <param name="fill">Puts the first records into the draft.</param>
    public static CentreStore Create(string place, string centre, StorageLock storageLock, CentreOptions options,
        string text, Action<Draft, MasterKey> fill)
    {
        var at = CentrePlace.Parse(place);
        using var master = MasterKey.Create();
        var draft = new Draft(new RecordSet());
        fill(draft, master);
        var settings =
            new Dictionary<string, string>(StringComparer.Ordinal) { ["edition"] = Edition, ["centre"] = centre };
        var first = Step(draft, master, 1, new byte[32], options.Time, "ceremony",
            text) with
        { AddedLock = master.Lock(storageLock, centre) };
        return Open(at.Create(settings, first, options.Patience), at, storageLock, options);
    }

    /// <summary>Opens a store and checks every record.</summary>
    public static CentreStore Open(string place, StorageLock storageLock, CentreOptions options)
    {
        var at = CentrePlace.Parse(place);
        return Open(at.Open(options.Patience), at, storageLock, options);
    }

    public T? Find<T>(RecordKind<T> kind, string id)
        where T : class => _records.Find(kind, id);

    public IEnumerable<T> All<T>(RecordKind<T> kind)
        where T : class => _records.All(kind);

    /// <summary>A draft over the records as they are.</summary>
    public Draft NewDraft() => new(_records);

    /// <summary>What seals the keys beside the master key; null where that is all.</summary>
    public KeySealing? Sealing => Find(Kinds.Sealing, "self") is { TokenKey.Length: > 0 } sealing ? sealing : null;

    /// <summary>Seals a key for one place in the store.</summary>
    public string Wrap(ReadOnlySpan<byte> key, string place) =>
        Sealing is null ? WrapByMaster(key, place) : RequireSeal().Wrap(key, place);

    /// <summary>Seals a key by the master key alone.</summary>
    public string WrapByMaster(ReadOnlySpan<byte> key, string place) => _master.Wrap(key, place);

    /// <summary>Opens a key that was sealed for that place; the caller disposes it.</summary>
    public SecretBytes Unwrap(string wrapped, string place) =>
        TokenSeal.IsSealed(wrapped) ? RequireSeal().Unwrap(wrapped, place) : _master.Unwrap(wrapped, place);

    /// <summary>A seal with a key of a token, made there where it has none of that name.</summary>
    public TokenSeal NewSeal(Pkcs11Token token, string name) =>
        new(token.FindSealingKey(name) ?? token.GenerateSealingKey(name), _master);

    /// <summary>Makes a change that seals every key anew.</summary>
    public void Reseal(string actor, string text, TokenSeal? seal, Action<Draft> change)
    {
        _ = Change(actor, _ => text, draft =>
        {
            change(draft);
            return 0;
        });
        _seal = seal;
    }

    /// <summary>Makes a change: what the draft holds, and one entry of the log, in one transaction.</summary>
    public T Change<T>(string actor, Func<T, string> text, Func<Draft, T> change)
    {
        lock (_gate)
        {
            var draft = NewDraft();
            var result = change(draft);
            Commit(actor, text(result), draft, step => step);
            return result;
        }
    }

    /// <summary>One entry of the log without a change.</summary>
    public void Note(string actor, string text)
    {
        lock (_gate)
            Commit(actor, text, NewDraft(), step => step);
    }

    /// <summary>Adds or replaces a way to open the centre.</summary>
    public void AddLock(string actor, StorageLock storageLock, string says)
    {
        lock (_gate)
            Commit(actor, $"may be opened with {storageLock.Kind}{(says.Length > 0 ? ": " + says : "")}", NewDraft(),
                step => step with { AddedLock = _master.Lock(storageLock, Centre) });
    }

    /// <summary>Takes a way to open the centre away.</summary>
    public void RemoveLock(string actor, StorageLockKind kind)
    {
        lock (_gate)
            Commit(actor, $"may no longer be opened with {kind}", NewDraft(),
                step => step with { RemovedLock = kind });
    }

    public IReadOnlyList<StorageLockKind> Locks()
    {
        lock (_gate)
            return [.. _database.Locks().Select(row => row.Kind)];
    }

    /// <summary>Reads the whole log and holds the records against it.</summary>
    public AuditReport Verify(Action<AuditEntry>? take)
    {
        lock (_gate)
            return AuditVerification.Run(_database.Entries(), _database.Records(), _master, take);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _database.Dispose();
            _master.Dispose();
        }
    }

    private TokenSeal OpenSeal(KeySealing sealing)
    {
        var key = _token!.FindSealingKey(sealing.TokenKey)
            ?? throw new CentreException(CentreTrouble.MasterKey,
            $"The keys of this centre are sealed by the key '{sealing.TokenKey}' of a token; token "
                + $"'{_token.TokenLabel}' has no such key.");
        var seal = new TokenSeal(key, _master);
        return seal.Opens(sealing.Probe) ? seal
            : throw new CentreException(CentreTrouble.MasterKey,
            $"The key '{sealing.TokenKey}' of token '{_token.TokenLabel}' is another than the one that sealed the "
                + "keys of this centre.");
    }

    private TokenSeal RequireSeal() => _seal
        ?? throw new CentreException(CentreTrouble.MasterKey,
        $"The keys of this centre are sealed by the key '{Sealing?.TokenKey}' of a token, which was not given.");

    private static CentreStore Open(ICentreDatabase database, CentrePlace place, StorageLock storageLock,
        CentreOptions options)
    {
        MasterKey? master = null;
        try
        {
            if (database.Setting("edition") != Edition || database.Setting("centre") is not { } centre)
                throw new CentreException(CentreTrouble.Format,
                    $"What is in {place} is not a centre of this edition.");
            var known = database.Locks().Where(row => row.Kind == storageLock.Kind).ToList();
            if (known.Count == 0)
                throw new CentreException(CentreTrouble.MasterKey,
                    $"The centre is not opened with {storageLock.Kind}.");
            master = MasterKey.TryUnlock(storageLock, centre, known[0])
                ?? throw new CentreException(CentreTrouble.MasterKey,
                    $"What was given does not open the centre in {place}.");
            return new CentreStore(database, master, centre, options);
        }
        catch
        {
            master?.Dispose();
            database.Dispose();
            throw;
        }
    }

    // What a draft becomes in the database, with its entry of the log.
    private static StoredStep Step(Draft draft, MasterKey master, long sequence, byte[] chainBefore, TimeProvider time,
        string actor, string text)
    {
        var changes = new StringBuilder();
        var records = new List<StoredRecord>();
        foreach (var (kind, id, _, body) in draft.Written)
        {
            _ = changes.Append(CultureInfo.InvariantCulture, $"{kind}/{id} {AuditEntry.HashOf(body)}\n");
            records.Add(new StoredRecord(kind, id, body, master.MacOfRecord(kind, id, body)));
        }

        var entry = new AuditEntry
        {
            Sequence = sequence,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()),
            Actor = actor,
            Text = text,
            Changes = changes.ToString(),
        };
        var chain = entry.ChainAfter(chainBefore);
        return new StoredStep
        {
            Records = records,
            Entry = entry with { Chain = chain, Mac = master.MacOfLog(chain) },
        };
    }

    private void Load()
    {
        foreach (var (kind, id, body, mac) in _database.Records())
        {
            if (!CryptographicOperations.FixedTimeEquals(mac, _master.MacOfRecord(kind, id, body)))
                throw new CentreException(CentreTrouble.Altered, $"The record {kind} {id} is not what was written.");
            _records.Keep(kind, id, Kinds.Read(kind, body)
                ?? throw new CentreException(CentreTrouble.Format, $"The record {kind} {id} is of another edition."));
        }

        if (_database.LastEntry() is { } last)
        {
            (Sequence, _chain) = (last.Sequence, last.Chain);
            if (!CryptographicOperations.FixedTimeEquals(last.Mac, _master.MacOfLog(_chain)))
                throw new CentreException(CentreTrouble.Altered, $"Entry {Sequence} of the audit log was altered.");
        }

        _witness?.Require(Sequence, _database.ChainAt);
    }

    private void Commit(string actor, string text, Draft draft, Func<StoredStep, StoredStep> more)
    {
        var step = more(Step(draft, _master, Sequence + 1, _chain, _time, actor, text));
        _database.Write(step);
        foreach (var (kind, id, value, _) in draft.Written)
            _records.Keep(kind, id, value);
        (Sequence, _chain) = (step.Entry.Sequence, step.Entry.Chain);
        _witness?.Write(Sequence, _chain);
    }
}
