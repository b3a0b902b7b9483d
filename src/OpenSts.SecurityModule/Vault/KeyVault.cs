using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using OpenSts.Keys;
using OpenSts.SecureStorage;

namespace OpenSts.SecurityModule.Vault;

/// <summary>How a vault is opened.</summary>
public sealed record VaultOptions
{
    /// <summary>The clock of the log.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>A file on another volume that remembers how far the vault was; null for none.</summary>
    public string? Witness { get; init; }

    /// <summary>After so many sales the counters go into the sealed file, so that opening reads at most so many entries.</summary>
    public int SalesBetweenSealings { get; init; } = 100_000;
}

/// <summary>A folder with a security module's vending keys, sealed, and its log: the only place where they are at rest.</summary>
/// <remarks>
/// <c>vault</c> holds the keys, each sealed with its attributes and its register, and the counters at the last sealing; <c>log</c>
/// goes on from there. Counters are durable when <see cref="WhenDurable"/> of their entry completes. One process at a time.
/// See docs/operate-keys/vault.md for what each part protects against, and what none does.
/// </remarks>
public sealed class KeyVault : IDisposable
{
    private const string VaultName = "vault", LogName = "log", LockName = "lock";
    private const int GreatestKey = 256;

    /// <summary>The greatest number of a key register; above it the vault keeps the module's own keys.</summary>
    public const int GreatestRegister = 59_999;
    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly VaultOptions _options;
    private readonly FileStream _lockFile;
    private readonly VaultCipher _cipher;
    private readonly VaultLog _log;
    private readonly Dictionary<int, VaultCounters> _counters = [];
    private readonly LogPager _pager;
    private VaultImage _image;
    private int _salesSinceSealing;
    private bool _disposed;

    private KeyVault(string folder, VaultOptions options, FileStream lockFile, VaultCipher cipher, VaultImage image, SafeFileHandle log, LogReport report)
    {
        (_folder, _options, _lockFile, _cipher, _image) = (folder, options, lockFile, cipher, image);
        _log = new VaultLog(log, report.End, cipher, options.Time);
        _pager = new LogPager(Path.Combine(folder, LogName));
        _pager.Mark(image.Log);
        _pager.Mark(report.End);
        Dropped = report.Unsealed;
    }

    /// <summary>The vault's name, random at its birth.</summary>
    public Guid Vault => _image.Vault;

    /// <summary>How often it was sealed.</summary>
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
            lock (_gate)
                return [.. _image.Records.Where(record => record.Number <= GreatestRegister).Select(record => Describe(record))];
        }
    }

    /// <summary>Makes an empty vault. The folder may exist, the vault may not.</summary>
    public static void Create(string folder, StorageLock storageLock, VaultOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(storageLock);
        options ??= new VaultOptions();
        if (File.Exists(Path.Combine(folder, VaultName)) || File.Exists(Path.Combine(folder, LogName)))
            throw new StorageException(StorageFault.Exists, $"There is a vault in {folder} already.");
        PrivateFile.CreateFolder(folder);
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
            Log = Beginning(head),
            Records = [],
        };
        PrivateFile.Replace(Path.Combine(folder, LogName), head);
        WriteImage(folder, image, cipher);
        if (options.Witness is { } witness)
            VaultWitness.Write(witness, image, cipher);
    }

    /// <summary>Opens a vault and finds its counters; everything is checked before anything is used.</summary>
    /// <exception cref="StorageException">The first rule that broke.</exception>
    public static KeyVault Open(string folder, StorageLock storageLock, VaultOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(storageLock);
        options ??= new VaultOptions();
        var lockFile = TakeLock(folder);
        VaultCipher? cipher = null;
        SafeFileHandle? log = null;
        try
        {
            (cipher, var image) = ReadImage(folder, storageLock);
            var counters = image.Records.ToDictionary(record => record.Number, record => record.Counters);
            var newest = 0ul;
            var report = ReadLog(folder, image, cipher, entry =>
            {
                if (entry.Kind == LogEntryKind.Sale && counters.ContainsKey(entry.Register))
                    counters[entry.Register] = entry.Counters;
                newest = Math.Max(newest, entry.Generation);
            });
            if (report.Verdict != LogVerdict.Good)
                throw new StorageException(StorageFault.LogAltered, $"The log of {folder} was tampered with: {report}.");
            if (newest > image.Generation)
                throw new StorageException(StorageFault.RolledBack, $"The log knows generation {newest} of the vault; the file is generation {image.Generation}.");
            if (options.Witness is { } witness)
                VaultWitness.Require(witness, image, report.End.Sequence, cipher);
            log = File.OpenHandle(Path.Combine(folder, LogName), FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
            var vault = new KeyVault(folder, options, lockFile, cipher, image, log, report);
            foreach (var (number, value) in counters)
                vault._counters[number] = value;
            // A crash between the file and this entry is mended here; a file older than its entry was refused above.
            if (newest < image.Generation)
                _ = vault._log.Append(LogEntryKind.VaultSealed, 0, default, image.Generation, "");
            vault.Note(report.Unsealed == 0 ? "opened" : $"opened; {report.Unsealed} octets behind the last seal dropped");
            return vault;
        }
        catch
        {
            log?.Dispose();
            cipher?.Dispose();
            lockFile.Dispose();
            throw;
        }
    }

    /// <summary>Reads the whole log of a vault without opening the vault for use.</summary>
    /// <param name="folder">The vault's folder.</param>
    /// <param name="storageLock">Checks the seals too; null checks the chain only, which anybody can do and a forger can satisfy.</param>
    /// <param name="take">Gets every entry that is in order.</param>
    public static LogReport VerifyLog(string folder, StorageLock? storageLock, Action<LogEntry>? take = null)
    {
        var path = Path.Combine(folder, LogName);
        PrivateFile.Require(path);
        using var log = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        var head = new byte[LogChain.HeadLength];
        if (log.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) != head.Length || !head.AsSpan(0, 8).SequenceEqual("OSTSLOG1"u8))
            return new LogReport { Verdict = LogVerdict.NotThisLog, Sequence = 0 };
        if (storageLock is null)
            return LogReader.Read(log, Beginning(head), null, take ?? (_ => { }));
        var (cipher, image) = ReadImage(folder, storageLock);
        using (cipher)
        {
            if (!head.AsSpan().SequenceEqual(LogChain.HeadOf(image.Vault)))
                return new LogReport { Verdict = LogVerdict.NotThisLog, Sequence = 0 };
            var report = LogReader.Read(log, Beginning(head), cipher, take ?? (_ => { }));
            // What the vault saw last must be in the log, at its place.
            return report.Verdict == LogVerdict.Good && report.End.Sequence < image.Log.Sequence
                ? report with { Verdict = LogVerdict.Removed, Sequence = report.End.Sequence + 1 }
                : report;
        }
    }

    /// <summary>Puts a key into a register, with its counters at nothing; what was there is gone.</summary>
    /// <param name="number">1 to <see cref="GreatestRegister"/>.</param>
    /// <param name="attributes">Bound to the key: at most 1,000 octets of UTF-8.</param>
    /// <param name="home">Where the key is.</param>
    /// <param name="key">The key's octets, or the name of the token's object. The caller clears its own copy.</param>
    /// <param name="note">For the log: by whom and why.</param>
    public void Put(int number, string attributes, KeyHome home, ReadOnlySpan<byte> key, string note)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, GreatestRegister);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, GreatestKey - 1, nameof(key));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(attributes), 1000, nameof(attributes));
        using var content = new LockedBytes(key.Length + 1);
        content.Span[0] = (byte)home;
        key.CopyTo(content.Span[1..]);
        Commit([VaultChange.Set(number, attributes, content)], $"register {number} set: {note}");
    }

    /// <summary>Makes several changes in one step: after a crash all of them are there, or none.</summary>
    /// <param name="changes">At most one for each number; the caller disposes what they hold.</param>
    /// <param name="note">One entry of the log for all of them.</param>
    internal void Commit(IReadOnlyList<VaultChange> changes, string note)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var fresh = changes.Where(change => change.Content is not null).Select(change => new SealedRecord
            {
                Number = change.Number,
                Attributes = change.Attributes,
                Sealed = _cipher.SealRecord(_image.Vault, change.Number, change.Attributes, change.Content!.Span),
                Counters = default,
            }).ToList();
            var touched = changes.Select(change => change.Number).ToHashSet();
            _ = _log.Append(LogEntryKind.Event, 0, default, 0, note);
            foreach (var number in touched)
                _ = _counters.Remove(number);
            foreach (var record in fresh)
                _counters[record.Number] = default;
            SealWith([.. _image.Records.Where(other => !touched.Contains(other.Number)).Concat(fresh).OrderBy(other => other.Number)]);
        }
    }

    /// <summary>A secret that the module keeps for itself, with its text; the caller disposes it. Null where there is none.</summary>
    internal (string Attributes, LockedBytes Secret)? OpenOwn(int number)
    {
        string attributes;
        lock (_gate)
        {
            if (_image.Records.FirstOrDefault(record => record.Number == number) is not { } record)
                return null;
            attributes = record.Attributes;
        }

        using var content = OpenRecord(number, KeyHome.Vault);
        return (attributes, new LockedBytes(content.Span[1..]));
    }

    /// <summary>Takes a key away for good. False where the register is empty.</summary>
    public bool Remove(int number, string note)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, GreatestRegister);
        lock (_gate)
        {
            if (!_counters.Remove(number))
                return false;
            _ = _log.Append(LogEntryKind.Event, 0, default, 0, $"register {number} removed: {note}");
            SealWith([.. _image.Records.Where(other => other.Number != number)]);
            return true;
        }
    }

    /// <summary>The key of a register for use in this process; the caller disposes it.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it is on a token.</exception>
    public VendingKey OpenKey(int number)
    {
        using var content = OpenRecord(number, KeyHome.Vault);
        return Hazmat.ImportVendingKey(content.Span[1..]);
    }

    /// <summary>The name of a register's object on its token.</summary>
    /// <exception cref="InvalidOperationException">There is none, or the key is in the vault.</exception>
    public byte[] TokenObject(int number)
    {
        using var content = OpenRecord(number, KeyHome.Token);
        return content.Span[1..].ToArray();
    }

    /// <summary>What a register has sold, durable or on its way.</summary>
    public VaultCounters Counters(int number)
    {
        lock (_gate)
            return _counters.GetValueOrDefault(number);
    }

    /// <summary>Notes a sale: the register's totals after it. Nothing may be answered before <see cref="WhenDurable"/> completes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A total would go back, or the register is empty.</exception>
    public ulong RecordSale(int number, in VaultCounters after, ReadOnlySpan<char> text)
    {
        lock (_gate)
        {
            if (!_counters.TryGetValue(number, out var before) || after.Units < before.Units || after.Currency < before.Currency || after.Tokens < before.Tokens)
                throw new ArgumentOutOfRangeException(nameof(after), after, $"Register {number} holds {before}; totals do not go back.");
            var sequence = _log.Append(LogEntryKind.Sale, number, after, 0, text);
            _counters[number] = after;
            if (++_salesSinceSealing >= _options.SalesBetweenSealings)
                SealWith(_image.Records);
            return sequence;
        }
    }

    /// <summary>Notes an event; returns its number.</summary>
    public ulong Note(ReadOnlySpan<char> text) => _log.Append(LogEntryKind.Event, 0, default, 0, text);

    /// <summary>Entries of the log from a number on (1 for the first), as far as they are durable; none where there is no such entry.</summary>
    public IReadOnlyList<LogEntry> ReadLog(ulong from, int count) => _pager.Read(from, count, _log.Durable);

    /// <summary>Completes when an entry is on the disk; fails with a <see cref="StorageException"/> when it never will be.</summary>
    public Task WhenDurable(ulong entry) => _log.WhenDurable(entry);

    /// <summary>Locks the vault in another way from now on; the keys are not sealed anew.</summary>
    /// <remarks>Whoever has an old copy of the file and the old lock still opens that copy.</remarks>
    public void ChangeLock(StorageLock storageLock)
    {
        ArgumentNullException.ThrowIfNull(storageLock);
        lock (_gate)
        {
            var parameters = storageLock.NewParameters();
            _image = _image with { LockKind = storageLock.Kind, LockParameters = parameters, WrappedKey = _cipher.Wrap(storageLock, _image.Vault, parameters) };
            _ = Note($"locked with {storageLock.Kind}");
            SealWith(_image.Records);
        }
    }

    /// <summary>Writes counters and the log's position into the sealed file.</summary>
    public void Seal()
    {
        lock (_gate)
            SealWith(_image.Records);
    }

    /// <summary>Seals, closes and clears every key this vault holds.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            try
            {
                _ = Note("closed");
                SealWith(_image.Records);
            }
            catch (StorageException)
            {
                // The log broke; its end is found again at the next opening.
            }
            finally
            {
                _log.Dispose();
                _cipher.Dispose();
                _lockFile.Dispose();
            }
        }
    }

    private static LogPosition Beginning(ReadOnlySpan<byte> head) =>
        new() { Sequence = 0, Length = head.Length, Chain = Convert.ToHexString(SHA256.HashData(head)) };

    private static FileStream TakeLock(string folder)
    {
        if (!File.Exists(Path.Combine(folder, VaultName)))
            throw new StorageException(StorageFault.Missing, $"There is no vault in {folder}.");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new FileStream(Path.Combine(folder, LockName), options);
        }
        catch (IOException error)
        {
            throw new StorageException(StorageFault.InUse, $"The vault in {folder} is open in another process.", error);
        }
    }

    private static (VaultCipher Cipher, VaultImage Image) ReadImage(string folder, StorageLock storageLock)
    {
        var path = Path.Combine(folder, VaultName);
        PrivateFile.Require(path);
        if (new FileInfo(path).Length > VaultImage.GreatestLength)
            throw new StorageException(StorageFault.Format, $"{path} is larger than any vault.");
        var file = File.ReadAllBytes(path);
        var image = VaultImage.TryDecode(file) ?? throw new StorageException(StorageFault.Format, $"{path} is not a vault of this edition, or was cut.");
        if (image.LockKind != storageLock.Kind)
            throw new StorageException(StorageFault.LockKind, $"{path} is locked with {image.LockKind}, not with {storageLock.Kind}.");
        var cipher = VaultCipher.TryUnlock(image, storageLock)
            ?? throw new StorageException(StorageFault.StorageKey, $"What was given does not open {path}, or its head was altered.");
        try
        {
            if (!CryptographicOperations.FixedTimeEquals(cipher.MacOfFile(file.AsSpan(..^VaultImage.MacLength)), file.AsSpan(^VaultImage.MacLength..)))
                throw new StorageException(StorageFault.Altered, $"{path} is not what was sealed.");
            using var key = new LockedBytes(GreatestKey);
            foreach (var record in image.Records)
            {
                if (!cipher.TryOpenRecord(image.Vault, record, key.Span, out _))
                    throw new StorageException(StorageFault.Altered, $"The key of register {record.Number} is not what was sealed there.");
            }

            return (cipher, image);
        }
        catch
        {
            cipher.Dispose();
            throw;
        }
    }

    private static LogReport ReadLog(string folder, VaultImage image, VaultCipher cipher, Action<LogEntry> take)
    {
        var path = Path.Combine(folder, LogName);
        PrivateFile.Require(path);
        using var log = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        var head = new byte[LogChain.HeadLength];
        if (log.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) != head.Length || !head.AsSpan().SequenceEqual(LogChain.HeadOf(image.Vault)))
            throw new StorageException(StorageFault.LogAltered, $"{path} is not the log of this vault.");
        if (log.Length < image.Log.Length)
            throw new StorageException(StorageFault.RolledBack, $"The vault was sealed when {path} had {image.Log.Length} octets; it has {log.Length}.");
        log.Position = image.Log.Length;
        return LogReader.Read(log, image.Log, cipher, take);
    }

    private static void WriteImage(string folder, VaultImage image, VaultCipher cipher)
    {
        var content = image.Encode();
        PrivateFile.Replace(Path.Combine(folder, VaultName), [.. content, .. cipher.MacOfFile(content)]);
    }

    private LockedBytes OpenRecord(int number, KeyHome home)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var record = _image.Records.FirstOrDefault(record => record.Number == number) ?? throw new InvalidOperationException($"Register {number} is empty.");
            using var buffer = new LockedBytes(GreatestKey);
            if (!_cipher.TryOpenRecord(_image.Vault, record, buffer.Span, out var length) || length < 1)
                throw new StorageException(StorageFault.Altered, $"The key of register {number} is not what was sealed there.");
            return buffer.Span[0] == (byte)home
                ? new LockedBytes(buffer.Span[..length])
                : throw new InvalidOperationException($"The key of register {number} is not kept in the {home}.");
        }
    }

    private VaultRecord Describe(SealedRecord record)
    {
        using var buffer = new LockedBytes(GreatestKey);
        var home = _cipher.TryOpenRecord(_image.Vault, record, buffer.Span, out _) ? (KeyHome)buffer.Span[0] : KeyHome.Vault;
        return new VaultRecord { Number = record.Number, Attributes = record.Attributes, Home = home, Counters = _counters.GetValueOrDefault(record.Number) };
    }

    // The counters written are those of now: never behind the log's position that is written with them.
    private void SealWith(IReadOnlyList<SealedRecord> records)
    {
        var image = _image with
        {
            Generation = _image.Generation + 1,
            Log = _log.Flush(),
            Records = [.. records.Select(record => record with { Counters = _counters.GetValueOrDefault(record.Number) })],
        };
        try
        {
            WriteImage(_folder, image, _cipher);
            _image = image;
            _salesSinceSealing = 0;
            _log.WhenDurable(_log.Append(LogEntryKind.VaultSealed, 0, default, image.Generation, "")).GetAwaiter().GetResult();
            if (_options.Witness is { } witness)
                VaultWitness.Write(witness, image, _cipher);
        }
        catch (IOException error)
        {
            throw new StorageException(StorageFault.Storage, "The sealed file could not be written.", error);
        }
    }
}
