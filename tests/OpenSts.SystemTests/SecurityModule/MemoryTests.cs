using System.Globalization;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.SystemTests.SecurityModule;

/// <summary>Looks for key octets in everything a running module leaves behind: its memory, its files.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class MemoryTests
{
    [Fact]
    public async Task Memory_WhileInUseAndAfter_HoldsTheKeyOnceThenNever()
    {
        // A million sales with VAULT_VENDS=1000000.
        var vends = Environment.GetEnvironmentVariable("VAULT_VENDS") ?? "20000";
        // Not a constant: it would stand in this program's own text.
        var key = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(20));
        var root = Directory.CreateTempSubdirectory("ostsmem").FullName;
        var (folder, keyFile) = (Path.Combine(root, "vault"), Path.Combine(root, "key"));
        KeyFile.Create(keyFile);
        using (var storageLock = StorageLock.FromKeyFile(keyFile))
        {
            KeyVault.Create(folder, storageLock);
            using var vault = KeyVault.Open(folder, storageLock);
            vault.Put(1, "SGC123456", KeyHome.Vault, Convert.FromHexString(key), "test");
        }

        var storageKey = File.ReadAllText(keyFile).Trim();
        using var process = ChildProcess.Start("hold", keyFile, folder, vends);
        Assert.Equal("used", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        var inUse = Memory.Count(process.Id, key, storageKey);
        await process.StandardInput.WriteLineAsync();
        Assert.Equal("cleared", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        var after = Memory.Count(process.Id, key, storageKey);
        await process.StandardInput.WriteLineAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"{vends} sales; in use: {inUse}; after dispose: {after}");

        // In use the key is in memory, in one place: docs/operating/security.md says who can read it there.
        Assert.Equal((1, 0), (inUse.Octets, inUse.Text));
        Assert.Equal((0, 0), (after.Octets, after.Text));
        Assert.Equal((0, 0), (after.SecretOctets, after.SecretText));
        foreach (var path in Directory.GetFiles(folder))
        {
            var content = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(-1, content.AsSpan().IndexOf(Convert.FromHexString(key).AsSpan(0, 8)));
        }

        Directory.Delete(root, recursive: true);
    }

    private readonly record struct Findings(int Octets, int Text, int SecretOctets, int SecretText);

    private static class Memory
    {
        /// <summary>Counts the key and the storage lock's secret in every readable page, as octets and as hexadecimal text (UTF-8 and UTF-16).</summary>
        public static Findings Count(int process, string key, string secret)
        {
            var found = new int[4];
            byte[][][] needles = [[Bytes(key)], Texts(key), [Bytes(secret)], Texts(secret)];
            using var memory = new FileStream($"/proc/{process}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
            foreach (var line in File.ReadAllLines($"/proc/{process}/maps"))
            {
                var parts = line.Split(' ');
                if (parts[1][0] != 'r' || line.EndsWith("[vvar]", StringComparison.Ordinal) || line.EndsWith("[vsyscall]", StringComparison.Ordinal))
                    continue;
                var range = parts[0].Split('-');
                var start = long.Parse(range[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                var end = long.Parse(range[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                var buffer = new byte[1 << 20];
                for (var at = start; at < end;)
                {
                    int read;
                    try
                    {
                        memory.Position = at;
                        read = memory.Read(buffer, 0, (int)Math.Min(buffer.Length, end - at));
                    }
                    catch (IOException)
                    {
                        break;
                    }

                    for (var i = 0; i < needles.Length; i++)
                        found[i] += needles[i].Sum(needle => Occurrences(buffer.AsSpan(0, read), needle));
                    if (read < buffer.Length)
                        break;
                    at += read - 128;
                }
            }

            return new Findings(found[0], found[1], found[2], found[3]);
        }

        private static byte[] Bytes(string hex) => Convert.FromHexString(hex)[..16];

        private static byte[][] Texts(string hex)
        {
            string[] forms = [hex[..32], hex[..32].ToUpperInvariant()];
            return [.. forms.Select(System.Text.Encoding.UTF8.GetBytes), .. forms.Select(System.Text.Encoding.Unicode.GetBytes)];
        }

        private static int Occurrences(ReadOnlySpan<byte> memory, byte[] needle)
        {
            var count = 0;
            for (int at; (at = memory.IndexOf(needle)) >= 0; memory = memory[(at + 1)..])
                count++;
            return count;
        }
    }
}
