using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.SecurityModule.Tests.Vault;

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
        var inUse = MemorySearch.Count(process.Id, key, storageKey);
        await process.StandardInput.WriteLineAsync();
        Assert.Equal("cleared", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        var after = MemorySearch.Count(process.Id, key, storageKey);
        await process.StandardInput.WriteLineAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"{vends} sales; in use: {inUse}; after dispose: {after}");

        // In use the key is in memory, in one place: docs/audit/threats.md says who can read it there.
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
}
