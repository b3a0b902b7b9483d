using System.Diagnostics;
using System.Globalization;
using OpenSts.KeyLoading;
using OpenSts.KeyManagement;
using OpenSts.KeyManagement.Records;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Root;
using OpenSts.Sts6;

namespace OpenSts.Benchmarks;

/// <summary>
/// A fleet of modules and its refresh: <c>kmc FOLDER [MODULES] [KEYS]</c> on the disk that is to be measured.
/// </summary>
internal static class KeyFiles
{
    private const int Batch = 50;

    public static int Run(string folder, int modules, int keys)
    {
        var root = Directory.CreateDirectory(Path.Combine(folder, $"kmcbench-{Environment.ProcessId}")).FullName;
        try
        {
            Measure(root, modules, keys);
            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static void Measure(string root, int modules, int keys)
    {
        KeyFile.Create(Path.Combine(root, "key"));
        using var storageLock = StorageLock.FromKeyFile(Path.Combine(root, "key"));
        using var alice = OfficerKey.Create("Alice");
        using var bob = OfficerKey.Create("Bob");
        var certificate = RootAuthority.Create(Path.Combine(root, "root"), "BENCH", storageLock, TimeProvider.System);
        using var authority = RootAuthority.Open(Path.Combine(root, "root"), storageLock, TimeProvider.System);
        var centre = KeyCentre.Create(Path.Combine(root, "centre"), "BENCH1", certificate,
            [("Alice", alice.PublicKey), ("Bob", bob.PublicKey)], storageLock);
        var now = DateTimeOffset.UtcNow;
        Require(centre.AgreementKeys.Certify(Require(authority.SignCentre(
            Require(centre.AgreementKeys.Create("bench", now.AddMinutes(-1), now.AddYears(1))).Line)).Line));
        void Do(ChangeRequest request) =>
            Require(centre.Approvals.Approve(bob, Require(centre.Approvals.Ask(alice, request))));

        Do(new AddUser("Utility", "bench"));
        var watch = Lap.Start();
        for (var i = 0; i < keys; i++)
        {
            var sgc = (100_000 + i).ToString(CultureInfo.InvariantCulture);
            Do(new CreateGroup(sgc, "Group", "Utility"));
            Do(new GenerateKey(sgc, KeyType.Unique, DecoderKeyGenerationAlgorithm.Dkga04, 2014, 255, now.AddDays(-1),
                now.AddYears(1), 90));
        }

        Say($"{keys} groups with a key, four eyes each", watch, keys * 2);
        watch.Restart();
        var fleet = new List<(ModuleCertificate Certificate, AgreementKey Key)>();
        for (var i = 0; i < modules; i++)
        {
            var key = AgreementKey.Create();
            var description = new ModuleDescription
            {
                Maker = "Bench",
                ModuleId = 10_000_000 + i,
                Firmware = "1",
                Kind = ModuleKind.Vending,
                Created = now,
                NotAfter = now.AddYears(1),
            };
            var signed = Require(authority.SignModule(description.Certificate(key.Public).Line));
            _ = Require(centre.Modules.Register(alice, signed.Line, "Utility"));
            fleet.Add((signed, key));
        }

        Say($"{modules} modules made, certified and registered", watch, modules);
        watch.Restart();
        Do(new Authorise([.. fleet.Select(module => module.Certificate.ModuleId)],
            [.. centre.Keys.Select(key => key.Id)], KeyCard.NoLimit, KeyCard.NoLimit, KeyCard.AllSubclasses,
            now.AddYears(1)));
        Say($"{modules * keys} authorisations, one request", watch, modules * keys);
        Refresh(centre, alice, fleet, "first files");
        Refresh(centre, alice, fleet, "refresh");
        watch.Restart();
        var report = centre.VerifyLog();
        Say($"log verify: {report.Text}", watch, (int)report.Entries);
        centre.Dispose();
        watch.Restart();
        using (KeyCentre.Open(Path.Combine(root, "centre"), storageLock))
            Say("opening with all records checked", watch, 1);
        Console.WriteLine($"database: {new FileInfo(Path.Combine(root, "centre", "centre.db")).Length / 1024} KiB");
        Parts(keys);
        fleet.ForEach(module => module.Key.Dispose());
    }

    private static void Refresh(KeyCentre centre, OfficerKey officer,
        List<(ModuleCertificate Certificate, AgreementKey Key)> fleet, string what)
    {
        var watch = Lap.Start();
        var ephemerals = fleet.Select(_ => AgreementKey.Create()).ToList();
        var requests = fleet.Select((module, i) => new LoadRequest
        {
            Kmcid = centre.Kmcid,
            Sequence = 1,
            ModuleId = module.Certificate.ModuleId,
            KeyIdentifier = module.Certificate.Key.Identifier,
            Ephemeral = ephemerals[i].Public,
            Clock = ModuleDescription.ToSeconds(DateTimeOffset.UtcNow),
            Nonce = Convert.ToHexString(Guid.NewGuid().ToByteArray()),
        }).ToList();
        Say($"{what}: requests (the modules' work)", watch, fleet.Count);
        watch.Restart();
        var files = new List<LoadFile>();
        for (var at = 0; at < requests.Count; at += Batch)
            files.AddRange(Require(centre.Files.Make(officer,
                requests.GetRange(at, Math.Min(Batch, requests.Count - at)).ConvertAll(request => request.Line))));
        Say($"{what}: files made and stored, {Batch} to a commit, {files.Sum(file => file.Text.Length) / 1024} KiB",
            watch, files.Count);
        watch.Restart();
        var confirmations = new List<string>();
        for (var i = 0; i < files.Count; i++)
        {
            using var reader = new KeyLoadReader(fleet[i].Key, ephemerals[i], centre.AgreementKeys.Current!,
                requests[i], files[i].KekId - 1);
            var lines = files[i].Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            _ = reader.ReadHeader(lines[0], DateTimeOffset.UtcNow);
            foreach (var line in lines[1..^1])
                _ = reader.ReadKey(line);
            _ = reader.ReadEnd(lines[^1]);
            confirmations.Add(new LoadConfirmation
            {
                Kmcid = centre.Kmcid,
                ModuleId = files[i].Module,
                KekId = files[i].KekId,
                Count = files[i].Keys.Count,
                Mac = reader.ConfirmationMac,
            }.Line);
        }

        Say($"{what}: read and checked (the modules' work)", watch, files.Count);
        watch.Restart();
        foreach (var line in confirmations)
            _ = Require(centre.Files.Confirm(line));
        Say($"{what}: confirmed, one commit each", watch, files.Count);
        ephemerals.ForEach(key => key.Dispose());
    }

    // Where the time of one file goes.
    private static void Parts(int keys)
    {
        const int rounds = 300;
        using var own = AgreementKey.Create();
        using var other = AgreementKey.Create();
        var watch = Lap.Start();
        for (var i = 0; i < rounds; i++)
            AgreementKey.Create().Dispose();
        Say("part: an ephemeral key", watch, rounds);
        watch.Restart();
        for (var i = 0; i < rounds; i++)
            _ = PublicPoint.TryParse(other.Public.Text, out _);
        Say("part: a point expanded and checked", watch, rounds);
        watch.Restart();
        for (var i = 0; i < rounds; i++)
            TransportKeys.Derive(own, own, other.Public, other.Public, "request", "header").Dispose();
        Say("part: both agreements and the derivation", watch, rounds);
        watch.Restart();
        var wrapped = new byte[32];
        for (var i = 0; i < rounds * keys; i++)
            KeyWrap.Wrap(new byte[24], new byte[20], wrapped);
        Say("part: a key wrapped", watch, rounds * keys);
        watch.Restart();
        using var keysOfFile = TransportKeys.Derive(own, own, other.Public, other.Public, "request", "header");
        var text = new string('A', 280);
        for (var i = 0; i < rounds * keys; i++)
            _ = keysOfFile.Mac(text);
        Say("part: the MAC of a line", watch, rounds * keys);
    }

    private static T Require<T>(RootAnswer<T> answer)
        where T : class =>
            answer.TryGet(out var value) ? value : throw new InvalidOperationException(answer.ToString());

    private static T Require<T>(CentreAnswer<T> answer)
        where T : notnull =>
            answer.TryGet(out var value) ? value : throw new InvalidOperationException(answer.ToString());

    private static void Say(string what, Lap lap, int count)
    {
        var (wall, processor) = lap.Now;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {wall.TotalSeconds:F2} s, {count / wall.TotalSeconds:F0}/s; processor "
                + $"{processor.TotalSeconds:F2} s, {processor.TotalMilliseconds / count:F3} ms each"));
    }

    // Time on the wall, which other work on the machine stretches, and of the processor, which it does not.
    private sealed class Lap
    {
        private readonly Stopwatch _watch = new();
        private TimeSpan _processor;

        public (TimeSpan Wall, TimeSpan Processor) Now =>
            (_watch.Elapsed, Environment.CpuUsage.TotalTime - _processor);

        public static Lap Start()
        {
            var lap = new Lap();
            lap.Restart();
            return lap;
        }

        public void Restart()
        {
            _processor = Environment.CpuUsage.TotalTime;
            _watch.Restart();
        }
    }
}
