using System.Globalization;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.SecurityModule.Tests.Vault;

public sealed class KillTests
{
    [Fact]
    public async Task Kill_AtAnyMoment_CountersNeverBehindWhatWasAnswered()
    {
        // 10,000 with VAULT_KILLS=10000. The seed of each kill is its number.
        var kills = int.Parse(Environment.GetEnvironmentVariable("VAULT_KILLS") ?? "30", CultureInfo.InvariantCulture);
        var root = Directory.CreateTempSubdirectory("ostskill").FullName;
        var (folder, key, witness) =
            (Path.Combine(root, "vault"), Path.Combine(root, "key"), Path.Combine(root, "witness"));
        KeyFile.Create(key);
        using var storageLock = StorageLock.FromKeyFile(key);
        var options = new VaultOptions { Witness = witness };
        KeyVault.Create(folder, storageLock, options);
        using (var vault = KeyVault.Open(folder, storageLock, options))
            vault.Put(1, "SGC123456", KeyHome.Vault, Convert.FromHexString("abababababababab949494949494949401234567"),
                "test");
        long answered = 0, dropped = 0, inOpening = 0;
        for (var seed = 0; seed < kills; seed++)
        {
            var random = new Random(seed);
            using (var process =
                ChildProcess.Start("vend", folder, key, witness, seed.ToString(CultureInfo.InvariantCulture)))
            {
                var before = answered;
                var lines = Read(process.StandardOutput);
                // Half of them in the middle of selling, half counted from the start: opening, first sealing, first
                // group.
                if (seed % 2 == 0)
                    _ = await lines.First.Task.WaitAsync(TimeSpan.FromSeconds(60),
                        TestContext.Current.CancellationToken);
                await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * (seed % 2 == 0 ? 25 : 160)),
                    TestContext.Current.CancellationToken);
                process.Kill();
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
                answered = Math.Max(answered, await lines.Last);
                inOpening += answered == before ? 1 : 0;
                Assert.Equal("", await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            }

            using (var vault = KeyVault.Open(folder, storageLock, options))
            {
                dropped += vault.Dropped > 0 ? 1 : 0;
                Assert.True(vault.Counters(1).Units >= answered,
                    $"kill {seed}: {vault.Counters(1).Units} in the vault, {answered} answered");
            }

            if (seed % (kills <= 100 ? 10 : 500) == 9 || seed == kills - 1)
                Assert.Equal(LogVerdict.Good, KeyVault.VerifyLog(folder, storageLock).Verdict);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kills} kills, {answered} units answered, {dropped} cut groups dropped, {inOpening} before the first "
                + "answer");
        Directory.Delete(root, recursive: true);
    }

    // The last whole line that the process got out before it died, and a signal at the first.
    private static (TaskCompletionSource<long> First, Task<long> Last) Read(StreamReader output)
    {
        var first = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var last = Task.Run(async () =>
        {
            var text = "";
            long value = 0;
            var buffer = new char[4096];
            for (int read; (read = await output.ReadAsync(buffer)) > 0;)
            {
                text += new string(buffer, 0, read);
                var end = text.LastIndexOf('\n');
                if (end < 0)
                    continue;
                value = long.Parse(text[..end].Split('\n')[^1], CultureInfo.InvariantCulture);
                text = text[(end + 1)..];
                _ = first.TrySetResult(value);
            }

            _ = first.TrySetResult(value);
            return value;
        });
        return (first, last);
    }
}
