using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.SecurityModule.Tests.Vault;

/// <summary>A vault in a temporary folder with a key file beside it, and one register.</summary>
internal sealed class TestVault : IDisposable
{
    public const string Attributes = "BDT20140101000000Z;KEN255;KRN1;KTY2;SGC201457";
    public const string KeyText = "abababababababab949494949494949401234567";
    private readonly string _root = Directory.CreateTempSubdirectory("ostsvault").FullName;

    public TestVault(bool witness = false)
    {
        KeyFile.Create(KeyPath);
        Options = new VaultOptions { Witness = witness ? Path.Combine(_root, "witness") : null };
        using var storageLock = Lock();
        KeyVault.Create(Folder, storageLock, Options);
        using var vault = KeyVault.Open(Folder, storageLock, Options);
        vault.Put(1, Attributes, KeyHome.Vault, Convert.FromHexString(KeyText), "test key");
    }

    public VaultOptions Options { get; }

    public string Folder => Path.Combine(_root, "vault");

    public string KeyPath => Path.Combine(_root, "key");

    public string Sealed => Path.Combine(Folder, "vault");

    public string Log => Path.Combine(Folder, "log");

    public StorageLock Lock() => StorageLock.FromKeyFile(KeyPath);

    public KeyVault Open()
    {
        using var storageLock = Lock();
        return KeyVault.Open(Folder, storageLock, Options);
    }

    public StorageFault Refusal()
    {
        var error = Assert.Throws<StorageException>(() => Open().Dispose());
        Assert.DoesNotContain("abababab", error.ToString(), StringComparison.OrdinalIgnoreCase);
        return error.Fault;
    }

    public LogReport Verify()
    {
        using var storageLock = Lock();
        return KeyVault.VerifyLog(Folder, storageLock);
    }

    /// <summary>So many sales of one unit each, durable, and the vault closed.</summary>
    public void Sell(int count)
    {
        using var vault = Open();
        for (var i = 0; i < count; i++)
            Sell(vault);
    }

    public static void Sell(KeyVault vault)
    {
        var before = vault.Counters(1);
        vault.WhenDurable(vault.RecordIssue(1, before with { Units = before.Units + 1, Tokens = before.Tokens + 1 },
            "VC")).GetAwaiter().GetResult();
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
