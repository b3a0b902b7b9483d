using System.Diagnostics;
using System.Globalization;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.Benchmarks;

/// <summary>
/// What one durable sale costs, alone and in company: <c>vault FOLDER</c> on the disk that is to be measured.
/// </summary>
internal static class VaultCommits
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    public static int Run(string folder)
    {
        var root = Directory.CreateDirectory(Path.Combine(folder, $"vaultbench-{Environment.ProcessId}")).FullName;
        try
        {
            Baseline(Path.Combine(root, "plain"));
            foreach (var callers in (int[])[1, 8, 64, 512])
                Sell(Path.Combine(root, $"with{callers}"), callers);
            Open(Path.Combine(root, "opening"));
            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static void Baseline(string path)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);
        var record = new byte[170];
        var watch = Stopwatch.StartNew();
        long count = 0;
        for (; watch.Elapsed < Duration; count++)
        {
            RandomAccess.Write(file, record, count * record.Length);
            RandomAccess.FlushToDisk(file);
        }

        var (each, rate) = (watch.Elapsed.TotalMicroseconds / count, count / watch.Elapsed.TotalSeconds);
        Say($"plain write of 170 octets and fsync: {each:F0} us, {rate:F0}/s");
    }

    private static void Sell(string root, int callers)
    {
        using var vault = New(root);
        var stop = Stopwatch.StartNew();
        var gate = new Lock();
        var before = vault.Groups;
        long total = 0;
        var waits = new List<double>();
        Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            var mine = new List<double>();
            while (stop.Elapsed < Duration)
            {
                var start = Stopwatch.GetTimestamp();
                ulong entry;
                lock (gate)
                {
                    total++;
                    entry = vault.RecordIssue(1, new VaultCounters { Units = total, Tokens = total },
                        "VC 600727000000000009");
                }

                await vault.WhenDurable(entry);
                mine.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }

            lock (gate)
                waits.AddRange(mine);
        }))).GetAwaiter().GetResult();
        var seconds = stop.Elapsed.TotalSeconds;
        waits.Sort();
        var commits = vault.Groups - before;
        var (median, late) = (waits[waits.Count / 2], waits[(int)(waits.Count * 0.99)]);
        Say($"{callers,4} callers: {total / seconds,9:F0} sales/s in {commits / seconds,6:F0} commits/s,");
        Say($" {total / (double)commits,6:F1} a commit; wait p50 {median:F0} us, p99 {late:F0} us,");
        Say($" max {waits[^1]:F0} us");
    }

    private static void Open(string root)
    {
        using (var vault = New(root))
        {
            var watch = Stopwatch.StartNew();
            const int count = 99_000;
            for (var i = 1; i <= count; i++)
                _ = vault.RecordIssue(1, new VaultCounters { Units = i, Tokens = i }, "VC 600727000000000009");
            Say($"{count} entries without waiting: {watch.Elapsed.TotalMicroseconds / count:F2} us each");
            watch.Restart();
            vault.Seal();
            Say($"sealing: {watch.Elapsed.TotalMilliseconds:F2} ms");
        }

        using var storageLock = StorageLock.FromKeyFile(Path.Combine(root, "key"));
        var verifying = Stopwatch.StartNew();
        var report = KeyVault.VerifyLog(Path.Combine(root, "vault"), storageLock);
        Say($"log verify: {report.Sequence / verifying.Elapsed.TotalSeconds:F0} entries/s");
        var passphrase = Stopwatch.StartNew();
        using (var other = StorageLock.FromPassphrase("twelve characters and more"))
        using (var vault = KeyVault.Open(Path.Combine(root, "vault"), storageLock))
        {
            passphrase.Restart();
            vault.ChangeLock(other);
        }

        Say($"passphrase (PBKDF2-SHA-512, 1,000,000): {passphrase.Elapsed.TotalMilliseconds:F0} ms");
    }

    private static KeyVault New(string root)
    {
        _ = Directory.CreateDirectory(root);
        KeyFile.Create(Path.Combine(root, "key"));
        using var storageLock = StorageLock.FromKeyFile(Path.Combine(root, "key"));
        KeyVault.Create(Path.Combine(root, "vault"), storageLock);
        var vault = KeyVault.Open(Path.Combine(root, "vault"), storageLock);
        vault.Put(1, "SGC123456", KeyHome.Vault, new byte[20], "bench");
        return vault;
    }

    private static void Say(FormattableString text) =>
        Console.Out.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
