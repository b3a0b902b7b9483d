using System.CommandLine;
using OpenSts.KeyManagement.Records;

namespace OpenSts.Cli.KeyManagement;

/// <summary><c>sts kmc group ...</c>: supply groups.</summary>
internal static class GroupCommands
{
    public static Command Create() => new("group", "Supply groups") { New(), Rename(), Move(), List() };

    private static Argument<string> Code() => new("code") { Description = "Supply group code, 6 digits" };

    private static Command New()
    {
        var code = Code();
        var name = new Option<string>("--name") { Description = "1 to 40 characters", Required = true };
        var owner = new Option<string>("--owner")
        {
            Description = "Number or name of the user it belongs to",
            Required = true,
        };
        var cluster =
            new Option<int>("--cluster") { Description = "0 to 255; no key change leads to another cluster" };
        var universal = new Option<bool>("--universal-default")
        {
            Description = "Its default key goes to every module of the cluster"
        };
        return CentreCommand.On(new Command("create", "Ask for a new supply group")
        {
            code,
            name,
            owner,
            cluster,
            universal,
        }, (shared, parsed, centre) =>
            shared.Ask(parsed, centre, new CreateGroup(parsed.GetValue(code)!, parsed.GetValue(name)!,
                parsed.GetValue(owner)!, parsed.GetValue(cluster), parsed.GetValue(universal))));
    }

    private static Command Rename()
    {
        var code = Code();
        var name = new Option<string>("--name") { Description = "1 to 40 characters", Required = true };
        var owner = new Option<string>("--owner")
        {
            Description = "Number or name of the user it belongs to",
            Required = true,
        };
        return CentreCommand.On(new Command("name", "Ask for another name or user of a group") { code, name, owner },
            (shared, parsed, centre) =>
            shared.Ask(parsed, centre,
                new ChangeGroup(parsed.GetValue(code)!, parsed.GetValue(name)!, parsed.GetValue(owner)!)));
    }

    private static Command Move()
    {
        var code = Code();
        var home = new Option<string>("--to")
        {
            Description = "KMCID of the centre that shall be the group's home",
            Required = true,
        };
        return CentreCommand.On(new Command("move",
            "Ask for another home of a group; it takes the group with its next file") { code, home },
            (shared, parsed, centre) =>
            shared.Ask(parsed, centre, new MoveGroup(parsed.GetValue(code)!, parsed.GetValue(home)!)));
    }

    private static Command List() =>
        CentreCommand.On(new Command("list", "Show the supply groups"), (_, parsed, centre) =>
        CentreCommand.Print(parsed, ["Code", "Name", "Owner", "User", "Cluster", "Home", "Keys", "Version", "Digest"],
            centre.Groups.Select(group => (object?[])
        [
            group.Code, group.UniversalDefault ? group.Name + " (universal default)"
                : group.Name, centre.UserOf(group).Name, group.Owner, group.Cluster, group.Home,
            centre.Keys.Count(key => key.Sgc == group.Code && key.State != KeyState.Revoked), group.Version,
                centre.Exchange.Digest(group.Code)[..16],
        ])));
}
