using System.Security.Cryptography;
using OpenSts.Secrets;
using OpenSts.SecureStorage;

namespace OpenSts.SecurityModule.Vault;

/// <summary>
/// The files of a vault: <c>vault</c> (sealed), <c>log</c>, <c>lock</c>. Reads and writes them; holds nothing.
/// </summary>
internal sealed class VaultFolder(string path)
{
    /// <summary>Octets that a sealed key has at most, its home included.</summary>
    public const int GreatestContent = 256;
    private const string NewSuffix = ".new";

    public string Path { get; } = path;

    public string SealedFile { get; } = System.IO.Path.Combine(path, "vault");

    public string LogFile { get; } = System.IO.Path.Combine(path, "log");

    private string LockFile { get; } = System.IO.Path.Combine(path, "lock");

    /// <summary>Runs work on the files; what the system refuses becomes a <see cref="StorageException"/>.</summary>
    public static T Guarded<T>(StorageFault fault, string what, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(error is UnauthorizedAccessException && fault != StorageFault.Storage
                ? StorageFault.Permissions : fault, $"{what}: {error.Message}", error);
        }
    }

    /// <summary>Takes the vault for this process.</summary>
    public FileStream TakeLock()
    {
        if (!File.Exists(SealedFile))
            throw new StorageException(StorageFault.Missing, $"There is no vault in {Path}.");
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new FileStream(LockFile, options);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new StorageException(StorageFault.Permissions,
                $"The vault in {Path} may not be opened by this user: {error.Message}", error);
        }
        catch (IOException error)
        {
            throw new StorageException(StorageFault.InUse, $"The vault in {Path} is open in another process.", error);
        }
    }

    /// <summary>Reads the sealed file, unlocks it and checks everything in it; each key is opened once.</summary>
    public (VaultCipher Cipher, VaultImage Image,
        IReadOnlyList<StoredRecord> Records) ReadSealedFile(StorageLock storageLock)
    {
        PrivateFile.Require(SealedFile);
        if (new FileInfo(SealedFile).Length > VaultImage.GreatestLength)
            throw new StorageException(StorageFault.Format, $"{SealedFile} is larger than any vault.");
        var file = Guarded(StorageFault.Missing, $"{SealedFile} cannot be read", () => File.ReadAllBytes(SealedFile));
        var image = VaultImage.TryDecode(file) ?? throw new StorageException(StorageFault.Format,
            $"{SealedFile} is not a vault of this edition, or was cut.");
        if (image.LockKind != storageLock.Kind)
            throw new StorageException(StorageFault.LockKind,
                $"{SealedFile} is locked with {image.LockKind.Describe()}, not with {storageLock.Kind.Describe()}.");
        var cipher = VaultCipher.TryUnlock(image, storageLock)
            ?? throw new StorageException(StorageFault.StorageKey,
                $"What was given does not open {SealedFile}, or its head was altered.");
        try
        {
            if (!CryptographicOperations.FixedTimeEquals(cipher.MacOfFile(file.AsSpan(..^VaultImage.MacLength)),
                file.AsSpan(^VaultImage.MacLength..)))
                throw new StorageException(StorageFault.Altered, $"{SealedFile} is not what was sealed.");
            using var content = new SecretBytes(GreatestContent);
            using var lease = content.LeaseForWriting();
            var records = new List<StoredRecord>(image.Records.Count);
            foreach (var record in image.Records)
            {
                if (!cipher.TryOpenRecord(image.Vault, record.Number, record.Attributes, record.Sealed.Span,
                    lease.Span, out var length) || length < 1)
                    throw new StorageException(StorageFault.Altered,
                        $"The key of register {record.Number} is not what was sealed there.");
                records.Add(new StoredRecord(record.Number, record.Attributes, record.Sealed, (KeyHome)lease.Span[0]));
            }

            return (cipher, image, records);
        }
        catch
        {
            cipher.Dispose();
            throw;
        }
    }

    /// <summary>Reads the log from where the sealed file was written, and checks it.</summary>
    public LogReport ReadLog(VaultImage image, VaultCipher cipher, Action<LogEntry> take)
    {
        PrivateFile.Require(LogFile);
        using var log = Guarded(StorageFault.Missing, $"{LogFile} cannot be read",
            () => new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16));
        var head = new byte[LogChain.HeadLength];
        if (log.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) != head.Length
            || !head.AsSpan().SequenceEqual(LogChain.HeadOf(image.Vault)))
            throw new StorageException(StorageFault.LogAltered, $"{LogFile} is not the log of this vault.");
        if (log.Length < image.Log.Length)
            throw new StorageException(StorageFault.RolledBack,
                $"The vault was sealed when {LogFile} had {image.Log.Length} octets; it has {log.Length}.");
        log.Position = image.Log.Length;
        return LogReader.Read(log, image.Log, cipher.MacOfLog, IsEntry, record => take(LogEntry.TryDecode(record)!));
    }

    /// <summary>Reads the whole log; see <see cref="KeyVault.VerifyLog"/>.</summary>
    public LogReport VerifyLog(StorageLock? storageLock, Action<LogEntry> take)
    {
        PrivateFile.Require(LogFile);
        using var log = Guarded(StorageFault.Missing, $"{LogFile} cannot be read",
            () => new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16));
        var head = new byte[LogChain.HeadLength];
        if (log.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) != head.Length
            || !head.AsSpan(0, 8).SequenceEqual("OSTSLOG1"u8))
            return new LogReport { Verdict = LogVerdict.NotThisLog, Sequence = 0 };
        void Take(LogRecord record) => take(LogEntry.TryDecode(record)!);
        if (storageLock is null)
            return LogReader.Read(log, LogPosition.Beginning(head), null, IsEntry, Take);
        var (cipher, image, _) = ReadSealedFile(storageLock);
        using (cipher)
        {
            if (!head.AsSpan().SequenceEqual(LogChain.HeadOf(image.Vault)))
                return new LogReport { Verdict = LogVerdict.NotThisLog, Sequence = 0 };
            var report = LogReader.Read(log, LogPosition.Beginning(head), cipher.MacOfLog, IsEntry, Take);
            // What the vault saw last must be in the log, at its place.
            return report.Verdict == LogVerdict.Good && report.End.Sequence < image.Log.Sequence
                ? report with { Verdict = LogVerdict.Removed, Sequence = report.End.Sequence + 1 }
                : report;
        }
    }

    /// <summary>
    /// Writes a sealed file beside the present one, durably: <see cref="PutNewFileInPlace"/> makes it the vault's.
    /// </summary>
    public void WriteNewFile(VaultImage image, VaultCipher cipher) =>
        Guarded(StorageFault.Storage, $"{SealedFile} could not be written", () =>
    {
        var content = image.Encode();
        PrivateFile.WriteDurably(SealedFile + NewSuffix, [.. content, .. cipher.MacOfFile(content)]);
        return true;
    });

    /// <summary>Puts the new file in the place of the present one; durable once the folder is flushed.</summary>
    public void PutNewFileInPlace() => Guarded(StorageFault.Storage, $"{SealedFile} could not be replaced", () =>
    {
        File.Move(SealedFile + NewSuffix, SealedFile, overwrite: true);
        return true;
    });

    /// <summary>Makes the replacement survive a loss of power.</summary>
    public void Flush() => PrivateFile.FlushFolder(Path);

    private static bool IsEntry(LogRecord record) => LogEntry.TryDecode(record) is not null;
}
