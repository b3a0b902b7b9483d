using System.Text;
using Microsoft.Data.Sqlite;
using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Audit;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Reports;
using OpenSts.KeyManagement.Storage;
using OpenSts.Pkcs11;
using OpenSts.SecureStorage;

namespace OpenSts.KeyManagement.Tests;

/// <summary>
/// What every store of a centre must do, and what it protects against whoever can write to its database.
/// </summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public abstract class CentreStoreTests : IDisposable
{
    private readonly KeyWorld _world;
    private readonly string _key;

    protected CentreStoreTests(Func<string, string>? placeOf)
    {
        _world = new KeyWorld(placeOf);
        using var centre = _world.NewCentre("NORTH1");
        _key = _world.NewKey(centre, "111111");
        _ = _world.Do(centre, new ChangeGroup("111111", "Second name", "Utility"));
    }

    private protected KeyWorld World => _world;

    private string Place => _world.PlaceOf("NORTH1");

    public void Dispose()
    {
        _world.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs SQL on the database, past everything that guards it.</summary>
    protected abstract void Change(string sql);

    /// <summary>Everything the database holds, as it lies on the disk or as another user of it sees it.</summary>
    protected abstract IEnumerable<byte[]> Contents();

    [Fact]
    public void Open_AnyRecordAltered_IsRefusedByName()
    {
        Change("UPDATE record SET body = replace(body, 'Second name', 'Other names') WHERE kind = 'group'");
        var error = Assert.Throws<CentreException>(() => _world.OpenCentre("NORTH1"));
        Assert.Equal(CentreFault.Altered, error.Fault);
        Assert.Contains("group 111111", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_RecordsExchanged_IsRefused()
    {
        Change("UPDATE record SET id = '000000' WHERE kind = 'group'");
        Assert.Equal(CentreFault.Altered, Assert.Throws<CentreException>(() => _world.OpenCentre("NORTH1")).Fault);
    }

    [Theory]
    [InlineData("UPDATE audit SET text = 'nothing happened' WHERE sequence = 3", "entry 3")]
    [InlineData("DELETE FROM audit WHERE sequence = 3", "entry 3")]
    public void VerifyLog_Altered_NamesTheFirst(string sql, string expected)
    {
        Change(sql);
        var report = _world.OpenCentre("NORTH1").VerifyLog();
        Assert.False(report.Good);
        Assert.Contains(expected, report.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("group", "group 111111")]
    [InlineData("module", "module 10000001")]
    [InlineData("officer", "officer Carol")]
    public void Open_OlderRecordPutBack_IsRefusedByName(string kind, string expected)
    {
        // Somebody keeps an old row, with its good MAC, and puts it back later: a revoked module, a removed officer.
        string module;
        using (var centre = _world.OpenCentre("NORTH1"))
        using (var carol = OfficerKey.Create("Carol"))
        {
            var made = _world.NewModule(10_000_001);
            (module, var certificate) = (made.Id, made.Loading.Certificate.Line);
            _ = _world.Do(centre, new EnrolOfficer("Carol", carol.PublicKey));
            _ = KeyWorld.Value(centre.Modules.Register(_world.Alice, certificate, "Utility"));
        }

        Change($"CREATE TABLE old AS SELECT * FROM record WHERE kind = '{kind}'");
        using (var centre = _world.OpenCentre("NORTH1"))
        {
            _ = _world.Do(centre, new ChangeGroup("111111", "Third name", "Utility"));
            _ = _world.Do(centre, new RevokeModule(module, "stolen"));
            _ = _world.Do(centre, new RemoveOfficer("Carol", "left"));
        }

        Change($"DELETE FROM record WHERE kind = '{kind}'");
        Change("INSERT INTO record SELECT * FROM old");
        Change("DROP TABLE old");
        var error = Assert.Throws<CentreException>(() => _world.OpenCentre("NORTH1"));
        Assert.Equal(CentreFault.Altered, error.Fault);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_RecordRemoved_IsRefusedByName()
    {
        Change("DELETE FROM record WHERE kind = 'group'");
        var error = Assert.Throws<CentreException>(() => _world.OpenCentre("NORTH1"));
        Assert.Equal(CentreFault.Altered, error.Fault);
        Assert.Contains("group/111111", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_LastEntryWithoutItsSetOfRecords_StillNoticesARecordPutBack()
    {
        // As if version 1 had written the last entry: the chain says that the text was changed.
        Change("UPDATE audit SET changes = '' WHERE sequence = (SELECT max(sequence) FROM audit)");
        Assert.Equal(CentreFault.Altered, Assert.Throws<CentreException>(() => _world.OpenCentre("NORTH1")).Fault);
    }

    [Fact]
    public void Change_CheckpointCannotBeWritten_IsStoredAndTheProblemIsToldApart()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_world.Folder, "other-volume")).FullName;
        var options = new CentreOptions { Time = _world.Time, CheckpointFile = Path.Combine(folder, "checkpoint") };
        using var storageLock = StorageLock.FromKeyFile(_world.KeyPath);
        using (var centre = KeyCentre.Open(Place, storageLock, options))
        {
            _ = _world.Do(centre, new ChangeGroup("111111", "Third name", "Utility"));
            Assert.Null(centre.CheckpointError);
            Directory.Delete(folder, recursive: true);
            _ = _world.Do(centre, new ChangeGroup("111111", "Fourth name", "Utility"));
            Assert.Contains("checkpoint", centre.CheckpointError, StringComparison.Ordinal);
            _ = Directory.CreateDirectory(folder);
            _ = _world.Do(centre, new ChangeGroup("111111", "Fifth name", "Utility"));
            Assert.Null(centre.CheckpointError);
        }

        using var again = KeyCentre.Open(Place, storageLock, options);
        Assert.Equal("Fifth name", again.Groups.Single().Name);
        Assert.True(again.VerifyLog().Good);
    }

    [Fact]
    public void Open_OtherLockTwice_IsRefused()
    {
        using var other = StorageLock.FromPassphrase("a passphrase of its own", 100_000);
        Assert.Equal(CentreFault.MasterKey, Assert.Throws<CentreException>(() => KeyCentre.Open(Place, other)).Fault);
        KeyFile.Create(Path.Combine(_world.Folder, "other-key"));
        using var wrong = StorageLock.FromKeyFile(Path.Combine(_world.Folder, "other-key"));
        Assert.Equal(CentreFault.MasterKey, Assert.Throws<CentreException>(() => KeyCentre.Open(Place, wrong)).Fault);
        Assert.Equal(CentreFault.Missing, Assert.Throws<CentreException>(() => _world.OpenCentre("NOWHER")).Fault);
        Assert.Equal(CentreFault.Exists, Assert.Throws<CentreException>(() => _world.NewCentre("NORTH1")).Fault);
    }

    [Fact]
    public void Open_WhileAnotherHasIt_IsRefusedAndHarmless()
    {
        using var centre = _world.OpenCentre("NORTH1");
        Assert.Equal(CentreFault.InUse, Assert.Throws<CentreException>(() => _world.OpenCentre("NORTH1")).Fault);
        _ = _world.Do(centre, new ChangeGroup("111111", "Third name", "Utility"));
        Assert.True(centre.VerifyLog().Good);
    }

    [Fact]
    public void Locks_SharesAndAnother_OpenTheSameCentre()
    {
        var (shares, set) = StorageLock.NewShares(2, 3);
        using (shares)
        using (var centre = _world.OpenCentre("NORTH1"))
        {
            Assert.Equal(CentreVerdict.SamePerson, centre.AddLock(_world.Alice, _world.Alice, shares).Verdict);
            Assert.Equal(CentreVerdict.KeyRule, centre.RemoveLock(_world.Alice, _world.Bob, StorageLockKind.KeyFile)
                .Verdict);
            _ = KeyWorld.Value(centre.AddLock(_world.Alice, _world.Bob, shares));
        }

        using var again = StorageLock.FromShares([set[2], set[0]]);
        using (var centre = KeyCentre.Open(Place, again))
            Assert.Single(centre.Keys);
        using (var centre = _world.OpenCentre("NORTH1"))
        {
            _ = KeyWorld.Value(centre.RemoveLock(_world.Alice, _world.Bob, StorageLockKind.KeyFile));
            Assert.True(centre.VerifyLog().Good);
        }

        Assert.Equal(CentreFault.MasterKey, Assert.Throws<CentreException>(() => _world.OpenCentre("NORTH1")).Fault);
    }

    [Fact]
    public void Locks_AToken_OpensTheCentreAndNoOtherTokenDoes()
    {
        var label = SoftHsm.NewToken();
        using (var token = Pkcs11Token.Open(SoftHsm.Library, label, SoftHsm.Pin))
        {
            _ = token.Generate("centre");
            using var storageLock = token.StorageLock("centre");
            using var centre = _world.OpenCentre("NORTH1");
            Assert.Equal(StorageLockKind.Token, KeyWorld.Value(centre.AddLock(_world.Alice, _world.Bob, storageLock)));
        }

        using (var token = Pkcs11Token.Open(SoftHsm.Library, label, SoftHsm.Pin))
        using (var storageLock = token.StorageLock("centre"))
        using (var centre = KeyCentre.Open(Place, storageLock))
            Assert.Single(centre.Keys);
        using var other = Pkcs11Token.Open(SoftHsm.Library, SoftHsm.NewToken(), SoftHsm.Pin);
        _ = other.Generate("centre");
        using var wrong = other.StorageLock("centre");
        Assert.Equal(CentreFault.MasterKey, Assert.Throws<CentreException>(() => KeyCentre.Open(Place, wrong)).Fault);
    }

    [Fact]
    public void Sealing_ByAToken_NoKeyIsReachedWithoutItAndFilesAreMadeWithIt()
    {
        // A library sees the tokens that are there when it is first opened.
        var (label, otherLabel) = (SoftHsm.NewToken(), SoftHsm.NewToken());
        using var storageLock = StorageLock.FromKeyFile(_world.KeyPath);
        using var token = Pkcs11Token.Open(SoftHsm.Library, label, SoftHsm.Pin);
        var withToken = new CentreOptions { Time = _world.Time, Token = token };
        var module = _world.NewModule(10_000_001);
        using (var centre = KeyCentre.Open(Place, storageLock, withToken))
        {
            module.Register(centre);
            _world.Authorise(centre, module.Id, _key);
            _world.Authorise(centre, module.Id,
                _world.NewKey(centre, "222222", dkga: DecoderKeyGenerationAlgorithm.Dkga02));
            _ = module.Refresh(centre);
            Assert.Equal(CentreVerdict.SamePerson, centre.Sealing.ByToken(_world.Alice, _world.Alice, token, "seal")
                .Verdict);
            Assert.Equal(4, KeyWorld.Value(centre.Sealing.ByToken(_world.Alice, _world.Bob, token, "seal")));
            Assert.Equal(CentreVerdict.Exists, centre.Sealing.ByToken(_world.Alice, _world.Bob, token, "other")
                .Verdict);
            Assert.All(centre.Keys, key => Assert.StartsWith("token:", key.Wrapped, StringComparison.Ordinal));
            _ = module.Refresh(centre);
        }

        // Without the token one may look, and nothing that needs a key is done.
        using (var centre = KeyCentre.Open(Place, storageLock, new CentreOptions { Time = _world.Time }))
        {
            Assert.Equal(("seal", 2), (centre.Sealing.TokenKey, KeyReport.Of(centre).Count));
            var error = Assert.Throws<CentreException>(() => centre.Files.Make(_world.Alice, module.Request(centre)));
            Assert.Equal(CentreFault.MasterKey, error.Fault);
            Assert.Throws<CentreException>(() => _world.NewKey(centre, "333333"));
            Assert.Throws<CentreException>(() => centre.Sealing.ByMasterKey(_world.Alice, _world.Bob));
            Assert.True(centre.VerifyLog().Good);
            Assert.Equal(2, centre.Keys.Count());
        }

        // Another token with a key of the same name is not the one.
        using (var other = Pkcs11Token.Open(SoftHsm.Library, otherLabel, SoftHsm.Pin))
        {
            Assert.Contains("has no such key",
                Assert.Throws<CentreException>(() => KeyCentre.Open(Place, storageLock,
                new CentreOptions { Token = other })).Message, StringComparison.Ordinal);
            _ = other.GenerateSealingKey("seal");
            Assert.Contains("another than the one",
                Assert.Throws<CentreException>(() => KeyCentre.Open(Place, storageLock,
                new CentreOptions { Token = other })).Message, StringComparison.Ordinal);
        }

        using (var centre = KeyCentre.Open(Place, storageLock, withToken))
        {
            _ = _world.NewKey(centre, "333333");
            _ = module.Refresh(centre);
            Assert.Equal(2, module.Cards.Count());
            Assert.Equal(5, KeyWorld.Value(centre.Sealing.ByMasterKey(_world.Alice, _world.Bob)));
        }

        using var after = _world.OpenCentre("NORTH1");
        Assert.Null(after.Sealing.TokenKey);
        _ = module.Refresh(after);
        Assert.True(after.VerifyLog().Good);
    }

    [Fact]
    public void Open_CentreOfTheEditionBeforeUsers_OwnersBecomeUsersOnce()
    {
        // As that edition wrote it: the owner of a group or a module is a name, and there is no record of it.
        using var storageLock = StorageLock.FromKeyFile(_world.KeyPath);
        var place = _world.PlaceOf("OLD001");
        KeyCentre.Create(place, "OLD001", _world.RootCertificate,
            [("Alice", _world.Alice.PublicKey), ("Bob", _world.Bob.PublicKey)], storageLock,
            new CentreOptions { Time = _world.Time }).Dispose();
        var group = new SupplyGroup
        {
            Code = "111111",
            Name = "One",
            Owner = "Town power",
            Cluster = 0,
            UniversalDefault = false,
            Home = "OLD001",
            Version = 3,
            LastSerial = 0,
            LastRevision = 0,
            Created = _world.Time.Now,
        };
        using (var store = CentreStore.Open(place, storageLock, new CentreOptions { Time = _world.Time }))
        {
            _ = store.Change("Alice", _ => "as it was", changes =>
            {
                changes.Put(RecordKinds.Groups, group);
                changes.Put(RecordKinds.Groups, group with { Code = "222222", Owner = "Country power" });
                changes.Put(RecordKinds.Groups, group with { Code = "333333", Home = "NORTH1" });
                changes.Put(RecordKinds.Modules, new RegisteredModule
                {
                    Id = "10000001",
                    Certificate = "",
                    Kind = ModuleKind.Vending,
                    Owner = "Town power",
                });
                changes.Put(RecordKinds.Modules, new RegisteredModule
                {
                    Id = "90000001",
                    Certificate = "",
                    Kind = ModuleKind.Centre,
                    Owner = "NORTH1",
                });
                return 0;
            });
        }

        for (var opened = 1; opened <= 2; opened++)
        {
            using var centre = KeyCentre.Open(place, storageLock, new CentreOptions { Time = _world.Time });
            // The same name at another home is another user.
            Assert.Equal(["NORTH1 Town power", "OLD001 Country power", "OLD001 Town power"],
                centre.Users.Select(user => $"{user.Home} {user.Name}").Order(StringComparer.Ordinal));
            Assert.Equal(centre.UserOf(centre.Groups.First()), centre.UserOf(centre.Modules.All.First()));
            Assert.Equal(("NORTH1", 3), (centre.UserOf(centre.Groups.Last()).Home, centre.Groups.Last().Version));
            Assert.Null(centre.UserOf(centre.Modules.All.Last()));
            var entries = new List<AuditEntry>();
            var report = centre.VerifyLog(entries.Add);
            Assert.True(report is { Good: true, Entries: 3 }, report.Text);
            Assert.Equal("3 users made of the owners of 3 groups and 1 modules", entries[2].Text);
            // From now on it is a user like any other.
            if (opened == 2)
                _ = _world.Do(centre, new SuspendUser(centre.Users.Last().Id, "did not pay"));
        }
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
        foreach (var content in Contents())
        {
            Assert.Equal(-1, content.AsSpan().IndexOf(octets));
            Assert.DoesNotContain(Convert.ToHexString(octets), Encoding.Latin1.GetString(content),
                StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToBase64String(octets), Encoding.Latin1.GetString(content),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Changes_ManyAtOnce_EachWaitsForItsTurnAndNoneIsLost()
    {
        using var storageLock = StorageLock.FromKeyFile(_world.KeyPath);
        var options = new CentreOptions { Time = _world.Time, OpenTimeout = TimeSpan.FromMinutes(1) };
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() =>
        {
            using var centre = KeyCentre.Open(Place, storageLock, options);
            _ = _world.Do(centre, new CreateGroup((200_000 + i)
                .ToString(System.Globalization.CultureInfo.InvariantCulture), "Group", "Utility"));
        })));
        using var after = _world.OpenCentre("NORTH1");
        Assert.Equal(13, after.Groups.Count());
        Assert.Equal(Enumerable.Range(1, after.Approvals.All.Count()),
            after.Approvals.All.Select(change => change.Number));
        Assert.True(after.VerifyLog().Good);
    }
}

/// <summary>The embedded store.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SqliteCentreTests() : CentreStoreTests(null)
{
    private string Database => Path.Combine(World.Folder, "NORTH1", "centre.db");

    [Fact]
    public void Open_WholeDatabasePutBack_OnlyTheWitnessTells()
    {
        var options = new CentreOptions { Time = World.Time, CheckpointFile = Path.Combine(World.Folder, "witness") };
        using var storageLock = StorageLock.FromKeyFile(World.KeyPath);
        var copy = File.ReadAllBytes(Database);
        using (var centre = KeyCentre.Open(World.PlaceOf("NORTH1"), storageLock, options))
            _ = World.Do(centre, new ChangeGroup("111111", "Third name", "Utility"));
        File.WriteAllBytes(Database, copy);
        File.Delete(Database + "-wal");
        Assert.Equal(CentreFault.RolledBack,
            Assert.Throws<CentreException>(() => KeyCentre.Open(World.PlaceOf("NORTH1"), storageLock, options)).Fault);
    }

    [Fact]
    public void Open_OtherMode_IsRefused()
    {
        File.SetUnixFileMode(Database, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Equal(StorageFault.Permissions, Assert.Throws<StorageException>(() => World.OpenCentre("NORTH1"))
            .Fault);
    }

    [Fact]
    public void Create_LeftInTheMiddle_BeginsAnew()
    {
        // What a ceremony that was cut off leaves: a file of another name, half full.
        _ = Directory.CreateDirectory(Path.Combine(World.Folder, "SOUTH1"));
        File.WriteAllText(Path.Combine(World.Folder, "SOUTH1", "centre.db.new"), "half");
        Assert.False(KeyCentre.IsTaken(World.PlaceOf("SOUTH1")));
        using var centre = World.NewCentre("SOUTH1");
        Assert.True(centre.VerifyLog().Good);
    }

    protected override void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        _ = command.ExecuteNonQuery();
    }

    protected override IEnumerable<byte[]> Contents()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(World.Folder, "NORTH1")))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            yield return File.ReadAllBytes(file);
        }
    }
}

/// <summary>PostgreSQL; skipped where it is not installed.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class PostgresCentreTests(PostgresFixture fixture)
    : CentreStoreTests(PlaceIn(fixture.Server)), IClassFixture<PostgresFixture>
{
    [Fact]
    public void Open_AfterTheDatabaseStoppedInTheMiddle_IsTheOldStateOrTheNew()
    {
        var centre = World.OpenCentre("NORTH1");
        var number =
            KeyWorld.Value(centre.Approvals.Ask(World.Alice, new ChangeGroup("111111", "Third name", "Utility")));
        fixture.Server!.Crash();
        try
        {
            var error = Assert.Throws<CentreException>(() => centre.Approvals.Approve(World.Bob, number));
            Assert.Contains(error.Fault, (CentreFault[])[CentreFault.Storage, CentreFault.OutcomeUnknown]);
            Assert.Equal("Second name", centre.Groups.Single().Name);
            Assert.Equal(CentreFault.Storage, Assert.Throws<CentreException>(() => World.OpenCentre("NORTH1")).Fault);
        }
        finally
        {
            fixture.Server.Start();
        }

        // A centre whose connection was lost stays closed: another process may have had it since.
        Assert.Equal(CentreFault.Storage,
            Assert.Throws<CentreException>(() => centre.Approvals.Approve(World.Bob, number)).Fault);
        using var again = World.OpenCentre("NORTH1");
        Assert.True(again.VerifyLog().Good);
        Assert.Equal("Second name", again.Groups.Single().Name);
        _ = KeyWorld.Value(again.Approvals.Approve(World.Bob, number));
        Assert.Equal("Third name", again.Groups.Single().Name);
    }

    [Fact]
    public void Write_AnotherWroteMeanwhile_IsRefusedWhole()
    {
        // What a proxy that hands one connection to two processes would do.
        using var centre = World.OpenCentre("NORTH1");
        Change(
            "INSERT INTO audit SELECT sequence + 1, time, actor, text, changes, chain, mac FROM audit ORDER BY "
                + "sequence DESC LIMIT 1");
        var error =
            Assert.Throws<CentreException>(() => World.Do(centre, new ChangeGroup("111111", "Third name", "Utility")));
        Assert.Equal(CentreFault.InUse, error.Fault);
        Change("DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit)");
        centre.Dispose();
        using var again = World.OpenCentre("NORTH1");
        Assert.True(again.VerifyLog().Good);
        Assert.DoesNotContain(again.Approvals.All, change => change.State == ChangeState.Open);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Database=x;Username=x;Password=hunter2-secret", Label = "no server")]
    [InlineData("Host=127.0.0.1;Database=x;Passw=hunter2-secret", Label = "unknown item")]
    [InlineData("Host=127.0.0.1;Password=hunter2;secret=1", Label = "password cut in two")]
    [InlineData("Database=x;Password=hunter2-secret", Label = "no host")]
    [InlineData("Host=127.0.0.1;Port=hunter2-secret", Label = "port")]
    public void Open_WrongConnectionString_IsRefusedAndNeverShown(string text)
    {
        using var storageLock = StorageLock.FromKeyFile(World.KeyPath);
        var error = Assert.Throws<CentreException>(() => KeyCentre.Open(text, storageLock));
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    protected override void Change(string sql) =>
        fixture.Server!.Change(World.PlaceOf("NORTH1"), "SET search_path TO kmc; " + sql);

    protected override IEnumerable<byte[]> Contents() =>
        [Encoding.UTF8.GetBytes(fixture.Server!.Dump(World.PlaceOf("NORTH1")))];

    // A database for each name, made when it is first asked for.
    private static Func<string, string> PlaceIn(PostgresServer? server)
    {
        Assert.True(server is not null, "PostgreSQL is not installed.");
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        return kmcid => places.TryGetValue(kmcid, out var place) ? place : places[kmcid] = server.NewDatabase();
    }
}
