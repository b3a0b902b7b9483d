using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.KeyManagement.Store;

/// <summary>The centre's records in one database file: authenticated each, changed in transactions, every change in the audit log.</summary>
/// <remarks>
/// All records are read and checked at opening; reading is from memory after that. A change is one transaction with its log entry:
/// after a crash both are there or neither. PostgreSQL would take the same three tables; it is not built yet.
/// </remarks>
internal sealed class CentreStore : IDisposable
{
    private const string FileName = "centre.db", Edition = "1";
    private readonly SqliteFile _file;
    private readonly MasterKey _master;
    private readonly TimeProvider _time;
    private readonly CentreWitness? _witness;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Kind, string Id), object> _records = [];
    private readonly Dictionary<string, SortedDictionary<string, object>> _byKind = new(StringComparer.Ordinal);
    private byte[] _chain = new byte[32];

    private CentreStore(SqliteFile file, MasterKey master, string centre, TimeProvider time, string? witness)
    {
        (_file, _master, _time, Centre) = (file, master, time, centre);
        _witness = witness is null ? null : new CentreWitness(witness, master, centre);
        Load();
    }

    /// <summary>The centre's name.</summary>
    public string Centre { get; }

    public MasterKey Master => _master;

    /// <summary>Entries of the audit log.</summary>
    public long Sequence { get; private set; }

    /// <summary>Makes an empty store.</summary>
    public static CentreStore Create(string folder, string centre, StorageLock storageLock, TimeProvider time, string? witness)
    {
        var path = Path.Combine(folder, FileName);
        if (File.Exists(path))
            throw new CentreException(CentreTrouble.Exists, $"There is a centre in {folder} already.");
        PrivateFile.CreateFolder(folder);
        // What is not finished has another name: a crash in a ceremony leaves no half centre.
        var fresh = path + ".new";
        File.Delete(fresh);
        PrivateFile.Create(fresh).Dispose();
        using (var master = MasterKey.Create())
        using (var file = SqliteFile.Open(fresh))
        {
            file.Run("PRAGMA synchronous=FULL");
            file.Run("BEGIN IMMEDIATE");
            file.Run("CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
            file.Run("CREATE TABLE unlocking (kind INTEGER PRIMARY KEY, parameters BLOB NOT NULL, wrapped BLOB NOT NULL)");
            file.Run("CREATE TABLE record (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, mac BLOB NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID");
            file.Run("CREATE TABLE audit (sequence INTEGER PRIMARY KEY, time INTEGER NOT NULL, actor TEXT NOT NULL, text TEXT NOT NULL, changes TEXT NOT NULL, chain BLOB NOT NULL, mac BLOB NOT NULL)");
            file.Prepare("INSERT INTO setting VALUES ('edition', ?)").Bind(1, Edition).Run();
            file.Prepare("INSERT INTO setting VALUES ('centre', ?)").Bind(1, centre).Run();
            WriteLock(file, master, storageLock, centre);
            file.Run("COMMIT");
        }

        File.Move(fresh, path);
        Posix.FlushFolder(Path.GetFullPath(folder));
        return Open(folder, storageLock, time, witness);
    }

    /// <summary>Opens a store and checks every record.</summary>
    public static CentreStore Open(string folder, StorageLock storageLock, TimeProvider time, string? witness)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new CentreException(CentreTrouble.Missing, $"There is no centre in {folder}.");
        PrivateFile.Require(path);
        var file = SqliteFile.Open(path);
        MasterKey? master = null;
        try
        {
            file.Run("PRAGMA locking_mode=EXCLUSIVE");
            file.Run("PRAGMA journal_mode=WAL");
            file.Run("PRAGMA synchronous=FULL");
            if (Setting(file, "edition") != Edition || Setting(file, "centre") is not { } centre)
                throw new CentreException(CentreTrouble.Format, $"{path} is not a centre of this edition.");
            var kind = file.Prepare("SELECT parameters, wrapped FROM unlocking WHERE kind = ?").Bind(1, (int)storageLock.Kind);
            if (!kind.Next())
                throw new CentreException(CentreTrouble.MasterKey, $"The centre is not opened with {storageLock.Kind}.");
            var (parameters, wrapped) = (kind.Octets(0).ToArray(), kind.Octets(1).ToArray());
            kind.Reset();
            master = MasterKey.TryUnlock(storageLock, centre, parameters, wrapped)
                ?? throw new CentreException(CentreTrouble.MasterKey, $"What was given does not open the centre in {folder}.");
            return new CentreStore(file, master, centre, time, witness);
        }
        catch
        {
            master?.Dispose();
            file.Dispose();
            throw;
        }
    }

    public T? Find<T>(RecordKind<T> kind, string id)
        where T : class => (T?)_records.GetValueOrDefault((kind.Name, id));

    public IEnumerable<T> All<T>(RecordKind<T> kind)
        where T : class => _byKind.TryGetValue(kind.Name, out var records) ? records.Values.Cast<T>() : [];

    /// <summary>Makes a change: what the draft holds, and one entry of the log, in one transaction.</summary>
    public T Change<T>(string actor, Func<T, string> text, Func<Draft, T> change)
    {
        lock (_gate)
        {
            var draft = new Draft(this);
            var result = change(draft);
            Commit(actor, text(result), draft);
            return result;
        }
    }

    /// <summary>One entry of the log without a change.</summary>
    public void Note(string actor, string text)
    {
        lock (_gate)
            Commit(actor, text, new Draft(this));
    }

    /// <summary>Adds or replaces a way to open the centre.</summary>
    public void AddLock(string actor, StorageLock storageLock)
    {
        lock (_gate)
        {
            _file.Run("BEGIN IMMEDIATE");
            WriteLock(_file, _master, storageLock, Centre);
            _file.Run("COMMIT");
        }

        Note(actor, $"may be opened with {storageLock.Kind}");
    }

    /// <summary>Takes a way to open the centre away.</summary>
    public void RemoveLock(string actor, StorageLockKind kind)
    {
        lock (_gate)
            _file.Prepare("DELETE FROM unlocking WHERE kind = ?").Bind(1, (int)kind).Run();
        Note(actor, $"may no longer be opened with {kind}");
    }

    public IReadOnlyList<StorageLockKind> Locks()
    {
        lock (_gate)
        {
            var kinds = new List<StorageLockKind>();
            var rows = _file.Prepare("SELECT kind FROM unlocking ORDER BY kind");
            while (rows.Next())
                kinds.Add((StorageLockKind)rows.Number(0));
            return kinds;
        }
    }

    /// <summary>Reads the whole log and holds the records against it.</summary>
    public AuditReport Verify(Action<AuditEntry>? take)
    {
        lock (_gate)
        {
            var chain = new byte[32];
            var expected = new Dictionary<string, string>(StringComparer.Ordinal);
            var entries = 0L;
            foreach (var (entry, mac) in Entries())
            {
                if (entry.Sequence != entries + 1)
                    return new AuditReport(false, entries, $"entry {entries + 1} of the audit log is missing");
                chain = entry.ChainAfter(chain);
                if (!CryptographicOperations.FixedTimeEquals(chain, entry.Chain) || !CryptographicOperations.FixedTimeEquals(mac, _master.MacOfLog(chain)))
                    return new AuditReport(false, entries, $"entry {entry.Sequence} of the audit log was altered");
                foreach (var line in entry.Changes.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    expected[line[..line.LastIndexOf(' ')]] = line[(line.LastIndexOf(' ') + 1)..];
                take?.Invoke(entry);
                entries++;
            }

            foreach (var (kind, id, body, _) in Rows())
            {
                if (!expected.Remove($"{kind}/{id}", out var hash) || hash != AuditEntry.HashOf(body))
                    return new AuditReport(false, entries, $"the record {kind} {id} is not what the audit log says was written last");
            }

            return expected.Count == 0
                ? new AuditReport(true, entries, $"{entries} entries, all in order; every record is what they say")
                : new AuditReport(false, entries, $"the record {expected.Keys.First()} is gone");
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
            _master.Dispose();
        }
    }

    private static string? Setting(SqliteFile file, string name)
    {
        try
        {
            var statement = file.Prepare("SELECT value FROM setting WHERE name = ?").Bind(1, name);
            var value = statement.Next() ? statement.Text(0) : null;
            statement.Reset();
            return value;
        }
        catch (CentreException error) when (error.Trouble == CentreTrouble.Storage)
        {
            return null;
        }
    }

    private static void WriteLock(SqliteFile file, MasterKey master, StorageLock storageLock, string centre)
    {
        var (parameters, wrapped) = master.Lock(storageLock, centre);
        file.Prepare("INSERT OR REPLACE INTO unlocking VALUES (?, ?, ?)").Bind(1, (int)storageLock.Kind).Bind(2, parameters).Bind(3, wrapped).Run();
    }

    private void Load()
    {
        foreach (var (kind, id, body, mac) in Rows())
        {
            if (!CryptographicOperations.FixedTimeEquals(mac, _master.MacOfRecord(kind, id, body)))
                throw new CentreException(CentreTrouble.Altered, $"The record {kind} {id} is not what was written.");
            Keep(kind, id, Parse(kind, body) ?? throw new CentreException(CentreTrouble.Format, $"The record {kind} {id} is of another edition."));
        }

        var last = _file.Prepare("SELECT sequence, chain, mac FROM audit ORDER BY sequence DESC LIMIT 1");
        if (last.Next())
        {
            (Sequence, _chain) = (last.Number(0), last.Octets(1).ToArray());
            var mac = last.Octets(2).ToArray();
            last.Reset();
            if (!CryptographicOperations.FixedTimeEquals(mac, _master.MacOfLog(_chain)))
                throw new CentreException(CentreTrouble.Altered, $"Entry {Sequence} of the audit log was altered.");
        }

        _witness?.Require(Sequence, ChainAt);
    }

    private byte[]? ChainAt(long sequence)
    {
        var statement = _file.Prepare("SELECT chain FROM audit WHERE sequence = ?").Bind(1, sequence);
        if (!statement.Next())
            return null;
        var chain = statement.Octets(0).ToArray();
        statement.Reset();
        return chain;
    }

    private void Commit(string actor, string text, Draft draft)
    {
        var changes = new StringBuilder();
        foreach (var (kind, id, _, body) in draft.Written)
            _ = changes.Append(CultureInfo.InvariantCulture, $"{kind}/{id} {AuditEntry.HashOf(body)}\n");
        var time = DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());
        var entry = new AuditEntry { Sequence = Sequence + 1, Time = time, Actor = actor, Text = text, Changes = changes.ToString() };
        var chain = entry.ChainAfter(_chain);
        _file.Run("BEGIN IMMEDIATE");
        try
        {
            foreach (var (kind, id, _, body) in draft.Written)
                _file.Prepare("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?)").Bind(1, kind).Bind(2, id).Bind(3, body).Bind(4, _master.MacOfRecord(kind, id, body)).Run();
            _file.Prepare("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)").Bind(1, entry.Sequence).Bind(2, time.ToUnixTimeMilliseconds()).Bind(3, actor).Bind(4, text)
                .Bind(5, entry.Changes).Bind(6, chain).Bind(7, _master.MacOfLog(chain)).Run();
            _file.Run("COMMIT");
        }
        catch (CentreException)
        {
            TryRollBack();
            throw;
        }

        foreach (var (kind, id, value, _) in draft.Written)
            Keep(kind, id, value);
        (Sequence, _chain) = (entry.Sequence, chain);
        _witness?.Write(Sequence, chain);
    }

    private void TryRollBack()
    {
        try
        {
            _file.Run("ROLLBACK");
        }
        catch (CentreException)
        {
            // The database has rolled back by itself.
        }
    }

    private void Keep(string kind, string id, object value)
    {
        _records[(kind, id)] = value;
        if (!_byKind.TryGetValue(kind, out var records))
            _byKind[kind] = records = new SortedDictionary<string, object>(StringComparer.Ordinal);
        records[id] = value;
    }

    private IEnumerable<(string Kind, string Id, string Body, byte[] Mac)> Rows()
    {
        var rows = _file.Prepare("SELECT kind, id, body, mac FROM record ORDER BY kind, id");
        try
        {
            while (rows.Next())
                yield return (rows.Text(0), rows.Text(1), rows.Text(2), rows.Octets(3).ToArray());
        }
        finally
        {
            rows.Reset();
        }
    }

    private IEnumerable<(AuditEntry Entry, byte[] Mac)> Entries()
    {
        var rows = _file.Prepare("SELECT sequence, time, actor, text, changes, chain, mac FROM audit ORDER BY sequence");
        try
        {
            while (rows.Next())
            {
                var entry = new AuditEntry
                {
                    Sequence = rows.Number(0),
                    Time = DateTimeOffset.FromUnixTimeMilliseconds(rows.Number(1)),
                    Actor = rows.Text(2),
                    Text = rows.Text(3),
                    Changes = rows.Text(4),
                    Chain = rows.Octets(5).ToArray(),
                };
                yield return (entry, rows.Octets(6).ToArray());
            }
        }
        finally
        {
            rows.Reset();
        }
    }

    private static object? Parse(string kind, string body)
    {
        object? Read<T>(RecordKind<T> known)
            where T : class => known.Name == kind ? JsonSerializer.Deserialize(body, known.Form) : null;

        return Read(Kinds.Identity) ?? Read(Kinds.CentreKeys) ?? Read(Kinds.Officers) ?? Read(Kinds.Groups) ?? Read(Kinds.Keys) ?? Read(Kinds.Modules)
            ?? Read(Kinds.Authorisations) ?? Read(Kinds.Files) ?? Read(Kinds.Senders) ?? Read(Kinds.Changes);
    }
}
