using OpenSts.Keys;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.SecurityModule.Tests.Vault;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class KeyVaultTests
{
    [Fact]
    public void Open_AfterSales_FindsKeyAndCounters()
    {
        using var folder = new TestVault();
        folder.Sell(7);
        using var vault = folder.Open();
        var record = Assert.Single(vault.Records);
        Assert.Equal((1, TestVault.Attributes, KeyHome.Vault), (record.Number, record.Attributes, record.Home));
        Assert.Equal(new VaultCounters { Units = 7, Tokens = 7 }, vault.Counters(1));
        using var key = vault.OpenKey(1);
        var bytes = new byte[20];
        Assert.Equal(20, Hazmat.Export(key, bytes));
        Assert.Equal(TestVault.KeyText, Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void Open_EveryBitOfTheSealedFileFlipped_Refused()
    {
        using var folder = new TestVault();
        folder.Sell(3);
        var whole = File.ReadAllBytes(folder.Sealed);
        var faults = new Dictionary<StorageFault, int>();
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var changed = (byte[])whole.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(folder.Sealed, changed);
            var fault = folder.Refusal();
            faults[fault] = faults.GetValueOrDefault(fault) + 1;
        }

        Assert.All(faults.Keys, fault => Assert.True(fault is StorageFault.Format or StorageFault.LockKind
            or StorageFault.StorageKey or StorageFault.Altered, fault.ToString()));
        File.WriteAllBytes(folder.Sealed, whole);
        folder.Open().Dispose();
    }

    [Fact]
    public void Open_CutAtEveryOctet_Refused()
    {
        using var folder = new TestVault();
        var whole = File.ReadAllBytes(folder.Sealed);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(folder.Sealed, whole[..length]);
            Assert.Equal(StorageFault.Format, folder.Refusal());
        }

        File.WriteAllBytes(folder.Sealed, [.. whole, 0]);
        Assert.Equal(StorageFault.Format, folder.Refusal());
    }

    [Fact]
    public void Open_RecordsOfTwoRegistersExchanged_Refused()
    {
        // Whoever knew the file's own key could repair the closing authentication, yet a record stays bound to its
        // place.
        using var cipher = VaultCipher.Create();
        var vault = Guid.NewGuid();
        var box = cipher.SealRecord(vault, 1, "SGC123456", new byte[21]);
        var key = new byte[64];
        Assert.True(cipher.TryOpenRecord(vault, 1, "SGC123456", box, key, out _));
        Assert.False(cipher.TryOpenRecord(vault, 2, "SGC123456", box, key, out _));
        Assert.False(cipher.TryOpenRecord(vault, 1, "SGC123457", box, key, out _));
        Assert.False(cipher.TryOpenRecord(Guid.NewGuid(), 1, "SGC123456", box, key, out _));
    }

    [Fact]
    public void Open_OlderSealedFile_RolledBack()
    {
        using var folder = new TestVault();
        var old = File.ReadAllBytes(folder.Sealed);
        folder.Sell(2);
        File.WriteAllBytes(folder.Sealed, old);
        Assert.Equal(StorageFault.RolledBack, folder.Refusal());
    }

    [Fact]
    public void Open_OlderLog_RolledBack()
    {
        using var folder = new TestVault();
        var old = File.ReadAllBytes(folder.Log);
        folder.Sell(2);
        File.WriteAllBytes(folder.Log, old);
        Assert.Equal(StorageFault.RolledBack, folder.Refusal());
    }

    [Fact]
    public void Open_BothOlderWithWitness_RolledBack()
    {
        using var folder = new TestVault(witness: true);
        var (vault, log) = (File.ReadAllBytes(folder.Sealed), File.ReadAllBytes(folder.Log));
        folder.Sell(2);
        File.WriteAllBytes(folder.Sealed, vault);
        File.WriteAllBytes(folder.Log, log);
        Assert.Equal(StorageFault.RolledBack, folder.Refusal());
    }

    [Fact]
    public void Open_BothOlderWithoutWitness_IsNotNoticed()
    {
        // The limit that docs/operate-keys/vault.md states: nothing in the folder can tell.
        using var folder = new TestVault();
        var (vault, log) = (File.ReadAllBytes(folder.Sealed), File.ReadAllBytes(folder.Log));
        folder.Sell(2);
        File.WriteAllBytes(folder.Sealed, vault);
        File.WriteAllBytes(folder.Log, log);
        using var open = folder.Open();
        Assert.Equal(0, open.Counters(1).Units);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, Label = "the group may read")]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherRead, Label = "others may read")]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite, Label = "others may write")]
    public void Open_FilesOpenToOthers_Permissions(UnixFileMode mode)
    {
        using var folder = new TestVault();
        foreach (var path in (string[])[folder.Sealed, folder.Log, folder.KeyPath])
        {
            File.SetUnixFileMode(path, mode);
            Assert.Equal(StorageFault.Permissions, folder.Refusal());
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        folder.Open().Dispose();
    }

    [Fact]
    public void Open_KeyFileIsALink_Permissions()
    {
        using var folder = new TestVault();
        File.Move(folder.KeyPath, folder.KeyPath + ".real");
        File.CreateSymbolicLink(folder.KeyPath, folder.KeyPath + ".real");
        Assert.Equal(StorageFault.Permissions, folder.Refusal());
    }

    [Fact]
    public void Create_Files_BelongToTheOwnerAlone()
    {
        using var folder = new TestVault();
        foreach (var path in (string[])[folder.Sealed, folder.Log, folder.KeyPath])
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Open_AnotherKeyFile_StorageKey()
    {
        using var folder = new TestVault();
        File.Delete(folder.KeyPath);
        KeyFile.Create(folder.KeyPath);
        Assert.Equal(StorageFault.StorageKey, folder.Refusal());
    }

    [Fact]
    public void Open_Twice_InUse()
    {
        using var folder = new TestVault();
        using var vault = folder.Open();
        Assert.Equal(StorageFault.InUse, folder.Refusal());
    }

    [Fact]
    public void ChangeLock_ToSharesAndPassphrase_OnlyTheNewOneOpens()
    {
        using var folder = new TestVault();
        var (lockOfShares, shares) = StorageLock.NewShares(2, 3);
        using (var vault = folder.Open())
            vault.ChangeLock(lockOfShares);
        Assert.Equal(StorageFault.LockKind, folder.Refusal());
        using (var storageLock = StorageLock.FromShares([shares[2], shares[0]]))
        using (var vault = KeyVault.Open(folder.Folder, storageLock))
        {
            using var passphrase = StorageLock.FromPassphrase("correct horse battery", 100_000);
            vault.ChangeLock(passphrase);
        }

        using var wrong = StorageLock.FromPassphrase("correct horse batterz", 100_000);
        Assert.Equal(StorageFault.StorageKey,
            Assert.Throws<StorageException>(() => KeyVault.Open(folder.Folder, wrong)).Fault);
        using var right = StorageLock.FromPassphrase("correct horse battery", 100_000);
        using var last = KeyVault.Open(folder.Folder, right);
        last.OpenKey(1).Dispose();
    }

    [Fact]
    public void FromShares_OneTooFew_SaysHowMany()
    {
        var (_, shares) = StorageLock.NewShares(3, 5);
        var error = Assert.Throws<StorageException>(() => StorageLock.FromShares(shares[..2]));
        Assert.Contains("2 given, 3 needed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RecordIssue_TotalGoesBack_Throws()
    {
        using var folder = new TestVault();
        using var vault = folder.Open();
        TestVault.Sell(vault);
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => vault.RecordIssue(1, default, "VC"));
        Assert.Equal(1, vault.Counters(1).Units);
    }

    [Fact]
    public void Put_AnotherKey_StartsAtNothingAndTheOldOneIsGone()
    {
        using var folder = new TestVault();
        folder.Sell(2);
        using (var vault = folder.Open())
        {
            vault.Put(1, "SGC999999", KeyHome.Token, "object-1"u8, "moved");
            Assert.Equal("object-1"u8.ToArray(), vault.TokenObject(1));
            _ = Assert.Throws<InvalidOperationException>(() => vault.OpenKey(1));
        }

        using var again = folder.Open();
        Assert.Equal(KeyHome.Token, again.Records[0].Home);
        Assert.Equal(default, again.Counters(1));
        Assert.True(again.Remove(1, "test"));
        Assert.False(again.Remove(1, "test"));
    }

    [Fact]
    public void Files_AfterSales_HoldNoKey()
    {
        using var folder = new TestVault();
        folder.Sell(50);
        var key = Convert.FromHexString(TestVault.KeyText);
        foreach (var path in Directory.GetFiles(folder.Folder))
        {
            var content = File.ReadAllBytes(path);
            Assert.Equal(-1, content.AsSpan().IndexOf(key.AsSpan(0, 8)));
            Assert.Equal(-1, content.AsSpan().IndexOf("abababab"u8));
            Assert.Equal(-1, content.AsSpan().IndexOf("ABABABAB"u8));
        }
    }
}
