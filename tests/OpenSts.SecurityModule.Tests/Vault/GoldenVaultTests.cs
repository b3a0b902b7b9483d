using System.Text.Json.Nodes;
using OpenSts.Pkcs11;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.SecurityModule.Tests.Vault;

/// <summary>Vaults of version 1 open with the present code: see Golden/README.md.</summary>
public sealed class GoldenVaultTests : IDisposable
{
    private const string KeyCheckValue = "0F353D";
    private const string GoldenToken = "golden";
    private readonly string _root = Directory.CreateTempSubdirectory("ostsgolden").FullName;

    public GoldenVaultTests() => Copy(TestFiles.Path("tests", "OpenSts.SecurityModule.Tests", "Golden", "v1"), _root);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    public static TheoryData<StorageLockKind, string> Locks() => new()
    {
        { StorageLockKind.Passphrase, "by-passphrase" },
        { StorageLockKind.KeyFile, "by-key-file" },
        { StorageLockKind.Custodians, "by-shares" },
    };

    [Theory]
    [MemberData(nameof(Locks))]
    public void Open_VaultOfVersion1_KeysAndCountersAreThere(StorageLockKind kind, string folder)
    {
        using var storageLock = LockOf(kind);
        Assert.Equal(kind, storageLock.Kind);
        using var vault = KeyVault.Open(Path.Combine(_root, folder), storageLock);
        RequireKeysAndCounters(vault, 1, 999);
    }

    [Fact]
    public void Open_VaultOfVersion1LockedByAToken_KeysOfVaultAndTokenAreThere()
    {
        AddGoldenToken();
        using var token = Pkcs11Token.Open(SoftHsm.Library, GoldenToken, "493817");
        using var storageLock = token.StorageLock("opensts-storage");
        using var vault = KeyVault.Open(Path.Combine(_root, "by-token"), storageLock);
        RequireKeysAndCounters(vault, 1, 2, 999);
        using var handle = vault.OpenHandle(2, token);
        Assert.Equal(KeyCheckValue, handle.CheckValue());
    }

    [Fact]
    public void Open_VaultOfVersion1WithItsCheckpointFile_GoesOn()
    {
        var options = new VaultOptions { Witness = Path.Combine(_root, "witness") };
        using var storageLock = LockOf(StorageLockKind.KeyFile);
        using (var vault = KeyVault.Open(Path.Combine(_root, "by-key-file"), storageLock, options))
            vault.Seal();
        // The older copy is refused now: the checkpoint file went on with the vault.
        Copy(TestFiles.Path("tests", "OpenSts.SecurityModule.Tests", "Golden", "v1", "by-key-file"),
            Path.Combine(_root, "by-key-file"));
        Assert.Equal(StorageFault.RolledBack, Assert.Throws<StorageException>(
            () => KeyVault.Open(Path.Combine(_root, "by-key-file"), storageLock, options)).Fault);
    }

    [Fact]
    public void VerifyLog_LogOfVersion1_SameEntriesAsItPrinted()
    {
        using var storageLock = LockOf(StorageLockKind.KeyFile);
        var lines = new List<string>();
        var report =
            KeyVault.VerifyLog(Path.Combine(_root, "by-key-file"), storageLock, entry => lines.Add(entry.ToString()));
        Assert.Equal(LogVerdict.Good, report.Verdict);
        // The last line that version 1 printed is the verdict.
        Assert.Equal(File.ReadAllLines(Path.Combine(_root, "log.txt"))[..^1], lines);
    }

    [Fact]
    public void Records_OfVersion1_AreWhatItPrinted()
    {
        using var storageLock = LockOf(StorageLockKind.KeyFile);
        using var vault = KeyVault.Open(Path.Combine(_root, "by-key-file"), storageLock);
        var printed = File.ReadAllLines(Path.Combine(_root, "registers.json")).Select(line => JsonNode.Parse(line)!)
            .ToArray();
        Assert.Equal(
            printed.Select(record => ((int)record["register"]!, (string)record["attributes"]!, (long)record["tokens"]!,
                (long)record["units"]!, (long)record["currency"]!)),
            vault.Records.Select(record => (record.Number, record.Attributes, record.Counters.Tokens,
                record.Counters.Units, record.Counters.Currency)));
    }

    [Fact]
    public void Open_VaultOfVersion1_GoesOnWithItsCounters()
    {
        using var storageLock = LockOf(StorageLockKind.Passphrase);
        var folder = Path.Combine(_root, "by-passphrase");
        using (var vault = KeyVault.Open(folder, storageLock))
            _ = vault.RecordIssue(1, vault.Counters(1) with { Tokens = 5 }, "VC");
        using var again = KeyVault.Open(folder, storageLock);
        Assert.Equal(5, again.Counters(1).Tokens);
    }

    private static void RequireKeysAndCounters(KeyVault vault, params int[] registers)
    {
        Assert.Equal(0, vault.Dropped);
        Assert.Equal(registers, vault.Records.Select(record => record.Number));
        Assert.Equal(new VaultCounters { Tokens = 4, Units = 256, Currency = 2 }, vault.Counters(1));
        foreach (var number in registers.Where(number => number != 2))
        {
            using var handle = vault.OpenHandle(number);
            Assert.Equal(KeyCheckValue, handle.CheckValue());
        }
    }

    private StorageLock LockOf(StorageLockKind kind)
    {
        if (kind == StorageLockKind.Passphrase)
            return StorageLock.FromPassphrase(File.ReadAllText(Path.Combine(_root, "passphrase")).TrimEnd());
        if (kind == StorageLockKind.KeyFile)
            return StorageLock.FromKeyFile(Path.Combine(_root, "key"));
        var shares = new[] { 2, 3 }.Select(number =>
        {
            Assert.True(CustodianShare.TryParse(File.ReadAllText(Path.Combine(_root, "shares", $"share-{number}")),
                out var share, out _));
            return share;
        }).ToArray();
        try
        {
            return StorageLock.FromShares(shares);
        }
        finally
        {
            Array.ForEach(shares, share => share.Dispose());
        }
    }

    // SoftHSM reads its folder of tokens when the library is initialized.
    private void AddGoldenToken()
    {
        _ = SoftHsm.NewToken();
        var folder = File.ReadLines(SoftHsm.Configuration!).Select(line => line.Split(" = "))
            .Single(parts => parts[0] == "directories.tokendir")[1];
        Copy(Path.Combine(_root, "tokens"), folder);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            _ = Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
            // The repository does not keep the mode, and a vault refuses files that others can read.
            File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
