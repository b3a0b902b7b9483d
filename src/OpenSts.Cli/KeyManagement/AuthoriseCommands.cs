using System.CommandLine;
using System.Globalization;
using OpenSts.Cli.Terminal;
using OpenSts.KeyManagement.Records;
using OpenSts.Sts6;

namespace OpenSts.Cli.KeyManagement;

/// <summary>
/// <c>sts kmc authorise</c>, <c>withdraw</c> and <c>authorisations</c>: which module may hold which key.
/// </summary>
internal static class AuthoriseCommands
{
    public static Command Create()
    {
        var modules = new Option<string[]>("--module")
        {
            Description = "Module id, 8 digits; as often as there are modules",
            AllowMultipleArgumentsPerToken = true,
        };
        var moduleFile = new Option<string?>("--module-file") { Description = "File with module ids, one to a line" };
        var subjects = new Option<string[]>("--key")
        {
            Description =
                "Id of the key, such as 123456-0001; for another centre the group's code; as often as there are keys",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var units = new Option<string>("--units")
        {
            Description = "Units (0.1 kWh) until the next file, a number or 'unlimited'",
            DefaultValueFactory = _ => "0",
        };
        var currency = new Option<string>("--currency")
        {
            Description = "Whole units of currency until the next file, a number or 'unlimited'",
            DefaultValueFactory = _ => "0",
        };
        var subclasses = new Option<string>("--subclasses")
        {
            Description = "Class 0 subclasses that may be sold, such as 0,1,2,3 or 'none'",
            DefaultValueFactory = _ => "none",
        };
        var until = new Option<string>("--until")
        {
            Description = "End of the permission, such as 2027-12-31",
            Required = true,
        };
        return CentreCommand.On(new Command("authorise",
            "Ask for the permission of modules to hold keys, with their limits")
            {
                modules,
                moduleFile,
                subjects,
                units,
                currency,
                subclasses,
                until,
            }, (shared, parsed, centre) =>
        {
            string[] ids = [.. (parsed.GetValue(modules) ?? [])
                .Concat(parsed.GetValue(moduleFile) is { } file ? CentreCommand.Lines(file) : [])
                .Select(CentreCommand.ModuleId)];
            if (ids.Length == 0)
                throw new CliException(
                    "--module is missing: a module's id, as often as there are modules, or --module-file with one or "
                        + "more");
            return shared.Ask(parsed, centre, new Authorise(ids, parsed.GetValue(subjects)!,
                Limit("--units", parsed.GetValue(units)!), Limit("--currency", parsed.GetValue(currency)!),
                Subclasses(parsed.GetValue(subclasses)!), CentreCommand.Time("--until", parsed.GetValue(until)!)));
        });
    }

    public static Command Withdraw()
    {
        var module = new Argument<string>("module") { Description = "Module id, 8 digits" };
        var subject = new Argument<string>("key") { Description = "Id of the key, or the group's code" };
        var reason = new Option<string>("--reason") { Description = "Why, for the log", Required = true };
        return CentreCommand.On(new Command("withdraw",
            "Ask for the end of a permission: the module's next file is without the key") { module, subject, reason },
            (shared, parsed, centre) =>
            shared.Ask(parsed, centre, new RevokeAuthorisation(CentreCommand.ModuleId(parsed.GetValue(module)!),
                parsed.GetValue(subject)!, parsed.GetValue(reason)!)));
    }

    public static Command List()
    {
        var module = new Option<string?>("--module") { Description = "Of this module only" };
        return CentreCommand.On(new Command("authorisations",
            "Show which module may hold which key, with its limits") { module }, (_, parsed, centre) =>
            CentreCommand.Print(parsed, ["Module", "Key", "Units", "Currency", "Subclasses", "Until", "State"],
                centre.Authorisations.Where(one => parsed.GetValue(module) is not { } id
                || one.Module == CentreCommand.ModuleId(id)).Select(one => (object?[])
            [
                one.Module, one.Subject, ChangeText.Limit(one.UnitLimit), ChangeText.Limit(one.CurrencyLimit),
                    ChangeText.Subclasses(one.Subclasses), one.Until,
                one.Revoked ? "withdrawn" : one.Until <= DateTimeOffset.UtcNow ? "ended" : "active",
            ])));
    }

    private static uint Limit(string name, string text) => text == "unlimited"
        ? KeyCard.NoLimit
        : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value != KeyCard.NoLimit
            ? value
            : throw new CliException($"{name} held {text}; permitted: 0 to 4294967294, or unlimited");

    private static int Subclasses(string text)
    {
        if (text == "none")
            return 0;
        var mask = 0;
        foreach (var part in text.Split(','))
            mask |= part is [>= '0' and <= '7'] ? 1 << (part[0] - '0')
                : throw new CliException(
                $"--subclasses held {text}; permitted: a list of 0 to 7 joined by commas, or none");
        return mask;
    }
}
