using System.Text;
using OpenSts.KeyManagement;
using OpenSts.KeyManagement.Store;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.SystemTests.KeyManagement;

/// <summary>What the centre's database protects against whoever can write to it.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class CentreStoreTests : IDisposable
{
    private readonly KeyWorld _world = new();
    private readonly string _key;

    public CentreStoreTests()
    {
        using var centre = _world.NewCentre("NORTH1");
        _key = _world.NewKey(centre, "111111");
        _ = _world.Do(centre, new ChangeGroup("111111", "Second name", "Utility"));
    }

    private string Database => Path.Combine(_world.Folder, "NORTH1", "centre.db");

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Open_AnyRecordAltered_IsRefusedByName()
    {
        Change("UPDATE record SET body = replace(body, 'Second name', 'Other names') WHERE kind = 'group'");
        var error = Assert.Throws<CentreException>(() => _world.OpenCentre("NORTH1"));
        Assert.Equal(CentreTrouble.Altered, error.Trouble);
        Assert.Contains("group 111111", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_RecordsExchanged_IsRefused()
    {
        Change("UPDATE record SET id = '000000' WHERE kind = 'group'");
        Assert.Equal(CentreTrouble.Altered, Assert.Throws<CentreException>(() => _world.OpenCentre("NORTH1")).Trouble);
    }

    [Theory]
    [InlineData("an entry altered", "UPDATE audit SET text = 'nothing happened' WHERE sequence = 3", "entry 3")]
    [InlineData("an entry removed", "DELETE FROM audit WHERE sequence = 3", "entry 3")]
    [InlineData("a record removed", "DELETE FROM record WHERE kind = 'group'", "group/111111")]
    public void VerifyLog_Altered_NamesTheFirst(string description, string sql, string expected)
    {
        Assert.NotEmpty(description);
        Change(sql);
        var report = _world.OpenCentre("NORTH1").VerifyLog();
        Assert.False(report.Good);
        Assert.Contains(expected, report.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void VerifyLog_OlderRecordPutBack_IsFound()
    {
        // Somebody keeps an old row, with its good MAC, and puts it back later.
        Change("CREATE TABLE old AS SELECT * FROM record WHERE kind = 'group'");
        using (var centre = _world.OpenCentre("NORTH1"))
            _ = _world.Do(centre, new ChangeGroup("111111", "Third name", "Utility"));
        Change("INSERT OR REPLACE INTO record SELECT * FROM old");
        Change("DROP TABLE old");
        var report = _world.OpenCentre("NORTH1").VerifyLog();
        Assert.False(report.Good);
        Assert.Contains("group 111111", report.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WholeDatabasePutBack_OnlyTheWitnessTells()
    {
        var options = new CentreOptions { Time = _world.Time, Witness = Path.Combine(_world.Folder, "witness") };
        using var storageLock = StorageLock.FromKeyFile(_world.KeyPath);
        var copy = File.ReadAllBytes(Database);
        using (var centre = KeyCentre.Open(Path.Combine(_world.Folder, "NORTH1"), storageLock, options))
            _ = _world.Do(centre, new RevokeKey(_key, "stolen"));
        File.WriteAllBytes(Database, copy);
        File.Delete(Database + "-wal");
        Assert.Equal(CentreTrouble.RolledBack, Assert.Throws<CentreException>(() => KeyCentre.Open(Path.Combine(_world.Folder, "NORTH1"), storageLock, options)).Trouble);
    }

    [Fact]
    public void Open_OtherLockOtherModeTwice_IsRefused()
    {
        using var other = StorageLock.FromPassphrase("a passphrase of its own", 100_000);
        Assert.Equal(CentreTrouble.MasterKey, Assert.Throws<CentreException>(() => KeyCentre.Open(Path.Combine(_world.Folder, "NORTH1"), other)).Trouble);
        KeyFile.Create(Path.Combine(_world.Folder, "other-key"));
        using var wrong = StorageLock.FromKeyFile(Path.Combine(_world.Folder, "other-key"));
        Assert.Equal(CentreTrouble.MasterKey, Assert.Throws<CentreException>(() => KeyCentre.Open(Path.Combine(_world.Folder, "NORTH1"), wrong)).Trouble);
        Assert.Equal(CentreTrouble.Missing, Assert.Throws<CentreException>(() => _world.OpenCentre("NOWHER")).Trouble);
        Assert.Equal(CentreTrouble.Exists, Assert.Throws<CentreException>(() => _world.NewCentre("NORTH1")).Trouble);
        File.SetUnixFileMode(Database, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Equal(VaultFault.Permissions, Assert.Throws<VaultException>(() => _world.OpenCentre("NORTH1")).Fault);
    }

    [Fact]
    public void Locks_SharesAndAnother_OpenTheSameCentre()
    {
        var (shares, set) = StorageLock.NewShares(2, 3);
        using (shares)
        using (var centre = _world.OpenCentre("NORTH1"))
        {
            Assert.Equal(CentreVerdict.SamePerson, centre.AddLock(_world.Alice, _world.Alice, shares).Verdict);
            Assert.Equal(CentreVerdict.KeyRule, centre.RemoveLock(_world.Alice, _world.Bob, StorageLockKind.KeyFile).Verdict);
            _ = KeyWorld.Value(centre.AddLock(_world.Alice, _world.Bob, shares));
        }

        using var again = StorageLock.FromShares([set[2], set[0]]);
        using (var centre = KeyCentre.Open(Path.Combine(_world.Folder, "NORTH1"), again))
            Assert.Single(centre.Keys);
        using (var centre = _world.OpenCentre("NORTH1"))
        {
            _ = KeyWorld.Value(centre.RemoveLock(_world.Alice, _world.Bob, StorageLockKind.KeyFile));
            Assert.True(centre.VerifyLog().Good);
        }

        Assert.Equal(CentreTrouble.MasterKey, Assert.Throws<CentreException>(() => _world.OpenCentre("NORTH1")).Trouble);
    }

    [Fact]
    public void Database_HoldsNoKeyInClear()
    {
        using var centre = _world.OpenCentre("NORTH1");
        var module = _world.NewModule(10_000_001);
        module.Register(centre);
        _world.Authorise(centre, module.Id, _key);
        _ = module.Refresh(centre);
        var octets = new byte[20];
        using (var key = module.Vault.OpenKey(1))
            _ = OpenSts.Keys.Hazmat.Export(key, octets);
        centre.Dispose();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_world.Folder, "NORTH1")))
        {
            var content = File.ReadAllBytes(file);
            Assert.Equal(-1, content.AsSpan().IndexOf(octets));
            Assert.DoesNotContain(Convert.ToHexString(octets), Encoding.Latin1.GetString(content), StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToBase64String(octets), Encoding.Latin1.GetString(content), StringComparison.Ordinal);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    private void Change(string sql)
    {
        using var file = SqliteFile.Open(Database);
        file.Run(sql);
    }
}
