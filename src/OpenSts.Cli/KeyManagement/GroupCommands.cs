using System.CommandLine;
using OpenSts.KeyManagement;

namespace OpenSts.Cli.KeyManagement;

/// <summary><c>sts kmc group ...</c> and <c>users</c>: supply groups and the utilities and landlords they belong to.</summary>
internal static class GroupCommands
{
    public static Command Create() => new("group", "Supply groups") { New(), Rename(), Move(), List() };

    /// <summary>A user is who its groups name as their owner; there is no other record of it.</summary>
    public static Command Users() => CentreCommand.On(new Command("users", "Show the users of supply groups: utilities and landlords, with their groups, keys and modules"), (_, parsed, centre) =>
        CentreCommand.Print(parsed, ["User", "Groups", "Keys", "Modules"], centre.Groups.GroupBy(group => group.Owner, StringComparer.Ordinal).OrderBy(user => user.Key, StringComparer.Ordinal).Select(user =>
        {
            var keys = centre.Keys.Where(key => key.State != KeyState.Revoked && user.Any(group => group.Code == key.Sgc)).Select(key => key.Id).ToHashSet(StringComparer.Ordinal);
            var modules = centre.Authorisations.Where(one => !one.Revoked && keys.Contains(one.Subject)).Select(one => one.Module).Distinct(StringComparer.Ordinal).Count();
            return (object?[])[user.Key, string.Join(' ', user.Select(group => group.Code)), keys.Count, modules];
        })));

    private static Argument<string> Code() => new("code") { Description = "Supply group code, 6 digits" };

    private static Command New()
    {
        var code = Code();
        var name = new Option<string>("--name") { Description = "1 to 40 characters", Required = true };
        var owner = new Option<string>("--owner") { Description = "The utility or landlord", Required = true };
        var cluster = new Option<int>("--cluster") { Description = "0 to 255; no key change leads to another cluster" };
        var universal = new Option<bool>("--universal-default") { Description = "Its default key goes to every module of the cluster" };
        return CentreCommand.On(new Command("create", "Ask for a new supply group") { code, name, owner, cluster, universal }, (shared, parsed, centre) =>
            shared.Ask(parsed, centre, new CreateGroup(parsed.GetValue(code)!, parsed.GetValue(name)!, parsed.GetValue(owner)!, parsed.GetValue(cluster), parsed.GetValue(universal))));
    }

    private static Command Rename()
    {
        var code = Code();
        var name = new Option<string>("--name") { Description = "1 to 40 characters", Required = true };
        var owner = new Option<string>("--owner") { Description = "The utility or landlord", Required = true };
        return CentreCommand.On(new Command("name", "Ask for another name or user of a group") { code, name, owner }, (shared, parsed, centre) =>
            shared.Ask(parsed, centre, new ChangeGroup(parsed.GetValue(code)!, parsed.GetValue(name)!, parsed.GetValue(owner)!)));
    }

    private static Command Move()
    {
        var code = Code();
        var home = new Option<string>("--to") { Description = "KMCID of the centre that shall be the group's home", Required = true };
        return CentreCommand.On(new Command("move", "Ask for another home of a group; it takes the group with its next file") { code, home }, (shared, parsed, centre) =>
            shared.Ask(parsed, centre, new MoveGroup(parsed.GetValue(code)!, parsed.GetValue(home)!)));
    }

    private static Command List() => CentreCommand.On(new Command("list", "Show the supply groups"), (_, parsed, centre) =>
        CentreCommand.Print(parsed, ["Code", "Name", "Owner", "Cluster", "Home", "Keys", "Version", "Digest"], centre.Groups.Select(group => (object?[])
        [
            group.Code, group.UniversalDefault ? group.Name + " (universal default)" : group.Name, group.Owner, group.Cluster, group.Home,
            centre.Keys.Count(key => key.Sgc == group.Code && key.State != KeyState.Revoked), group.Version, centre.Exchange.Digest(group.Code)[..16],
        ])));
}
