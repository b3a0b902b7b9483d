using System.CommandLine;
using System.Text.Json.Nodes;

namespace OpenSts.Cli.KeyManagement;

/// <summary><c>sts kmc seal ...</c>: what seals the centre's keys, with two officers present.</summary>
internal static class SealCommands
{
    public static Command Create() =>
        new("seal",
        "What seals the centre's keys: the master key alone, or over it a key that never leaves a token")
        {
            ByToken(),
            ByMasterKey(),
            Show(),
        };

    private static Option<string> Second() =>
        new("--second") { Description = "File with the second officer's key, mode 0600", Required = true };

    private static Command ByToken()
    {
        var second = Second();
        var name = new Option<string>("--sealing-key")
        {
            Description = "Name of the AES key on the token; it is made there where there is none",
            DefaultValueFactory = _ => "opensts-sealing",
        };
        return CentreCommand.On(new Command("token",
            "Seal every key anew with a key of a PKCS#11 token; from then on files are made with the token only")
            {
                second,
                name,
            }, (shared, parsed, centre) =>
        {
            using var first = shared.Officer(parsed);
            using var other = CentreCommand.ReadOfficer(parsed.GetValue(second)!);
            return CentreCommand.Print(parsed,
                centre.Sealing.ByToken(first, other, shared.Token, parsed.GetValue(name)!),
                count => new JsonObject { ["sealed"] = count, ["sealingKey"] = parsed.GetValue(name) },
                count =>
                    $"{count} keys sealed by '{parsed.GetValue(name)}'. Copies of the database from before are sealed "
                        + "without the token: destroy them. Keep a copy of the token: without it every key here is "
                        + "lost.");
        });
    }

    private static Command ByMasterKey()
    {
        var second = Second();
        return CentreCommand.On(new Command("master",
            "Seal every key anew with the master key alone, as before a token is replaced") { second },
            (shared, parsed, centre) =>
        {
            using var first = shared.Officer(parsed);
            using var other = CentreCommand.ReadOfficer(parsed.GetValue(second)!);
            return CentreCommand.Print(parsed, centre.Sealing.ByMasterKey(first, other),
                count => new JsonObject { ["sealed"] = count, ["sealingKey"] = null },
                count => $"{count} keys sealed by the master key alone");
        });
    }

    private static Command Show() =>
        CentreCommand.On(new Command("show", "Show what seals the keys"), (_, parsed, centre) =>
        CentreCommand.Print(parsed, ["Sealed by", "Key of the token"],
            [[centre.Sealing.TokenKey is null ? "master key" : "master key and token", centre.Sealing.TokenKey]]));
}
