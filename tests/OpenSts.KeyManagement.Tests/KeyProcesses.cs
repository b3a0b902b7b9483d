using System.Diagnostics;
using System.Globalization;
using System.Text;
using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;
using OpenSts.Pkcs11;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Loading;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.KeyManagement.Tests;

/// <summary>Processes that do one step of key management and are killed in the middle of it.</summary>
/// <remarks>
/// They kill themselves, from a thread that watches the clock: no signal of another process comes so exactly. What
/// they print:
/// <c>begin</c> before the step and, once its answer is there, <c>done</c> with the microseconds it took.
/// </remarks>
internal static class KeyProcesses
{
    /// <summary>A step of a module: folder, key file, step, its argument, microseconds to live.</summary>
    public static int Module(string[] args)
    {
        using var storageLock = StorageLock.FromKeyFile(args[1]);
        using var vault = KeyVault.Open(args[0], storageLock);
        using var loading = ModuleKeyLoader.Open(vault, TimeProvider.System)!;
        Step(args[4], () => args[2] switch
        {
            "KC take a centre" => Answered(loading.TakeCentre(args[3])),
            "KR request" => Answered(loading.Request(args[3])),
            "KL KF load" => Answered(loading.LoadFile(File.ReadAllText(args[3]))),
            "KX remove a centre" => Answered(loading.RemoveCentre(args[3])),
            _ => throw new UnreachableException(),
        });
        return 0;
    }

    /// <summary>
    /// A step of a centre: place, key file, officer files, step, its argument, microseconds to live, label of a token
    /// or nothing.
    /// </summary>
    public static int Centre(string[] args)
    {
        using var storageLock = StorageLock.FromKeyFile(args[1]);
        using var alice = Officer(args[2]);
        using var bob = Officer(args[3]);
        using var token = args[7].Length > 0 ? Pkcs11Token.Open(SoftHsm.Library, args[7], SoftHsm.Pin) : null;
        using var centre = KeyCentre.Open(args[0], storageLock, new CentreOptions { Token = token });
        var (step, argument) = (args[4], args[5]);
        Step(args[6], () => step switch
        {
            "ask" => Answered(centre.Approvals.Ask(alice, new ChangeGroup("111111", argument, "Utility"))),
            "refuse" => Answered(centre.Approvals.Refuse(alice, Number(argument), "killed")),
            "register" => Answered(centre.Modules.Register(alice, argument, "Utility")),
            "make a file" => Answered(centre.Files.Make(alice, argument)),
            "confirm" => Answered(centre.Files.Confirm(argument)),
            "make a centre key" => Answered(
                centre.AgreementKeys.Create("Alice", DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddYears(1))),
            "request of a centre" => Answered(centre.Exchange.Request(alice, argument)),
            "take a centre's file" => Answered(centre.Exchange.Take(alice, File.ReadAllText(argument))),
            "add a lock" => Answered(AddShares(centre, alice, bob)),
            "remove a lock" => Answered(centre.RemoveLock(alice, bob, StorageLockKind.Custodians)),
            "seal by a token" => Answered(centre.Sealing.ByToken(alice, bob, token!, argument)),
            "seal by the master key" => Answered(centre.Sealing.ByMasterKey(alice, bob)),
            _ when step.StartsWith("approve", StringComparison.Ordinal) =>
                Answered(centre.Approvals.Approve(bob, Number(argument))),
            _ => throw new UnreachableException(),
        });
        return 0;
    }

    /// <summary>Makes a centre: place, key file, officer files, root's line, microseconds to live.</summary>
    public static int Create(string[] args)
    {
        using var storageLock = StorageLock.FromKeyFile(args[1]);
        using var alice = Officer(args[2]);
        using var bob = Officer(args[3]);
        Step(args[5], () =>
        {
            using var centre = KeyCentre.Create(args[0], "FRESH1",
                RootCertificate.TryParse(args[4], out var root, out var problem) ? root
                : throw new InvalidOperationException(problem), [("Alice", alice.PublicKey), ("Bob", bob.PublicKey)],
                storageLock);
            return true;
        });
        return 0;
    }

    /// <summary>
    /// Makes a key, puts it into a file, lets go of everything and waits: place, key file, officer files, module's
    /// request, file, new officer's file.
    /// </summary>
    public static int Hold(string[] args)
    {
        using (var storageLock = StorageLock.FromKeyFile(args[1]))
        using (var alice = Officer(args[2]))
        using (var bob = Officer(args[3]))
        using (var carol = OfficerKey.Create("Carol"))
        using (var centre = KeyCentre.Open(args[0], storageLock))
        {
            carol.Save(args[6]);
            void Do(ChangeRequest request) =>
                _ = Answered(centre.Approvals.Approve(bob, centre.Approvals.Ask(alice, request).Value));
            var until = DateTimeOffset.UtcNow.AddYears(1);
            Do(new GenerateKey("111111", KeyType.Unique, DecoderKeyGenerationAlgorithm.Dkga04, 2014, 255,
                DateTimeOffset.UtcNow, until, 30));
            Do(new Authorise([centre.Modules.All.Single().Id], [centre.Keys.Last().Id], 1, 1, 1, until));
            File.WriteAllText(args[5], centre.Files.Make(alice, args[4]).Value!.Text);
            Say("made");
            _ = Console.In.ReadLine();
        }

        Say("closed");
        _ = Console.In.ReadLine();
        return 0;
    }

    // Killed so long after its beginning, wherever it then is; the power is gone for this process, nothing is tidied
    // up.
    private static void Step(string microsecondsToLive, Func<bool> step)
    {
        var life = TimeSpan.FromMicroseconds(Number(microsecondsToLive));
        using var self = Process.GetCurrentProcess();
        var clock = new Stopwatch();
        var killer = new Thread(() =>
        {
            while (!clock.IsRunning || clock.Elapsed < life)
            {
                if (!clock.IsRunning || life - clock.Elapsed > TimeSpan.FromMilliseconds(3))
                    Thread.Sleep(1);
            }

            self.Kill();
        });
        killer.IsBackground = true;
        killer.Start();
        Say("begin");
        clock.Start();
        if (!step())
            throw new InvalidOperationException("The step was refused.");
        Say(string.Create(CultureInfo.InvariantCulture, $"done {clock.Elapsed.TotalMicroseconds:F0}"));
        // Answered before its time was over: the moment is right after the answer.
        self.Kill();
    }

    private static CentreAnswer<StorageLockKind> AddShares(KeyCentre centre, OfficerKey alice, OfficerKey bob)
    {
        var (shares, set) = StorageLock.NewShares(2, 3);
        foreach (var share in set)
            share.Dispose();
        using (shares)
            return centre.AddLock(alice, bob, shares);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static OfficerKey Officer(string path)
    {
        // Not as a string, which nobody can clear.
        var octets = File.ReadAllBytes(path);
        var text = Encoding.ASCII.GetChars(octets);
        var good = OfficerKey.TryParse(text, out var officer);
        Array.Clear(octets);
        Array.Clear(text);
        return good ? officer! : throw new InvalidOperationException(path);
    }

    private static bool Answered<T>(CentreAnswer<T> answer)
        where T : notnull => answer.TryGet(out _) ? true : throw new InvalidOperationException(answer.ToString());

    private static bool Answered<T>(OpenSts.Sts6.ModuleAnswer<T> answer)
        where T : notnull => answer.TryGet(out _) ? true : throw new InvalidOperationException(answer.ToString());

    private static void Say(string text)
    {
        using var output = Console.OpenStandardOutput();
        output.Write(Encoding.ASCII.GetBytes(text + "\n"));
    }
}
