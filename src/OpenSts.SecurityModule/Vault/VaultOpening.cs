using OpenSts.SecureStorage;

namespace OpenSts.SecurityModule.Vault;

/// <summary>What the files of a vault hold, once everything in them was checked.</summary>
internal sealed record VaultOpening
{
    public required VaultCipher Cipher { get; init; }

    public required VaultImage Image { get; init; }

    public required IReadOnlyList<StoredRecord> Records { get; init; }

    public required Dictionary<int, VaultCounters> Counters { get; init; }

    public required LogReport Report { get; init; }

    /// <summary>The newest generation that the log knows; 0 where it knows none behind the file's place.</summary>
    public required ulong NewestGeneration { get; init; }

    /// <exception cref="StorageException">The first rule that broke.</exception>
    public static VaultOpening Read(VaultFolder files, StorageLock storageLock, VaultOptions options)
    {
        var (cipher, image, records) = files.ReadSealedFile(storageLock);
        try
        {
            var inFile = image.Records.ToDictionary(record => record.Number, record => record.Counters);
            var counters = new Dictionary<int, VaultCounters>(inFile);
            var exchanged = new HashSet<int>();
            var newest = 0ul;
            var report = files.ReadLog(image, cipher, entry =>
            {
                switch (entry.Kind)
                {
                    case LogEntryKind.TokenIssue when counters.ContainsKey(entry.Register)
                        && !exchanged.Contains(entry.Register):
                        counters[entry.Register] = entry.Counters;
                        break;
                    // Until the generation of this file took effect, these registers still issued with the keys before
                    // it.
                    case LogEntryKind.RegistersChanging when entry.Generation == image.Generation:
                        exchanged.UnionWith(entry.Registers);
                        foreach (var register in entry.Registers.Where(inFile.ContainsKey))
                            counters[register] = inFile[register];
                        break;
                    case LogEntryKind.VaultSealed:
                        if (entry.Generation == image.Generation)
                            exchanged.Clear();
                        newest = Math.Max(newest, entry.Generation);
                        break;
                }
            });
            if (report.Verdict != LogVerdict.Good)
                throw new StorageException(StorageFault.LogAltered,
                    $"The log of {files.Path} was tampered with: {report}.");
            if (newest > image.Generation)
                throw new StorageException(StorageFault.RolledBack,
                    $"The log knows generation {newest} of the vault; the file is generation {image.Generation}.");
            if (options.Witness is { } checkpoint)
                VaultCheckpoint.Require(checkpoint, image, report.End.Sequence, cipher);
            return new VaultOpening
            {
                Cipher = cipher,
                Image = image,
                Records = records,
                Counters = counters,
                Report = report,
                NewestGeneration = newest,
            };
        }
        catch
        {
            cipher.Dispose();
            throw;
        }
    }
}
