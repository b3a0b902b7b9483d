using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;
using OpenSts.KeyManagement.Records;
using OpenSts.SecureStorage;

namespace OpenSts.Cli.KeyManagement;

/// <summary><c>sts kmc officer ...</c>: the people who ask and approve.</summary>
internal static class OfficerCommands
{
    public static Command Create() => new("officer",
        "The people who ask for changes and approve those of others") { New(), List(), Enrol(), Remove() };

    private static Command New()
    {
        var name = new Argument<string>("name") { Description = "1 to 40 letters, digits, spaces, dots and dashes" };
        var file = new Option<string>("--file") { Description = "New file for the key, mode 0600", Required = true };
        var command =
            new Command("new", "Make your own officer key; its public part goes to the centre") { name, file };
        return command.Does(parsed =>
        {
            _ = ProcessMemory.ForbidDumps();
            if (!Officer.IsName(parsed.GetValue(name)))
                throw new CliException(
                    $"name held {parsed.GetValue(name)}; permitted: 1 to 40 letters, digits, spaces, dots and dashes");
            using var officer = OfficerKey.Create(parsed.GetValue(name)!);
            officer.Save(parsed.GetValue(file)!);
            Console.Out.WriteLine(parsed.WantsJson()
                ? new JsonObject
                {
                    ["name"] = officer.Name,
                    ["publicKey"] = officer.PublicKey,
                }.ToJsonString(JsonText.Readable)
                : $"{officer.Name}={officer.PublicKey}");
            return ExitCode.Good;
        });
    }

    private static Command List() => CentreCommand.On(new Command("list", "Show the officers"), (_, parsed, centre) =>
        CentreCommand.Print(parsed, ["Name", "Enrolled", "State", "Public key"],
            centre.Officers.Select(officer =>
            (object?[])[officer.Name, officer.Enrolled, officer.Removed ? "removed" : "active", officer.PublicKey])));

    private static Command Enrol()
    {
        var name = new Option<string>("--name") { Description = "Name of the person", Required = true };
        var key = new Option<string>("--public-key") { Description = "98 hexadecimal digits", Required = true };
        return CentreCommand.On(new Command("enrol", "Ask for a new officer") { name, key },
            (shared, parsed, centre) =>
            shared.Ask(parsed, centre, new EnrolOfficer(parsed.GetValue(name)!, parsed.GetValue(key)!)));
    }

    private static Command Remove()
    {
        var name = new Option<string>("--name") { Description = "Name of the person", Required = true };
        var reason = new Option<string>("--reason") { Description = "Why", Required = true };
        return CentreCommand.On(new Command("remove", "Ask for the end of an officer") { name, reason },
            (shared, parsed, centre) =>
            shared.Ask(parsed, centre, new RemoveOfficer(parsed.GetValue(name)!, parsed.GetValue(reason)!)));
    }
}
