using System.Globalization;
using System.Text;
using OpenSts.KeyManagement;
using OpenSts.SecurityModule.Loading;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.SystemTests.KeyManagement;

/// <summary>Processes that tests of key management start and kill.</summary>
internal static class KeyProcesses
{
    /// <summary>Loads one key load file: folder, key file, file. Says when it begins and, when it is done, the confirmation.</summary>
    public static int Load(string[] args)
    {
        using var storageLock = StorageLock.FromKeyFile(args[1]);
        using var vault = KeyVault.Open(args[0], storageLock);
        using var loading = KeyLoading.Open(vault, TimeProvider.System)!;
        var text = File.ReadAllText(args[2]);
        Say("begin");
        var answer = loading.LoadFile(text);
        Say(answer.TryGet(out var outcome) ? outcome.Confirmation.Line : answer.ToString());
        return 0;
    }

    /// <summary>Makes keys and files as fast as it can until it is killed: folder, key file, officer files, group, request. Says how many keys there are once each is stored.</summary>
    public static int Work(string[] args)
    {
        using var storageLock = StorageLock.FromKeyFile(args[1]);
        using var alice = Officer(args[2]);
        using var bob = Officer(args[3]);
        using var centre = KeyCentre.Open(args[0], storageLock, new CentreOptions { Witness = args[6] });
        Say(centre.Keys.Count().ToString(CultureInfo.InvariantCulture));
        // What the last kill left: revisions are used again only when the old ones are revoked.
        foreach (var left in centre.Keys.Where(key => key.Sgc == args[4] && key.State != KeyState.Revoked).ToList())
            Require(centre.Approvals.Approve(bob, Require(centre.Approvals.Ask(alice, new RevokeKey(left.Id, "made to be killed")))));
        while (true)
        {
            var now = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
            Require(centre.Approvals.Approve(bob, Require(centre.Approvals.Ask(alice, new GenerateKey(args[4], KeyType.Unique, DecoderKeyGenerationAlgorithm.Dkga04, 2014, 255, now, now.AddYears(1), 30)))));
            var key = centre.Keys.Last(key => key.Sgc == args[4]);
            Say(centre.Keys.Count().ToString(CultureInfo.InvariantCulture));
            _ = Require(centre.Files.Make(alice, args[5]));
            Require(centre.Approvals.Approve(bob, Require(centre.Approvals.Ask(alice, new RevokeKey(key.Id, "made to be killed")))));
        }
    }

    private static OfficerKey Officer(string path) => OfficerKey.TryParse(File.ReadAllText(path), out var officer) ? officer : throw new InvalidOperationException(path);

    private static T Require<T>(CentreAnswer<T> answer)
        where T : notnull => answer.TryGet(out var value) ? value : throw new InvalidOperationException(answer.ToString());

    private static void Say(string text)
    {
        using var output = Console.OpenStandardOutput();
        output.Write(Encoding.ASCII.GetBytes(text + "\n"));
    }
}
