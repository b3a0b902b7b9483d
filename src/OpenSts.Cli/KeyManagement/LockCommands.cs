using System.CommandLine;
using OpenSts.KeyManagement;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.Cli.KeyManagement;

/// <summary><c>sts kmc lock ...</c>: what opens the centre, with two officers present.</summary>
internal static class LockCommands
{
    public static Command Create() => new("lock", "What opens the centre") { Shares(), NewKeyFile(), Remove(), List() };

    private static Option<string> Second() => new("--second") { Description = "File with the second officer's key, mode 0600", Required = true };

    private static Command Shares()
    {
        var second = Second();
        var form = new Option<string>("--shares") { Description = "Custodians, such as 3/5", DefaultValueFactory = _ => "3/5" };
        var folder = new Option<string>("--share-folder") { Description = "New files centre-share-1, ... go here, each for one custodian to take away", Required = true };
        var print = new Option<bool>("--print") { Description = "Show each share once on the terminal in place of a file, and ask for it again" };
        return CentreCommand.On(new Command("shares", "Make new custodians' shares; the former ones no longer open the centre") { second, form, folder, print }, (shared, parsed, centre) =>
        {
            _ = Directory.CreateDirectory(parsed.GetValue(folder)!);
            using var storageLock = CeremonyCommand.Share("centre", parsed.GetValue(form)!, parsed.GetValue(folder)!, parsed.GetValue(print), []);
            return Add(shared, parsed, second, centre, storageLock);
        });
    }

    private static Command NewKeyFile()
    {
        var second = Second();
        var file = new Option<string>("--new-key-file") { Description = "New key file, mode 0600", Required = true };
        return CentreCommand.On(new Command("key-file", "Make a new key file for daily work; a former one no longer opens the centre") { second, file }, (shared, parsed, centre) =>
        {
            KeyFile.Create(parsed.GetValue(file)!);
            using var storageLock = StorageLock.FromKeyFile(parsed.GetValue(file)!);
            return Add(shared, parsed, second, centre, storageLock);
        });
    }

    private static Command Remove()
    {
        var second = Second();
        var kind = new Option<StorageLockKind>("--kind") { Description = "Passphrase, KeyFile, Custodians or Token", Required = true };
        return CentreCommand.On(new Command("remove", "Take a way to open the centre away; one always stays") { second, kind }, (shared, parsed, centre) =>
        {
            using var first = shared.Officer(parsed);
            using var other = CentreCommand.ReadOfficer(parsed.GetValue(second)!);
            return CentreCommand.Print(parsed, centre.RemoveLock(first, other, parsed.GetValue(kind)), gone => new() { ["removed"] = gone.ToString() }, gone => $"no longer opened with {gone}");
        });
    }

    private static Command List() => CentreCommand.On(new Command("list", "Show what opens the centre"), (_, parsed, centre) =>
        CentreCommand.Print(parsed, ["Kind"], centre.Locks.Select(kind => (object?[])[kind])));

    private static int Add(CentreCommand shared, ParseResult parsed, Option<string> second, KeyCentre centre, StorageLock storageLock)
    {
        using var first = shared.Officer(parsed);
        using var other = CentreCommand.ReadOfficer(parsed.GetValue(second)!);
        return CentreCommand.Print(parsed, centre.AddLock(first, other, storageLock), kind => new() { ["lock"] = kind.ToString() }, kind => $"opened with {kind}");
    }
}
