using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Reports;

namespace OpenSts.Cli.KeyManagement;

/// <summary>
/// <c>sts kmc user ...</c>: utilities, landlords, operators and makers, to whom groups and modules belong.
/// </summary>
internal static class UserCommands
{
    public static Command Create() =>
        new("user", "The users to whom groups and modules belong: utilities, landlords, operators, makers")
        {
            Add(),
            Change(),
            Suspend(),
            Resume(),
            Close(),
            List(),
            Show(),
        };

    private static Argument<string> Number() =>
        new("user") { Description = "Number of the user, such as NORTH1-0001, or its name" };

    private static Option<string> Name() => new("--name") { Description = "1 to 40 characters", Required = true };

    private static Option<string> Contact() =>
        new("--contact")
        {
            Description =
                "How its people are reached: 1 to 80 characters; it travels in clear to other centres that hold its "
                    + "groups",
            Required = true,
        };

    private static Option<string> Reason() => new("--reason") { Description = "Why, for the log", Required = true };

    private static Command Add()
    {
        var (name, contact) = (Name(), Contact());
        return CentreCommand.On(new Command("add",
            "Ask for a new user; groups and modules are given to it afterwards") { name, contact },
            (shared, parsed, centre) =>
            shared.Ask(parsed, centre, new AddUser(parsed.GetValue(name)!, parsed.GetValue(contact)!)));
    }

    private static Command Change()
    {
        var (user, name, contact) = (Number(), Name(), Contact());
        return CentreCommand.On(new Command("change", "Ask for another name and contact of a user")
        {
            user,
            name,
            contact,
        }, (shared, parsed, centre) =>
            shared.Ask(parsed, centre, new ChangeUser(CentreCommand.UserId(centre, parsed.GetValue(user)!),
                parsed.GetValue(name)!, parsed.GetValue(contact)!)));
    }

    private static Command Suspend()
    {
        var (user, reason) = (Number(), Reason());
        return CentreCommand.On(new Command("suspend",
            "Ask that a user's groups and modules get nothing new and nothing renewed; what modules hold serves until "
                + "its date of issue") { user, reason }, (shared, parsed, centre) =>
            shared.Ask(parsed, centre,
                new SuspendUser(CentreCommand.UserId(centre, parsed.GetValue(user)!), parsed.GetValue(reason)!)));
    }

    private static Command Resume()
    {
        var user = Number();
        return CentreCommand.On(new Command("resume", "Ask for the end of a suspension") { user },
            (shared, parsed, centre) =>
            shared.Ask(parsed, centre, new ResumeUser(CentreCommand.UserId(centre, parsed.GetValue(user)!))));
    }

    private static Command Close()
    {
        var (user, reason) = (Number(), Reason());
        return CentreCommand.On(new Command("close",
            "Ask for the end of a user that has no living key and no module") { user, reason },
            (shared, parsed, centre) =>
            shared.Ask(parsed, centre,
                new CloseUser(CentreCommand.UserId(centre, parsed.GetValue(user)!), parsed.GetValue(reason)!)));
    }

    private static Command List() => CentreCommand.On(
        new Command("list", "Show the users with their groups, keys and modules"), (_, parsed, centre) =>
    {
        var users = UserHoldings.All(centre);
        return CentreCommand.Print(parsed, ["User", "Name", "Contact", "State", "Groups", "Keys", "Modules", "Home",
            "Created", "Added by"], users.Select(holdings => (object?[])
        [
            holdings.User.Id, holdings.User.Name, holdings.User.Contact, Said(holdings.User),
                string.Join(' ', holdings.Groups.Select(group => group.Code)), holdings.Keys.Count,
            holdings.Modules.Count(module => !module.Revoked), holdings.User.Home, holdings.User.Created,
                holdings.User.AddedBy,
        ]));
    });

    private static Command Show()
    {
        var user = Number();
        return CentreCommand.On(new Command("show", "Show one user and everything that belongs to it") { user },
            (_, parsed, centre) =>
        {
            var number = CentreCommand.UserId(centre, parsed.GetValue(user)!);
            if (UserHoldings.All(centre).FirstOrDefault(one => one.User.Id == number) is not { } holdings)
                return CentreCommand.Refuse(parsed, nameof(CentreVerdict.Unknown),
                    $"there is no user {number}; a user's number is such as {centre.Kmcid}-0001");
            Console.Out.WriteLine(parsed.WantsJson() ? Json(holdings).ToJsonString(JsonText.Readable)
                : Text(holdings));
            return ExitCode.Good;
        });
    }

    /// <summary>How a user stands, and why.</summary>
    public static string Said(SgcUser user) =>
        user.State.ToString().ToLowerInvariant() + (user.Reason.Length > 0 ? ": " + user.Reason : "");

    private static string Text(UserHoldings holdings)
    {
        var user = holdings.User;
        string Some(IEnumerable<string> items) => string.Join(", ", items) is { Length: > 0 } text ? text : "none";
        return $"""
            {user.Id} {user.Name}
              state     {Said(user)}
              contact   {(user.Contact.Length > 0 ? user.Contact : "none known; user change")}
              added     {CentreCommand.Text(user.Created)} by {user.AddedBy}, version {user.Version}, at home at {user.Home}
              groups    {Some(holdings.Groups.Select(group => $"{group.Code} {group.Name}"))}
              keys      {Some(holdings.Keys.Select(key => $"{key.Id} {VendingKeyNames.Of(key.KeyType)} {key.State.ToString().ToLowerInvariant()}"))}
              modules   {Some(holdings.Modules.Select(module => $"{module.Id} {module.Kind}{(module.Revoked ? " revoked" : "")}"))}
            """;
    }

    private static JsonObject Json(UserHoldings holdings)
    {
        var user = holdings.User;
        static JsonArray Array(IEnumerable<string> items) => new([.. items.Select(item => (JsonNode)item)]);
        return new JsonObject
        {
            ["user"] = user.Id,
            ["name"] = user.Name,
            ["contact"] = user.Contact,
            ["state"] = user.State.ToString().ToLowerInvariant(),
            ["reason"] = user.Reason,
            ["home"] = user.Home,
            ["version"] = user.Version,
            ["created"] = CentreCommand.Json(user.Created),
            ["addedBy"] = user.AddedBy,
            ["groups"] = Array(holdings.Groups.Select(group => group.Code)),
            ["keys"] = Array(holdings.Keys.Select(key => key.Id)),
            ["modules"] = Array(holdings.Modules.Select(module => module.Id)),
        };
    }
}
