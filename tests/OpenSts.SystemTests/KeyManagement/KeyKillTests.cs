using System.Globalization;
using OpenSts.KeyManagement;
using OpenSts.SecurityModule;
using OpenSts.SystemTests.SecurityModule;

namespace OpenSts.SystemTests.KeyManagement;

/// <summary>Power is lost at any moment, on either side: the old state or the new one, never a mixture.</summary>
public sealed class KeyKillTests
{
    // Thousands with KMC_KILLS=2000. The seed of each kill is its number.
    private static int Kills => int.Parse(Environment.GetEnvironmentVariable("KMC_KILLS") ?? "24", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Kill_WhileAModuleLoads_AllRegistersAreOldOrAllAreNew()
    {
        const int keys = 10;
        using var world = new KeyWorld();
        world.Time.Now = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        var centre = world.NewCentre("NORTH1");
        var module = world.NewModule(10_000_001);
        module.Register(centre);
        for (var i = 0; i < keys; i++)
            world.Authorise(centre, module.Id, world.NewKey(centre, (111_000 + i).ToString(CultureInfo.InvariantCulture)), units: 1);
        _ = module.Refresh(centre);
        var (old, fresh) = (0, 0);
        for (var seed = 0; seed < Kills; seed++)
        {
            // Each file has another limit on every card, so that a mixture would show.
            var limit = (uint)seed + 2;
            foreach (var key in centre.Keys.ToList())
                world.Authorise(centre, module.Id, key.Id, units: limit);
            var file = KeyWorld.Value(centre.Files.Make(world.Alice, module.Request(centre)));
            var path = Path.Combine(world.Folder, "file");
            await File.WriteAllTextAsync(path, file.Text, TestContext.Current.CancellationToken);
            module.Close();
            await KillInTheMiddle(ChildProcess.Start("load", module.Folder, world.KeyPath, path), new Random(seed), 200);
            module.Open();
            var found = Assert.Single(module.Cards.Select(card => card.UnitLimit).Distinct());
            Assert.Equal(keys, module.Cards.Count());
            Assert.Contains(found, (uint[])[limit - 1, limit]);
            var slot = Assert.Single(module.Loading.Slots);
            Assert.Equal(found == limit ? file.KekId : file.KekId - 1, slot.LastKekId);
            if (found == limit)
            {
                fresh++;
            }
            else
            {
                old++;
                Assert.Equal(ResponseCode.Successful, module.Loading.LoadFile(file.Text).Code);
            }

            // What the module says after all is what the centre waits for.
            _ = KeyWorld.Value(centre.Files.Confirm(Assert.Single(module.Loading.Slots).LastOutcome!.Confirmation.Line));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Kills} kills: {old} before the step, {fresh} after it");
    }

    [Fact]
    public async Task Kill_WhileACentreWorks_NothingAnsweredIsLostAndNothingIsHalf()
    {
        using var world = new KeyWorld();
        world.Time.Now = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        string request;
        using (var centre = world.NewCentre("NORTH1"))
        {
            var module = world.NewModule(10_000_001);
            module.Register(centre);
            world.Authorise(centre, module.Id, world.NewKey(centre, "222222"));
            _ = world.Do(centre, new CreateGroup("111111", "Group", "Utility"));
            request = module.Request(centre);
        }

        var (alice, bob, witness) = (Path.Combine(world.Folder, "alice"), Path.Combine(world.Folder, "bob"), Path.Combine(world.Folder, "witness"));
        world.Alice.Save(alice);
        world.Bob.Save(bob);
        long answered = 0;
        for (var seed = 0; seed < Kills; seed++)
        {
            var lines = await KillInTheMiddle(ChildProcess.Start("centre", Path.Combine(world.Folder, "NORTH1"), world.KeyPath, alice, bob, "111111", request, witness), new Random(seed), 700);
            answered = lines.Select(line => long.Parse(line, CultureInfo.InvariantCulture)).Append(answered).Max();
            using var storageLock = OpenSts.SecurityModule.Vault.StorageLock.FromKeyFile(world.KeyPath);
            using var centre = KeyCentre.Open(Path.Combine(world.Folder, "NORTH1"), storageLock, new CentreOptions { Witness = witness });
            var report = centre.VerifyLog();
            Assert.True(report.Good, report.Text);
            var group = centre.Groups.Single(group => group.Code == "111111");
            var keys = centre.Keys.Count(key => key.Sgc == "111111");
            Assert.True(keys + 1 >= answered, $"kill {seed}: {keys} keys, {answered} answered");
            Assert.Equal(keys, group.LastSerial);
            Assert.Equal(keys, centre.Approvals.All.Count(change => change.Request is GenerateKey { Sgc: "111111" } && change.State == ChangeState.Done));
            Assert.All(centre.Keys, key => Assert.Equal(key.State == KeyState.Revoked, key.Wrapped.Length == 0));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Kills} kills, {answered} keys answered");
        Assert.True(answered > 0);
    }

    // Waits for the first line, then a little, then kills; gives every whole line that got out.
    private static async Task<IReadOnlyList<string>> KillInTheMiddle(System.Diagnostics.Process process, Random random, int milliseconds)
    {
        using (process)
        {
            var cancellation = TestContext.Current.CancellationToken;
            var lines = new List<string>();
            if (await process.StandardOutput.ReadLineAsync(cancellation) is { } first)
                lines.Add(first);
            await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * milliseconds), cancellation);
            process.Kill();
            var rest = await process.StandardOutput.ReadToEndAsync(cancellation);
            lines.AddRange(rest.Split('\n')[..^1]);
            await process.WaitForExitAsync(cancellation);
            var errors = await process.StandardError.ReadToEndAsync(cancellation);
            Assert.True(errors.Length == 0, errors);
            return [.. lines.Where(line => line.Length > 0 && char.IsAsciiDigit(line[0]))];
        }
    }
}
