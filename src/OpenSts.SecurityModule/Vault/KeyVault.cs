using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OpenSts.Keys;
using OpenSts.Secrets;
using OpenSts.SecureStorage;

namespace OpenSts.SecurityModule.Vault;

/// <summary>
/// A folder with a security module's vending keys, sealed, and its log: the only place where they are at rest.
/// </summary>
/// <remarks>
/// <c>vault</c> holds the keys, each sealed with its attributes and its register, and the counters at the last
/// sealing; <c>log</c>
/// goes on from there. Counters are durable when <see cref="WhenDurable"/> of their entry completes. One process at a
/// time. Safe for several threads. See docs/operate-keys/vault.md for what each part protects against, and what none
/// does.
/// </remarks>
public sealed class KeyVault : IDisposable
{
    /// <summary>The greatest number of a key register; above it the vault keeps the module's own keys.</summary>
    public const int GreatestRegister = 59_999;

    private const int GreatestAttributes = 1000;

    // Short: guards what is in memory. Nothing waits for a disk under it.
    private readonly Lock _lock = new();

    // One writer of the sealed file at a time; held while the disk works.
    private readonly SemaphoreSlim _writing = new(1);
    private readonly VaultFolder _folder;
    private readonly VaultOptions _options;
    private readonly FileStream _lockFile;
    private readonly VaultCipher _cipher;
    private readonly HashChainedLog _log;
    private readonly LogIndex _index;
    private readonly Dictionary<int, VaultCounters> _counters;
    private ImmutableSortedDictionary<int, StoredRecord> _records;
    private VaultImage _image;
    private int _issuesSinceSealing;
    private bool _disposed;

    private KeyVault(VaultFolder folder, VaultOptions options, FileStream lockFile, VaultOpening opening)
    {
        (_folder, _options, _lockFile, _cipher) = (folder, options, lockFile, opening.Cipher);
        _image = opening.Image with { Records = [] };
        _records = opening.Records.ToImmutableSortedDictionary(record => record.Number, record => record);
        _counters = opening.Counters;
        var file = VaultFolder.Guarded(StorageFault.Storage, $"{folder.LogFile} cannot be opened",
            () => File.OpenHandle(folder.LogFile, FileMode.Open, FileAccess.ReadWrite, FileShare.Read));
        try
        {
            _log = new HashChainedLog(file, opening.Report.End, _cipher.MacOfLog, options.Time);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _index = new LogIndex(folder.LogFile);
        _index.Mark(opening.Image.Log);
        _index.Mark(opening.Report.End);
        Dropped = opening.Report.Unsealed;
    }

    /// <summary>The vault's identifier, random at its birth.</summary>
    public Guid Vault => _image.Vault;

    /// <summary>How often the sealed file was written.</summary>
    public ulong Generation => _image.Generation;

    /// <summary>Octets of the log that a crash had cut and nobody was answered for; dropped at opening.</summary>
    public long Dropped { get; }

    /// <summary>Groups of log entries that reached the disk since opening.</summary>
    public long Groups => _log.Groups;

    /// <summary>The keys, by register.</summary>
    public IReadOnlyList<VaultRecord> Records
    {
        get
        {
            lock (_lock)
                return [.. _records.Values.Where(record => record.Number <= GreatestRegister).Select(Describe)];
        }
    }

    /// <summary>Makes an empty vault. The folder may exist, the vault may not.</summary>
    /// <exception cref="StorageException">There is a vault, or the folder cannot be written.</exception>
    public static void Create(string folder, StorageLock storageLock, VaultOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(storageLock);
        options ??= new VaultOptions();
        var files = new VaultFolder(folder);
        if (File.Exists(files.SealedFile) || File.Exists(files.LogFile))
            throw new StorageException(StorageFault.Exists, $"There is a vault in {folder} already.");
        using var cipher = VaultCipher.Create();
        var vault = new Guid(RandomNumberGenerator.GetBytes(16), bigEndian: true);
        var parameters = storageLock.NewParameters();
        var head = LogChain.HeadOf(vault);
        var image = new VaultImage
        {
            Vault = vault,
            LockKind = storageLock.Kind,
            LockParameters = parameters,
            WrappedKey = cipher.Wrap(storageLock, vault, parameters),
            Generation = 1,
            Log = LogPosition.Beginning(head),
            Records = [],
        };
        _ = VaultFolder.Guarded(StorageFault.Storage, $"The vault in {folder} cannot be written", () =>
        {
            PrivateFile.CreateFolder(folder);
            PrivateFile.Replace(files.LogFile, head);
            files.WriteNewFile(image, cipher);
            files.PutNewFileInPlace();
            files.Flush();
            if (options.Witness is { } checkpoint)
                VaultCheckpoint.Write(checkpoint, image, cipher);
            return true;
        });
    }

    /// <summary>Opens a vault and finds its counters; everything is checked before anything is used.</summary>
    /// <exception cref="StorageException">The first rule that broke.</exception>
    public static KeyVault Open(string folder, StorageLock storageLock, VaultOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(storageLock);
        options ??= new VaultOptions();
        var files = new VaultFolder(folder);
        var lockFile = files.TakeLock();
        VaultOpening? opening = null;
        try
        {
            opening = VaultOpening.Read(files, storageLock, options);
            var vault = new KeyVault(files, options, lockFile, opening);
            // A crash between the file and its entry is mended here; a file older than its entry was refused above.
            if (opening.NewestGeneration < opening.Image.Generation)
                _ = vault._log.Append((byte)LogEntryKind.VaultSealed,
                    LogEntry.EncodeGeneration(opening.Image.Generation));
            _ = vault.Note(vault.Dropped == 0 ? "opened"
                : $"opened; {vault.Dropped} octets behind the last seal dropped");
            return vault;
        }
        catch
        {
            opening?.Cipher.Dispose();
            lockFile.Dispose();
            throw;
        }
    }

    /// <summary>Reads the whole log of a vault without opening the vault for use.</summary>
    /// <param name="folder">The vault's folder.</param>
    /// <param name="storageLock">Checks the seals too; null checks the chain only, which anybody can do and a forger
    /// can satisfy.</param>
    /// <param name="take">Gets every entry that is in order.</param>
    /// <exception cref="StorageException">The files are missing, open to others, or cannot be unlocked.</exception>
    public static LogReport VerifyLog(string folder, StorageLock? storageLock, Action<LogEntry>? take = null) =>
        new VaultFolder(folder).VerifyLog(storageLock, take ?? (_ => { }));

    /// <summary>The key of a register as a record; null where the register is empty.</summary>
    public VaultRecord? Find(int number)
    {
        lock (_lock)
            return number <= GreatestRegister && _records.TryGetValue(number, out var record) ? Describe(record)
                : null;
    }

    /// <summary>Puts a key into a register, with its counters at 0; what was there is gone.</summary>
    /// <param name="number">1 to <see cref="GreatestRegister"/>.</param>
    /// <param name="attributes">Bound to the key: at most 1,000 octets of UTF-8.</param>
    /// <param name="home">Where the key is.</param>
    /// <param name="key">The key's octets, or the name of the token's object; at most 255. The caller clears its own
    /// copy.</param>
    /// <param name="note">For the log: by whom and why.</param>
    /// <exception cref="StorageException">It could not be written; nothing changed.</exception>
    public void Put(int number, string attributes, KeyHome home, ReadOnlySpan<byte> key, string note)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, GreatestRegister);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, VaultFolder.GreatestContent - 1, nameof(key));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(attributes), GreatestAttributes,
            nameof(attributes));
        using var change = VaultChange.Set(number, attributes, home, key);
        Commit([change], $"register {number} set: {note}");
    }

    /// <summary>Makes several changes in one step: after a crash all of them are there, or none.</summary>
    /// <param name="changes">At most one for each number; the caller disposes what they hold.</param>
    /// <param name="note">One entry of the log for all of them.</param>
    /// <exception cref="StorageException">It could not be written; nothing changed.</exception>
    internal void Commit(IReadOnlyList<VaultChange> changes, string note)
    {
        using var prepared = Prepare(changes, note);
        prepared.Apply();
        prepared.WaitUntilDurable();
    }

    /// <summary>
    /// Writes changes to the disk beside the present keys, which stay in use. <see cref="PreparedChange.Apply"/>
    /// exchanges them at once, without waiting for the disk; disposing drops them.
    /// </summary>
    internal PreparedChange Prepare(IReadOnlyList<VaultChange> changes, string note)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _writing.Wait();
        try
        {
            var fresh = changes.Where(change => change.Content is not null).Select(Seal).ToArray();
            var touched = changes.Select(change => change.Number).ToArray();
            var image = _image with { Generation = _image.Generation + 1, Log = _log.DurablePosition };
            var last = Note(note);
            foreach (var registers in touched.Where(number => number <= GreatestRegister).Chunk(LogEntry.MaxRegisters))
                last = _log.Append((byte)LogEntryKind.RegistersChanging,
                    LogEntry.EncodeGeneration(image.Generation, registers));
            _log.WaitUntilDurable(last);
            var records = _records.RemoveRange(touched)
                .AddRange(fresh.Select(record => KeyValuePair.Create(record.Number, record)));
            _folder.WriteNewFile(WithCounters(image, records, touched), _cipher);
            return new PreparedChange(this, image, records, touched, fresh);
        }
        catch
        {
            _ = _writing.Release();
            throw;
        }
    }

    /// <summary>
    /// A secret that the module keeps for itself, with its text; the caller disposes it. Null where there is none.
    /// </summary>
    internal (string Attributes, LockedBytes Secret)? OpenOwn(int number)
    {
        StoredRecord? record;
        lock (_lock)
        {
            if (!_records.TryGetValue(number, out record))
                return null;
        }

        using var content = Open(record, KeyHome.Vault);
        using var lease = content.Lease();
        return (record.Attributes, new LockedBytes(lease.Span));
    }

    /// <summary>Takes a key away for good. False where the register is empty.</summary>
    /// <exception cref="StorageException">It could not be written; nothing changed.</exception>
    public bool Remove(int number, string note)
    {
        if (Find(number) is null)
            return false;
        Commit([VaultChange.Remove(number)], $"register {number} removed: {note}");
        return true;
    }

    /// <summary>The key of a register for use in this process; the caller disposes it.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it is on a token.</exception>
    public VendingKey OpenKey(int number) => OpenKey(Stored(number));

    /// <summary>The name of a register's object on its token.</summary>
    /// <exception cref="InvalidOperationException">There is none, or the key is in the vault.</exception>
    public byte[] TokenObject(int number) => TokenObject(Stored(number));

    /// <summary>The totals of a register, durable or on their way.</summary>
    public VaultCounters Counters(int number)
    {
        lock (_lock)
            return _counters.GetValueOrDefault(number);
    }

    /// <summary>
    /// Notes a token issue: the register's totals after it. Nothing may be answered before <see cref="WhenDurable"/>
    /// completes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A total would go back, or the register is empty.</exception>
    /// <exception cref="StorageException">Nothing can be noted any more.</exception>
    public ulong RecordIssue(int number, in VaultCounters after, ReadOnlySpan<char> text)
    {
        Span<byte> payload = stackalloc byte[LogRecord.MaxPayloadLength];
        RequireText(text);
        var length = LogEntry.EncodeTokenIssue(payload, number, after, text);
        ulong sequence;
        bool seal;
        lock (_lock)
        {
            if (!_counters.TryGetValue(number, out var before) || after.Units < before.Units
                || after.Currency < before.Currency || after.Tokens < before.Tokens)
                throw new ArgumentOutOfRangeException(nameof(after), after,
                    $"Register {number} holds {before}; totals do not go back.");
            sequence = _log.Append((byte)LogEntryKind.TokenIssue, payload[..length]);
            _counters[number] = after;
            seal = ++_issuesSinceSealing == _options.IssuesBetweenSealings;
        }

        // The log alone is enough: that the file falls behind only makes the next opening longer.
        if (seal)
            _ = Task.Run(SealInBackground);
        return sequence;
    }

    /// <summary>Notes an event; returns its number.</summary>
    public ulong Note(ReadOnlySpan<char> text)
    {
        RequireText(text);
        Span<byte> payload = stackalloc byte[LogEntry.GreatestText];
        return _log.Append((byte)LogEntryKind.Event, payload[..Encoding.UTF8.GetBytes(text, payload)]);
    }

    /// <summary>
    /// Notes an event and waits until it is on the disk: for what must not be handed out without a trace.
    /// </summary>
    /// <exception cref="StorageException">It never will be.</exception>
    public void NoteDurably(ReadOnlySpan<char> text) => _log.WaitUntilDurable(Note(text));

    /// <summary>
    /// Entries of the log from a number on (1 for the first), as far as they are durable; none where there is no such
    /// entry.
    /// </summary>
    public IReadOnlyList<LogEntry> ReadLog(ulong from, int count) =>
        [.. _index.Read(from, count, _log.Durable).Select(LogEntry.TryDecode).OfType<LogEntry>()];

    /// <summary>
    /// Completes when an entry is on the disk; fails with a <see cref="StorageException"/> when it never will be.
    /// </summary>
    public Task WhenDurable(ulong entry) => _log.WhenDurable(entry);

    /// <summary>Locks the vault in another way from now on; the keys are not sealed anew.</summary>
    /// <remarks>Whoever has an old copy of the file and the old lock still opens that copy.</remarks>
    public void ChangeLock(StorageLock storageLock)
    {
        ArgumentNullException.ThrowIfNull(storageLock);
        var parameters = storageLock.NewParameters();
        var wrapped = _cipher.Wrap(storageLock, _image.Vault, parameters);
        _ = Note($"locked with {storageLock.Kind.Describe()}");
        Seal(image => image with { LockKind = storageLock.Kind, LockParameters = parameters, WrappedKey = wrapped });
    }

    /// <summary>Writes counters and the log's position into the sealed file.</summary>
    public void Seal() => Seal(image => image);

    /// <summary>Seals, closes and clears every key this vault holds.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        try
        {
            _ = Note("closed");
            Seal();
        }
        catch (StorageException error)
        {
            // The log broke or the disk is full; the counters are found again in the log at the next opening.
            _options.OnProblem?.Invoke(error);
        }
        finally
        {
            _log.Dispose();
            _cipher.Dispose();
            _lockFile.Dispose();
        }
    }

    internal VendingKey OpenKey(StoredRecord record)
    {
        using var content = Open(record, KeyHome.Vault);
        using var lease = content.Lease();
        // A vault of an earlier version may hold a key that was loaded without the check of its parity.
        return Hazmat.ImportVendingKeyOfAnyParity(lease.Span);
    }

    internal byte[] TokenObject(StoredRecord record)
    {
        using var content = Open(record, KeyHome.Token);
        using var lease = content.Lease();
        return lease.Span.ToArray();
    }

    internal StoredRecord Stored(int number)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _records.GetValueOrDefault(number)
                ?? throw new InvalidOperationException($"Register {number} is empty.");
        }
    }

    // Nothing here waits for the disk: the caller may hold up everybody else meanwhile.
    internal ulong Apply(VaultImage image, ImmutableSortedDictionary<int, StoredRecord> records, int[] touched)
    {
        _folder.PutNewFileInPlace();
        // The next entries of the log count for the new keys: none of them may be durable before the new file is.
        _log.RunBeforeNextWrite(_folder.Flush);
        lock (_lock)
        {
            (_image, _records) = (image, records);
            _issuesSinceSealing = 0;
            foreach (var number in touched)
            {
                _ = _counters.Remove(number);
                if (records.ContainsKey(number))
                    _counters[number] = default;
            }

            return _log.Append((byte)LogEntryKind.VaultSealed, LogEntry.EncodeGeneration(image.Generation));
        }
    }

    internal void EndWriting(ulong sealedEntry)
    {
        if (sealedEntry == 0)
            return;
        _log.WaitUntilDurable(sealedEntry);
        WriteCheckpoint();
    }

    internal void ReleaseWriting() => _writing.Release();

    private static void RequireText(ReadOnlySpan<char> text)
    {
        if (text.Length * 3 > LogEntry.GreatestText && Encoding.UTF8.GetByteCount(text) > LogEntry.GreatestText)
            throw new ArgumentException($"A text of the log has at most {LogEntry.GreatestText} octets.",
                nameof(text));
    }

    private void Seal(Func<VaultImage, VaultImage> change)
    {
        _writing.Wait();
        try
        {
            // Totals in the file may be newer than its place in the log, never older: entries behind that place hold
            // totals too.
            var image = change(_image) with { Generation = _image.Generation + 1, Log = _log.Flush() };
            _folder.WriteNewFile(WithCounters(image, _records, []), _cipher);
            EndWriting(Apply(image, _records, []));
        }
        finally
        {
            _ = _writing.Release();
        }
    }

    private void SealInBackground()
    {
        try
        {
            Seal();
        }
        catch (Exception error) when (error is StorageException or ObjectDisposedException)
        {
            // The log goes on; the next sealing is tried after as many token issues again.
            lock (_lock)
                _issuesSinceSealing = 0;
            _options.OnProblem?.Invoke(error);
        }
    }

    private void WriteCheckpoint()
    {
        if (_options.Witness is not { } checkpoint)
            return;
        try
        {
            VaultCheckpoint.Write(checkpoint, _image, _cipher);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What was changed is in the vault: an older checkpoint accepts it, and the next sealing writes it again.
            _ = Note($"checkpoint file not written: {error.GetType().Name}");
            _options.OnProblem?.Invoke(new StorageException(StorageFault.Storage,
                $"The checkpoint file {checkpoint} was not written: {error.Message}", error));
        }
    }

    private VaultImage WithCounters(VaultImage image, ImmutableSortedDictionary<int, StoredRecord> records,
        int[] touched)
    {
        lock (_lock)
            return image with
            {
                Records = [.. records.Values.Select(record => record.ToFile(
                touched.Contains(record.Number) ? default : _counters.GetValueOrDefault(record.Number)))]
            };
    }

    private StoredRecord Seal(VaultChange change)
    {
        using var content = change.Content!.Lease();
        return new StoredRecord(change.Number, change.Attributes,
            _cipher.SealRecord(_image.Vault, change.Number, change.Attributes, content.Span),
            (KeyHome)content.Span[0]);
    }

    private SecretBytes Open(StoredRecord record, KeyHome home)
    {
        if (record.Home != home)
            throw new InvalidOperationException(
                $"The key of register {record.Number} is "
                    + $"{(record.Home == KeyHome.Vault ? "in the vault" : "on a token")}.");
        using var buffer = new SecretBytes(VaultFolder.GreatestContent);
        using var lease = buffer.LeaseForWriting();
        return _cipher.TryOpenRecord(_image.Vault, record.Number, record.Attributes, record.Sealed.Span, lease.Span,
            out var length) && length > 1
            ? new SecretBytes(lease.Span[1..length])
            : throw new StorageException(StorageFault.Altered,
                $"The key of register {record.Number} is not what was sealed there.");
    }

    private VaultRecord Describe(StoredRecord record) =>
        new()
        {
            Number = record.Number,
            Attributes = record.Attributes,
            Home = record.Home,
            Counters = _counters.GetValueOrDefault(record.Number),
        };
}
