using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using OpenSts.KeyManagement.Audit;
using OpenSts.KeyManagement.Records;
using OpenSts.Pkcs11;
using OpenSts.Secrets;
using OpenSts.SecureStorage;

namespace OpenSts.KeyManagement.Storage;

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
    private readonly CheckpointFile? _checkpoint;
    private readonly ILogger _logger;
    private readonly RecordSetDigest _digest;
    private readonly Pkcs11Token? _token;
    private readonly RecordSet _records = new();
    private readonly Lock _gate = new();
    private TokenSeal? _seal;
    private byte[] _chain = new byte[32];

    private CentreStore(ICentreDatabase database, MasterKey master, string centre, string location,
        CentreOptions options)
    {
        (_database, _master, _time, _token, Centre) = (database, master, options.Time, options.Token, centre);
        _logger = options.Logger;
        _digest = new RecordSetDigest(master);
        _checkpoint = options.CheckpointFile is null ? null
            : new CheckpointFile(options.CheckpointFile, master, centre);
        var count = Load();
        CentreLog.Opened(_logger, centre, location, count, Sequence);
        _seal = _token is not null && Sealing is { } sealing ? OpenSeal(sealing) : null;
    }

    /// <summary>The centre's name.</summary>
    public string Centre { get; }

    /// <summary>
    /// Why the checkpoint file could not be written after the last change, which is stored all the same; null where it
    /// was.
    /// </summary>
    public string? CheckpointError { get; private set; }

    /// <summary>Entries of the audit log.</summary>
    public long Sequence { get; private set; }

    /// <summary>Makes a store with its first records, in one step.</summary>
    /// <param name="place">A folder or a connection string.</param>
    /// <param name="centre">The centre's name.</param>
    /// <param name="storageLock">Opens it from now on.</param>
    /// <param name="options">Clock, witness and timeout.</param>
    /// <param name="text">What the first entry of the log says.</param>
    /// <param name="fill">Puts the first records into the changes.</param>
    public static CentreStore Create(string place, string centre, StorageLock storageLock, CentreOptions options,
        string text, Action<ChangeSet, MasterKey> fill)
    {
        var at = CentreLocation.Parse(place);
        using var master = MasterKey.Create();
        var changes = new ChangeSet(new RecordSet());
        fill(changes, master);
        var settings =
            new Dictionary<string, string>(StringComparer.Ordinal) { ["edition"] = Edition, ["centre"] = centre };
        var first = ToTransaction(changes, master, new RecordSetDigest(master), 1, new byte[32], options.Time,
            "ceremony", text) with
        { AddedLock = master.Lock(storageLock, centre) };
        return Open(at.Create(settings, first, options.OpenTimeout), at, storageLock, options);
    }

    /// <summary>Opens a store and checks every record.</summary>
    public static CentreStore Open(string place, StorageLock storageLock, CentreOptions options)
    {
        var at = CentreLocation.Parse(place);
        return Open(at.Open(options.OpenTimeout), at, storageLock, options);
    }

    public T? Find<T>(RecordKind<T> kind, string id)
        where T : class => _records.Find(kind, id);

    public IEnumerable<T> All<T>(RecordKind<T> kind)
        where T : class => _records.All(kind);

    /// <summary>A changes over the records as they are.</summary>
    public ChangeSet NewChangeSet() => new(_records);

    /// <summary>What seals the keys beside the master key; null where that is all.</summary>
    public KeySealing? Sealing =>
        Find(RecordKinds.Sealing, "self") is { TokenKey.Length: > 0 } sealing ? sealing : null;

    /// <summary>Seals a key for one place in the store.</summary>
    public string Wrap(ReadOnlySpan<byte> key, string binding) =>
        Sealing is null ? WrapByMaster(key, binding) : RequireSeal().Wrap(key, binding);

    /// <summary>Seals a key by the master key alone.</summary>
    public string WrapByMaster(ReadOnlySpan<byte> key, string binding) => _master.Wrap(key, binding);

    /// <summary>Opens a key that was sealed for that place; the caller disposes it.</summary>
    public SecretBytes Unwrap(string wrapped, string binding) =>
        TokenSeal.IsSealed(wrapped) ? RequireSeal().Unwrap(wrapped, binding) : _master.Unwrap(wrapped, binding);

    /// <summary>A seal with a key of a token, made there where it has none of that name.</summary>
    public TokenSeal NewSeal(Pkcs11Token token, string name) =>
        new(token.FindSealingKey(name) ?? token.GenerateSealingKey(name), _master);

    /// <summary>Makes a change that seals every key anew.</summary>
    public void Reseal(string actor, string text, TokenSeal? seal, Action<ChangeSet> change)
    {
        _ = Change(actor, _ => text, changes =>
        {
            change(changes);
            return 0;
        });
        _seal = seal;
    }

    /// <summary>Makes a change: what the changes holds, and one entry of the log, in one transaction.</summary>
    public T Change<T>(string actor, Func<T, string> text, Func<ChangeSet, T> change)
    {
        lock (_gate)
        {
            var changes = NewChangeSet();
            var result = change(changes);
            Commit(actor, text(result), changes, step => step);
            return result;
        }
    }

    /// <summary>One entry of the log without a change.</summary>
    public void Note(string actor, string text)
    {
        lock (_gate)
            Commit(actor, text, NewChangeSet(), step => step);
    }

    /// <summary>Adds or replaces a way to open the centre.</summary>
    public void AddLock(string actor, StorageLock storageLock, string says)
    {
        lock (_gate)
            Commit(actor,
                $"may be opened with {StoredNames.Of(storageLock.Kind)}{(says.Length > 0 ? ": " + says : "")}",
                NewChangeSet(), step => step with { AddedLock = _master.Lock(storageLock, Centre) });
    }

    /// <summary>Takes a way to open the centre away.</summary>
    public void RemoveLock(string actor, StorageLockKind kind)
    {
        lock (_gate)
            Commit(actor, $"may no longer be opened with {StoredNames.Of(kind)}", NewChangeSet(),
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
            ?? throw new CentreException(CentreFault.MasterKey,
            $"The keys of this centre are sealed by the key '{sealing.TokenKey}' of a token; token "
                + $"'{_token.TokenLabel}' has no such key.");
        var seal = new TokenSeal(key, _master);
        return seal.Opens(sealing.Probe) ? seal
            : throw new CentreException(CentreFault.MasterKey,
            $"The key '{sealing.TokenKey}' of token '{_token.TokenLabel}' is another than the one that sealed the "
                + "keys of this centre.");
    }

    private TokenSeal RequireSeal() => _seal
        ?? throw new CentreException(CentreFault.MasterKey,
        $"The keys of this centre are sealed by the key '{Sealing?.TokenKey}' of a token, which was not given.");

    private static CentreStore Open(ICentreDatabase database, CentreLocation place, StorageLock storageLock,
        CentreOptions options)
    {
        MasterKey? master = null;
        try
        {
            if (database.Setting("edition") != Edition || database.Setting("centre") is not { } centre)
                throw new CentreException(CentreFault.Format, $"What is in {place} is not a centre of this edition.");
            var known = database.Locks().Where(row => row.Kind == storageLock.Kind).ToList();
            if (known.Count == 0)
                throw new CentreException(CentreFault.MasterKey, $"The centre is not opened with {storageLock.Kind}.");
            master = MasterKey.TryUnlock(storageLock, centre, known[0])
                ?? throw new CentreException(CentreFault.MasterKey,
                    $"What was given does not open the centre in {place}.");
            return new CentreStore(database, master, centre, place.ToString(), options);
        }
        catch
        {
            master?.Dispose();
            database.Dispose();
            throw;
        }
    }

    // What a change set becomes in the database, with its entry of the log.
    private static StoredTransaction ToTransaction(ChangeSet changes, MasterKey master, RecordSetDigest digest,
        long sequence,
        byte[] chainBefore, TimeProvider time, string actor, string text)
    {
        var list = new StringBuilder();
        var records = new List<StoredRecord>();
        foreach (var (kind, id, _, body) in changes.Written)
        {
            _ = list.Append(CultureInfo.InvariantCulture, $"{kind}/{id} {AuditEntry.HashOf(body)}\n");
            records.Add(new StoredRecord(kind, id, body, master.MacOfRecord(kind, id, body)));
        }

        _ = list.Append(CultureInfo.InvariantCulture, $"{AuditEntry.SetTag} {digest.MacAfter(records)}\n");
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        var entry =
            new AuditEntry { Sequence = sequence, Time = now, Actor = actor, Text = text, Changes = list.ToString() };
        var chain = entry.ChainAfter(chainBefore);
        return new StoredTransaction
        {
            Records = records,
            Entry = entry with { Chain = chain, Mac = master.MacOfLog(chain) },
        };
    }

    private int Load()
    {
        var count = 0;
        foreach (var (kind, id, body, mac) in _database.Records())
        {
            if (!CryptographicOperations.FixedTimeEquals(mac, _master.MacOfRecord(kind, id, body)))
                throw new CentreException(CentreFault.Altered, $"The record {kind} {id} is not what was written.");
            _records.Keep(kind, id, RecordKinds.Read(kind, body)
                ?? throw new CentreException(CentreFault.Format, $"The record {kind} {id} is of another edition."));
            _digest.Set(kind, id, body);
            count++;
        }

        if (_database.LastEntry() is { } last)
        {
            (Sequence, _chain) = (last.Sequence, last.Chain);
            if (!CryptographicOperations.FixedTimeEquals(last.Mac, _master.MacOfLog(_chain)))
                throw new CentreException(CentreFault.Altered, $"Entry {Sequence} of the audit log was altered.");
            RequireSameRecords(last);
        }

        _checkpoint?.Require(Sequence, _database.ChainAt);
        return count;
    }

    // A record removed or put back from an older copy has a good MAC of its own.
    private void RequireSameRecords(AuditEntry last)
    {
        var before = last.Sequence == 1 ? new byte[32] : _database.ChainAt(last.Sequence - 1) ?? [];
        if (last.ChainAfter(before).AsSpan().SequenceEqual(last.Chain) && last.RecordSetMac == _digest.Mac())
            return;
        // Version 1 wrote no digest: there the whole log is read. Where the digest differs, the log names the record.
        var report = AuditVerification.Run(_database.Entries(), _database.Records(), _master, null);
        if (!report.Good || last.RecordSetMac is not null)
        {
            throw new CentreException(CentreFault.Altered, "A record was removed or put back from an older copy: "
                + (report.Good ? "the set of records is not that of the last change" : report.Text) + ".");
        }
    }

    private void Commit(string actor, string text, ChangeSet changes, Func<StoredTransaction, StoredTransaction> more)
    {
        var transaction = more(ToTransaction(changes, _master, _digest, Sequence + 1, _chain, _time, actor, text));
        _database.Write(transaction);
        foreach (var (kind, id, value, body) in changes.Written)
        {
            _records.Keep(kind, id, value);
            _digest.Set(kind, id, body);
        }

        (Sequence, _chain) = (transaction.Entry.Sequence, transaction.Entry.Chain);
        WriteCheckpoint();
    }

    // The change is stored whatever becomes of the checkpoint: a failure here must not look like a change that was not
    // made.
    private void WriteCheckpoint()
    {
        if (_checkpoint is null)
            return;
        try
        {
            _checkpoint.Write(Sequence, _chain);
            CheckpointError = null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or StorageException)
        {
            CheckpointError = error.Message;
            CentreLog.CheckpointNotWritten(_logger, Centre, Sequence, error.Message);
        }
    }
}
