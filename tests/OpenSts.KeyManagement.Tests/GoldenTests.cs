using System.Text.Json.Nodes;
using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Reports;
using OpenSts.KeyManagement.Storage;
using OpenSts.Pkcs11;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Loading;
using OpenSts.SecurityModule.Root;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.KeyManagement.Tests;

/// <summary>What version 1 wrote opens with the present code, and goes on from there. See Golden/README.md.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class GoldenTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ostsgolden").FullName;
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 11, 28, 9, 0, 0, TimeSpan.Zero));

    public GoldenTests()
    {
        var source = TestFiles.Path("tests", "OpenSts.KeyManagement.Tests", "Golden", "v1");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!, UnixFileMode.UserRead | UnixFileMode.UserWrite
                | UnixFileMode.UserExecute);
            File.Copy(file, copy);
            File.SetUnixFileMode(copy, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Open_Sqlite_EveryRecordIsThereAndTheLogIsWhole()
    {
        using var centre = OpenNorth(In("north"), new CentreOptions { Time = _time, CheckpointFile = In("witness") });
        RequireAllThere(centre, "sqlite", changes: 32, entries: 81);
    }

    [Fact]
    public void Open_Postgres_EveryRecordIsThereAndTheLogIsWhole()
    {
        using var server = PostgresServer.TryStart();
        Assert.True(server is not null, "PostgreSQL is not installed.");
        var place = server.NewDatabase();
        server.RunScript(place, Path.Combine(_folder, "postgres", "north.sql"));
        using var storageLock = StorageLock.FromKeyFile(Path.Combine(_folder, "postgres", "daily-2"));
        using var centre = KeyCentre.Open(place, storageLock, new CentreOptions { Time = _time });
        RequireAllThere(centre, "postgres", changes: 32, entries: 81);
        using var bob = Officer("postgres/officer-Bob");
        _ = KeyWorld.Value(centre.Approvals.Approve(bob, 31));
        Assert.Equal("waits for approval", centre.Users.First().Contact);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 1)]
    public void Open_ByShares_OpensTheCentre(int one, int other)
    {
        using var storageLock = StorageLock.FromShares([Share($"centre-share-{one}"), Share($"centre-share-{other}")]);
        using var centre = KeyCentre.Open(In("north"), storageLock, new CentreOptions { Time = _time });
        Assert.Equal("NORTH1", centre.Kmcid);
    }

    [Fact]
    public void Approve_ChangeThatVersion1Asked_IsDoneAndTheLogStaysWhole()
    {
        using var centre = OpenNorth(In("north"));
        using var bob = Officer("sqlite/people/officer-Bob");
        Assert.Equal("user NORTH1-0005 is 'Last'", KeyWorld.Value(centre.Approvals.Approve(bob, 32)));
        Assert.True(centre.VerifyLog().Good);
    }

    [Fact]
    public void Load_FileThatVersion1Made_ModuleOfVersion1TakesItAndTheCentreItsConfirmation()
    {
        using var storageLock = StorageLock.FromKeyFile(In("module.key"));
        using var vault = KeyVault.Open(In("module-10000001"), storageLock);
        using var loading = ModuleKeyLoader.Open(vault, _time)!;
        Assert.Equal((CentreSlotState.Loading, 1), (Assert.Single(loading.Slots).State, loading.Slots[0].LastKekId));
        var done = loading.LoadFile(File.ReadAllText(In("files/10000001-00000002.klf")));
        Assert.True(done.TryGet(out var outcome), done.Text);
        Assert.Equal((4, 0), (outcome.Loaded, outcome.Removed));
        using var centre = OpenNorth(In("north"));
        Assert.Equal(2, KeyWorld.Value(centre.Files.Confirm(outcome.Confirmation.Line)).KekId);
        // What was confirmed in version 1 is known, and said again.
        Assert.Equal(1, KeyWorld.Value(centre.Files.Confirm(File.ReadAllText(In("confirmation-10000002-1")).Trim()))
            .KekId);
    }

    [Theory]
    [InlineData("10000001", "VEND", 4)]
    [InlineData("10000002", "MANU", 2)]
    [InlineData("10000003", "VEND", 0)]
    public void Open_ModuleOfVersion1_HoldsItsIdentityAndKeys(string id, string kind, int keys)
    {
        using var storageLock = StorageLock.FromKeyFile(In("module.key"));
        using var vault = KeyVault.Open(In($"module-{id}"), storageLock);
        using var loading = ModuleKeyLoader.Open(vault, _time)!;
        Assert.Equal((id, keys), (loading.Certificate.ModuleId, vault.Records.Count));
        Assert.Contains($":{kind}:", loading.Certificate.Line, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(In($"smpk-{id}.signed")).Trim(), loading.Certificate.Line);
    }

    [Fact]
    public void Take_FileOfAnotherCentre_IsTakenAndBothAgreeAboutTheGroups()
    {
        using var southLock = StorageLock.FromKeyFile(In("daily"));
        using var south = KeyCentre.Open(In("south"), southLock, new CentreOptions { Time = _time });
        using var carol = Officer("sqlite/people/officer-Carol");
        Assert.True(south.VerifyLog().Good);
        Assert.Equal("NORTH1", south.Groups.Last().Home);
        var confirmation =
            KeyWorld.Value(south.Exchange.Take(carol, File.ReadAllText(In("files/95998264-00000002.klf"))));
        using var north = OpenNorth(In("north"));
        _ = KeyWorld.Value(north.Files.Confirm(confirmation));
        Assert.Equal("SOUTH1", south.Groups.Last().Home);
        Assert.All(south.Groups,
            group => Assert.Equal(north.Exchange.Digest(group.Code), south.Exchange.Digest(group.Code)));
    }

    [Fact]
    public void Request_ThatVersion1Answered_GetsTheSameFile()
    {
        using var centre = OpenNorth(In("north"));
        using var alice = Officer("sqlite/people/officer-Alice");
        var again = KeyWorld.Value(centre.Files.Make(alice, File.ReadAllText(In("request-10000001-2")).Trim()));
        Assert.Equal(File.ReadAllText(In("files/10000001-00000002.klf")), again.Text);
    }

    [Fact]
    public void Root_OfVersion1_SignsAndItsCertificatesHold()
    {
        using var storageLock = StorageLock.FromShares([Share("root-share-2"), Share("root-share-3")]);
        using var root = RootAuthority.Open(In("root"), storageLock, _time);
        Assert.Equal(File.ReadAllText(In("people/root.line")).Trim(), root.Certificate.Line);
        foreach (var file in (string[])["people/centre.line", "south.signed"])
        {
            Assert.True(CentreCertificate.TryParse(File.ReadAllLines(In(file))[0], out var certificate,
                out var problem), problem);
            Assert.True(certificate.IsSignedBy(root.Certificate), file);
        }

        var signed = KeyWorld.Value(root.SignCentre(File.ReadAllText(In("centre-key-2")).Trim()));
        using var north = OpenNorth(In("north"));
        Assert.Equal(2, KeyWorld.Value(north.AgreementKeys.Certify(signed.Line)).Sequence);
    }

    [Fact]
    public void Open_SealedByAToken_MakesFilesWithTheTokenOnly()
    {
        // A library reads its tokens when it is initialised.
        var label = SoftHsm.AddToken(In("tokens"), "golden");
        using var token = Pkcs11Token.Open(SoftHsm.Library, label, SoftHsm.Pin);
        using var centre = OpenNorth(In("sealed"), new CentreOptions { Time = _time, Token = token });
        Assert.Equal("opensts-sealing", centre.Sealing.TokenKey);
        using var alice = Officer("sqlite/people/officer-Alice");
        using var bob = Officer("sqlite/people/officer-Bob");
        Assert.Equal(11, KeyWorld.Value(centre.Sealing.ByMasterKey(alice, bob)));
        Assert.True(centre.VerifyLog().Good);
    }

    [Fact]
    public void Witness_OfVersion1_NoticesTheDatabaseThatWasPutBack()
    {
        var copy = File.ReadAllBytes(In("north/centre.db"));
        var options = new CentreOptions { Time = _time, CheckpointFile = In("witness") };
        using (var centre = OpenNorth(In("north"), options))
        using (var bob = Officer("sqlite/people/officer-Bob"))
            _ = KeyWorld.Value(centre.Approvals.Refuse(bob, 32, "not now"));
        File.WriteAllBytes(In("north/centre.db"), copy);
        File.Delete(In("north/centre.db-wal"));
        Assert.Equal(CentreFault.RolledBack, Assert.Throws<CentreException>(() => OpenNorth(In("north"), options))
            .Fault);
    }

    private static void RequireAllThere(KeyCentre centre, string store, int changes, int entries)
    {
        var report = centre.VerifyLog();
        Assert.True(report.Good && report.Entries == entries, report.Text);
        Assert.Equal(changes, centre.Approvals.All.Count());
        Assert.Equal((29, 1, 2),
            (centre.Approvals.All.Count(change => change.State == ChangeState.Done),
            centre.Approvals.All.Count(change => change.State == ChangeState.Refused),
            centre.Approvals.All.Count(change => change.State == ChangeState.Open)));
        Assert.Equal(["Alice", "Bob", "Carol"], centre.Officers.Select(officer => officer.Name));
        Assert.Equal([UserState.Active, UserState.Suspended, UserState.Active, UserState.Closed],
            centre.Users.Select(user => user.State));
        Assert.Equal([ModuleKind.Vending, ModuleKind.Manufacturing, ModuleKind.Vending, ModuleKind.Centre],
            centre.Modules.All.Select(module => module.Kind));
        Assert.Equal([false, false, true, false], centre.Modules.All.Select(module => module.Revoked));
        Assert.Equal([true, true, true, true, false, true, true], centre.Authorisations.Select(one => !one.Revoked));
        Assert.Equal([2, 1, 2], centre.Files.All.GroupBy(file => file.Module).Select(files => files.Count()));
        Assert.Equal([StorageLockKind.KeyFile, StorageLockKind.Custodians], centre.Locks);
        var keys = Expected(store, "keys.json").ToList();
        foreach (var (line, expected) in KeyReport.Of(centre).Zip(keys))
        {
            Assert.Equal((string)expected["key"]!, line.Key.Id);
            Assert.Equal(((int)expected["krn"]!, (string)expected["type"]!, (string)expected["dkga"]!,
                (int)expected["base"]!, (int)expected["ken"]!, (string)expected["checkValue"]!),
                (line.Key.Krn, VendingKeyNames.Of(line.Key.KeyType), line.Key.Dkga.Name(), line.Key.BaseYear,
                    line.Key.Ken, line.Key.CheckValue));
            Assert.Equal((string)expected["status"]!, line.Key.Laboratory ? line.Status + ", laboratory"
                : line.Status);
        }

        Assert.Equal(keys.Count, centre.Keys.Count());
        foreach (var (group, expected) in centre.Groups.Zip(Expected(store, "groups.json")))
            Assert.Equal(((string)expected["code"]!, (string)expected["digest"]!, (int)expected["version"]!),
                (group.Code, centre.Exchange.Digest(group.Code)[..16], group.Version));
    }

    private static IEnumerable<JsonNode> Expected(string store, string file) =>
        File.ReadAllLines(TestFiles.Path("tests", "OpenSts.KeyManagement.Tests", "Golden", "v1", store, file))
            .Select(line => JsonNode.Parse(line)!);

    private string In(string name) => Path.Combine(_folder, "sqlite", name);

    private KeyCentre OpenNorth(string place, CentreOptions? options = null)
    {
        using var storageLock = StorageLock.FromKeyFile(In("daily-2"));
        return KeyCentre.Open(place, storageLock, options ?? new CentreOptions { Time = _time });
    }

    private OfficerKey Officer(string file) =>
        OfficerKey.TryParse(File.ReadAllText(Path.Combine(_folder, file)), out var officer) ? officer
            : throw new InvalidOperationException(file);

    private CustodianShare Share(string file)
    {
        Assert.True(CustodianShare.TryParse(File.ReadAllText(In($"people/{file}")).Trim(), out var share,
            out var fault), fault.ToString());
        return share;
    }
}
