using System.CommandLine;
using OpenSts.KeyManagement;
using OpenSts.KeyManagement.Records;
using OpenSts.SecureStorage;

namespace OpenSts.Cli.KeyManagement;

/// <summary><c>sts kmc lock ...</c>: what opens the centre, with two officers present.</summary>
internal static class LockCommands
{
    public static Command Create() =>
        new("lock", "What opens the centre") { Shares(), NewKeyFile(), Remove(), List() };

    private static Option<string> Second() =>
        new("--second") { Description = "File with the second officer's key, mode 0600", Required = true };

    private static Command Shares()
    {
        var (second, options) = (Second(), NewShareSet.Options());
        var command = new Command("shares",
            "Make new custodians' shares; the former ones no longer open the centre")
            {
                second,
                options.Form,
                options.Folder,
                options.Print,
            };
        return CentreCommand.On(command, (shared, parsed, centre) => Add(shared, parsed, second, centre, () =>
        {
            var shares = NewShareSet.Create(parsed, "centre", options);
            return (shares.Lock, shares.Description);
        }));
    }

    private static Command NewKeyFile()
    {
        var second = Second();
        var file = new Option<string>("--new-key-file") { Description = "New key file, mode 0600", Required = true };
        return CentreCommand.On(new Command("key-file",
            "Make a new key file for daily work; a former one no longer opens the centre") { second, file },
            (shared, parsed, centre) => Add(shared, parsed, second, centre, () =>
        {
            KeyFile.Create(parsed.GetValue(file)!);
            return (StorageLock.FromKeyFile(parsed.GetValue(file)!), "a new key file");
        }));
    }

    private static Command Remove()
    {
        var second = Second();
        var kind = new Option<StorageLockKind>("--kind")
        {
            Description = "Passphrase, KeyFile, Custodians or Token",
            Required = true,
        };
        return CentreCommand.On(new Command("remove", "Take a way to open the centre away; one always stays")
        {
            second,
            kind,
        }, (shared, parsed, centre) =>
        {
            using var first = shared.Officer(parsed);
            using var other = CentreCommand.ReadOfficer(parsed.GetValue(second)!);
            return CentreCommand.Print(parsed, centre.RemoveLock(first, other, parsed.GetValue(kind)),
                gone => new() { ["removed"] = gone.ToString() }, gone => $"no longer opened with {gone}");
        });
    }

    private static Command List() =>
        CentreCommand.On(new Command("list", "Show what opens the centre"), (_, parsed, centre) =>
        CentreCommand.Print(parsed, ["Kind"], centre.Locks.Select(kind => (object?[])[kind])));

    // Both officers are checked before anything is made.
    private static int Add(CentreCommand shared, ParseResult parsed,
        Option<string> second, KeyCentre centre, Func<(StorageLock Lock, string Description)> make)
    {
        using var first = shared.Officer(parsed);
        using var other = CentreCommand.ReadOfficer(parsed.GetValue(second)!);
        if (centre.RequirePresent(first, other) is { Verdict: not CentreVerdict.Done } refusal)
            return CentreCommand.Refuse(parsed, refusal.Verdict.ToString(), refusal.Text);
        var (storageLock, description) = make();
        using (storageLock)
            return CentreCommand.Print(parsed, centre.AddLock(first, other, storageLock, description),
                kind => new() { ["lock"] = kind.ToString(), ["of"] = description },
                kind => $"opened with {kind}: {description}");
    }
}
