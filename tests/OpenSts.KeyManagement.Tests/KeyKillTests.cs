using System.Globalization;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;
using OpenSts.Pkcs11;
using OpenSts.SecureStorage;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement.Tests;

/// <summary>
/// Power is lost in the middle of any step, on either side: the old state or the new one, never a mixture.
/// </summary>
/// <remarks>
/// Thousands with KMC_KILLS=2000; KMC_SEED begins elsewhere, and KMC_KILLS=1 with it repeats one kill.
/// </remarks>
public sealed class KeyKillTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private static readonly string[] ModuleSteps =
        ["KR request", "KL KF load", "KC take a centre", "KL KF load", "KX remove a centre", "KL KF load"];

    private static readonly string[] CentreSteps =
    [
        "ask", "approve a key", "make a file", "approve a replacement", "confirm", "approve a revocation", "refuse",
            "approve an authorisation", "register", "add a lock", "remove a lock",
        "approve a user", "approve a suspension", "make a centre key", "request of a centre", "take a centre's file",
            "seal by a token", "seal by the master key",
    ];

    [Fact]
    public async Task Kill_DuringAStepOfAModule_AllRegistersAreOldOrAllAreNew()
    {
        const int keys = 4;
        using var world = new KeyWorld();
        world.Time.Now = Now();
        var centre = world.NewCentre("NORTH1");
        var module = world.NewModule(10_000_001);
        module.Register(centre);
        for (var i = 0; i < keys; i++)
            world.Authorise(centre, module.Id,
                world.NewKey(centre, (111_000 + i).ToString(CultureInfo.InvariantCulture)), units: 1);
        _ = module.Refresh(centre);
        var (killer, path, limit) = (new StepKiller(ModuleSteps), Path.Combine(world.Folder, "file"), 1u);
        foreach (var seed in StepKiller.Seeds)
        {
            var step = killer.StepOf(seed);
            world.Time.Now = Now();
            var argument = "NORTH1";
            if (step == "KL KF load")
            {
                // Each file has another limit on every card, so that a mixture would show.
                _ = world.Do(centre, new Authorise([module.Id], [.. centre.Keys.Select(key => key.Id)], ++limit, limit,
                    0xFF, world.Time.Now.AddYears(1)));
                await File.WriteAllTextAsync(argument = path,
                    KeyWorld.Value(centre.Files.Make(world.Alice, module.Request(centre))).Text,
                    TestContext.Current.CancellationToken);
            }
            else if (step == "KC take a centre")
            {
                argument = centre.AgreementKeys.Current!.Line;
                _ = module.Loading.RemoveCentre("NORTH1");
            }

            var (before, requests) = (State(module), module.Vault.Records.Count);
            module.Close();
            var answered =
                await killer.Kill(seed, "module-step", life => [module.Folder, world.KeyPath, step, argument, life]);
            module.Open();
            var after = State(module);
            killer.Found(seed, after != before, answered);
            switch (step)
            {
                case "KL KF load":
                    Assert.Equal(keys, module.Cards.Count());
                    Assert.Equal(after == before ? limit - 1
                        : limit, Assert.Single(module.Cards.Select(card => card.UnitLimit).Distinct()));
                    if (after == before)
                        Assert.Equal(ResponseCode.Successful, module.Loading.LoadFile(
                            await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).Code);
                    // What the module says after all is what the centre waits for.
                    _ = KeyWorld.Value(
                        centre.Files.Confirm(Assert.Single(module.Loading.Slots).LastOutcome!.Confirmation.Line));
                    break;
                case "KX remove a centre":
                    Assert.Equal(module.Loading.Slots.Count == 0, !module.Cards.Any());
                    Assert.Contains(module.Cards.Count(), (int[])[0, keys]);
                    break;
                default:
                    Assert.True(module.Loading.Slots.Count <= 1 && requests == module.Vault.Records.Count, step);
                    break;
            }

            if (module.Cards.Count() != keys)
            {
                limit++;
                _ = world.Do(centre, new Authorise([module.Id], [.. centre.Keys.Select(key => key.Id)], limit, limit,
                    0xFF, world.Time.Now.AddYears(1)));
                _ = module.Refresh(centre);
            }
        }

        killer.Tell("module");
    }

    [Fact]
    public Task Kill_DuringAStepOfACentreInAFile_ItIsThereWithItsLogEntryOrNotAtAll() => KillCentre("SQLite", null);

    [Fact]
    public Task Kill_DuringAStepOfACentreInPostgres_ItIsThereWithItsLogEntryOrNotAtAll()
    {
        Assert.True(fixture.Server is not null, "PostgreSQL is not installed.");
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        return KillCentre("PostgreSQL", kmcid => places.TryGetValue(kmcid, out var place) ? place
            : places[kmcid] = fixture.Server.NewDatabase());
    }

    [Fact]
    public async Task Kill_WhileACentreIsMade_ThereIsAWholeCentreOrNone()
    {
        using var world = new KeyWorld();
        var (alice, bob) = SaveOfficers(world);
        using var storageLock = StorageLock.FromKeyFile(world.KeyPath);
        var killer = new StepKiller(["in a file", "in PostgreSQL"]);
        var postgres = fixture.Server?.NewDatabase();
        foreach (var seed in StepKiller.Seeds.Where(seed => seed % 2 == 0 || postgres is not null))
        {
            var place = seed % 2 == 0 ? Path.Combine(world.Folder, "FRESH1") : postgres!;
            var answered = await killer.Kill(seed, "centre-create",
                life => [place, world.KeyPath, alice, bob, world.RootCertificate.Line, life]);
            var isThere = KeyCentre.IsTaken(place);
            killer.Found(seed, isThere, answered);
            if (isThere)
            {
                using (var centre = KeyCentre.Open(place, storageLock))
                {
                    var report = centre.VerifyLog();
                    Assert.True(report is { Good: true, Entries: 1 }, report.Text);
                    Assert.Equal(2, centre.Officers.Count());
                }

                if (seed % 2 == 0)
                    Directory.Delete(place, recursive: true);
                else
                    fixture.Server!.Change(place, "DROP SCHEMA kmc CASCADE");
            }
        }

        killer.Tell("centre made");
    }

    private static async Task KillCentre(string store, Func<string, string>? placeOf)
    {
        var label = SoftHsm.NewToken();
        using var token = Pkcs11Token.Open(SoftHsm.Library, label, SoftHsm.Pin);
        using var world = new KeyWorld(placeOf);
        world.Time.Now = Now();
        using var storageLock = StorageLock.FromKeyFile(world.KeyPath);
        var (alice, bob) = SaveOfficers(world);
        var module = world.NewModule(10_000_001);
        var south = world.NewCentre("SOUTH1");
        KeyCentre Open() => KeyCentre.Open(world.PlaceOf("NORTH1"), storageLock,
            new CentreOptions { Time = world.Time, Token = token });
        var centre = world.NewCentre("NORTH1");
        module.Register(centre);
        _ = world.NewKey(centre, "111111");
        world.Connect(south, centre);
        world.Authorise(south, centre.Exchange.Certificate.ModuleId, world.NewKey(south, "555555")[..6]);
        var killer = new StepKiller(CentreSteps);
        foreach (var seed in StepKiller.Seeds)
        {
            world.Time.Now = Now();
            var step = killer.StepOf(seed);
            var argument = Prepare(world, centre, south, module, token, step, seed);
            var before = centre.VerifyLog();
            Assert.True(before.Good, before.Text);
            centre.Dispose();
            var answered = await killer.Kill(seed, "centre-step", life =>
                [world.PlaceOf("NORTH1"), world.KeyPath, alice, bob, step, argument, life,
                    step.StartsWith("seal", StringComparison.Ordinal) ? label : ""]);
            centre = Open();
            // A good log says that every record is what the entries say: one entry more is the whole step, none more
            // is nothing of it.
            var after = centre.VerifyLog();
            Assert.True(after.Good && after.Entries - before.Entries is 0
                or 1, $"seed {seed}, {step}: {after.Text}, before {before.Entries}");
            killer.Found(seed, after.Entries > before.Entries, answered);
            if (centre.Users.First() is { State: UserState.Suspended } suspended)
                _ = world.Do(centre, new ResumeUser(suspended.Id));
            Assert.Equal(centre.Keys.Count(key => key.Sgc == "111111"),
                centre.Groups.Single(group => group.Code == "111111").LastSerial);
            Assert.All(centre.Keys, key => Assert.Equal(key.State == KeyState.Revoked, key.Wrapped.Length == 0));
            Assert.All(centre.Keys.Where(key => key.Wrapped.Length > 0),
                key => Assert.Equal(centre.Sealing.TokenKey
                is not null, key.Wrapped.StartsWith("token:", StringComparison.Ordinal)));
            if (centre.Sealing.TokenKey is not null)
                _ = KeyWorld.Value(centre.Sealing.ByMasterKey(world.Alice, world.Bob));
        }

        centre.Dispose();
        killer.Tell(store);
    }

    // Everything up to the step, unharmed; the answer is what the step is about.
    private static string Prepare(KeyWorld world, KeyCentre centre, KeyCentre south, TestModule module,
        Pkcs11Token token, string step, int seed)
    {
        string Ask(ChangeRequest request) =>
            KeyWorld.Value(centre.Approvals.Ask(world.Alice, request)).ToString(CultureInfo.InvariantCulture);
        // Revisions are used again only when the old ones are revoked.
        foreach (var old in centre.Keys.Where(key => key.Sgc == "111111" && key.State != KeyState.Revoked).SkipLast(2)
            .ToList())
            _ = world.Do(centre, new RevokeKey(old.Id, "old"));
        var until = world.Time.Now.AddYears(1);
        var active = centre.Keys.Where(key => key.Sgc == "111111" && key.State == KeyState.Active)
            .Select(key => key.Id).LastOrDefault() ?? world.NewKey(centre, "111111");
        switch (step)
        {
            case "ask":
                return FormattableString.Invariant($"Name {seed}");
            case "approve a key":
                return Ask(new GenerateKey("111111", KeyType.Unique, DecoderKeyGenerationAlgorithm.Dkga04, 2014, 255,
                    world.Time.Now, until, 30));
            case "approve a replacement":
                world.Authorise(centre, module.Id, active);
                return Ask(new ReplaceKey(active, "killed", until, 2014, 255));
            case "approve a revocation":
                return Ask(new RevokeKey(active, "killed"));
            case "refuse":
                return Ask(new ChangeGroup("111111", "Never", "Utility"));
            case "approve an authorisation":
                return Ask(new Authorise([module.Id], [active], (uint)seed, (uint)seed, 0xFF, until));
            case "approve a user":
                return Ask(new AddUser(FormattableString.Invariant($"User {seed}"), "killed"));
            case "approve a suspension":
                var user = centre.Users.First();
                return Ask(user.State == UserState.Active ? new SuspendUser(user.Id, "killed")
                    : new ResumeUser(user.Id));
            case "register":
                return module.Loading.Certificate.Line;
            case "make a file":
                return module.Request(centre);
            case "confirm":
                var file = KeyWorld.Value(centre.Files.Make(world.Alice, module.Request(centre)));
                Assert.True(module.Loading.LoadFile(file.Text).TryGet(out var loaded));
                return loaded.Confirmation.Line;
            case "remove a lock":
                var (shares, set) = StorageLock.NewShares(2, 2);
                Array.ForEach(set, share => share.Dispose());
                using (shares)
                    _ = KeyWorld.Value(centre.AddLock(world.Alice, world.Bob, shares));
                return "";
            case "request of a centre":
                return "SOUTH1";
            case "take a centre's file":
                var path = Path.Combine(world.Folder, "from-south");
                File.WriteAllText(path,
                    KeyWorld.Value(south.Files.Make(world.Alice,
                    KeyWorld.Value(centre.Exchange.Request(world.Alice, "SOUTH1")))).Text);
                return path;
            case "seal by the master key":
                _ = KeyWorld.Value(centre.Sealing.ByToken(world.Alice, world.Bob, token, "seal"));
                return "";
            case "seal by a token":
                return "seal";
            default:
                return "";
        }
    }

    private static (string Alice, string Bob) SaveOfficers(KeyWorld world)
    {
        var (alice, bob) = (Path.Combine(world.Folder, "alice"), Path.Combine(world.Folder, "bob"));
        world.Alice.Save(alice);
        world.Bob.Save(bob);
        return (alice, bob);
    }

    // Registers and slots, but not how often the vault was opened.
    private static string State(TestModule module) =>
        string.Join('\n',
            module.Vault.Records.Select(record => $"{record.Number} {record.Attributes} {record.Counters}")
            .Concat(module.Loading.Slots.Select(slot => $"{slot} {slot.Request?.Line}")));

    private static DateTimeOffset Now() =>
        DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
}
