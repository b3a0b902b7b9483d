using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;
using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Records;

namespace OpenSts.Cli.KeyManagement;

/// <summary><c>sts kmc module ...</c>: the modules and other centres that may get files.</summary>
internal static class ModuleCommands
{
    public static Command Create() => new("module", "The modules and other centres that may get files")
    {
        Register(),
        Production(),
        Revoke(),
        List(),
    };

    private static Command Register()
    {
        var file =
            new Argument<string>("certificate") { Description = "File with the certificate that the root signed" };
        var owner = new Option<string>("--owner")
        {
            Description = "Number or name of the user that runs it; for another centre its KMCID",
            Required = true,
        };
        return CentreCommand.On(new Command("register",
            "Register a module; it gets nothing before it is authorised") { file, owner }, (shared, parsed, centre) =>
        {
            using var officer = shared.Officer(parsed);
            return CentreCommand.Print(parsed, centre.Modules.Register(officer,
                CentreCommand.OneLine(parsed.GetValue(file)!), parsed.GetValue(owner)!),
                module => new JsonObject
                {
                    ["module"] = module.Id,
                    ["kind"] = module.Kind.ToString(),
                    ["owner"] = CentreCommand.OwnerOf(centre, module),
                    ["user"] = centre.UserOf(module)?.Id,
                },
                module => $"module {module.Id}, {module.Kind}, of {CentreCommand.OwnerOf(centre, module)}");
        });
    }

    private static Command Production()
    {
        var module = new Argument<string>("module") { Description = "Id of a manufacturing module" };
        var code = new Option<string>("--code")
        {
            Description = "Supply group code of the maker, 6 digits; a new group is made where there is none",
            Required = true,
        };
        var name = new Option<string>("--name")
        {
            Description = "Name of a new group",
            DefaultValueFactory = _ => "production",
        };
        var dkga =
            new Option<string>("--dkga") { Description = "DKGA04 or DKGA02", DefaultValueFactory = _ => "DKGA04" };
        var baseDate =
            new Option<int>("--base-date") { Description = "1993, 2014 or 2035", DefaultValueFactory = _ => 2014 };
        var until = new Option<string>("--until")
        {
            Description = "End of the keys and of the permission, such as 2029-12-31",
            Required = true,
        };
        var command = new Command("production",
            "Ask for what a manufacturing module needs to build meters: an initialization key and a default key of "
                + "its maker, in its next file") { module, code, name, dkga, baseDate, until };
        return CentreCommand.On(command,
            (shared, parsed, centre) =>
            shared.Ask(parsed, centre, new ProvideProductionKeys(CentreCommand.ModuleId(parsed.GetValue(module)!),
            parsed.GetValue(code)!, parsed.GetValue(name)!,
            parsed.GetValue(dkga) switch
            {
                "DKGA02" => DecoderKeyGenerationAlgorithm.Dkga02,
                "DKGA04" => DecoderKeyGenerationAlgorithm.Dkga04,
                var other => throw new CliException($"--dkga held {other}; permitted: DKGA02, DKGA04"),
            }, parsed.GetValue(baseDate), CentreCommand.Time("--until", parsed.GetValue(until)!))))
            .WithExamples(("Give module 10000002 its production keys",
                "sts kmc module production CENTRE 10000002 --code 700001 --until 2029-12-31 --key-file daily.key --as "
                    + "ama"));
    }

    private static Command Revoke()
    {
        var module = new Argument<string>("module") { Description = "Module id, 8 digits" };
        var reason = new Option<string>("--reason") { Description = "Why, for the log", Required = true };
        return CentreCommand.On(new Command("revoke",
            "Ask for the end of a module: no file is made for it any more") { module, reason },
            (shared, parsed, centre) =>
            shared.Ask(parsed, centre,
                new RevokeModule(CentreCommand.ModuleId(parsed.GetValue(module)!), parsed.GetValue(reason)!)));
    }

    private static Command List() =>
        CentreCommand.On(new Command("list", "Show the modules and how they stand"), (_, parsed, centre) =>
    {
        var last = centre.Files.All.Where(file => file.Confirmed is not null).GroupBy(file => file.Module)
            .ToDictionary(files => files.Key, files => files.MaxBy(file => file.KekId)!);
        return CentreCommand.Print(parsed, ["Module", "Kind", "Owner", "User", "State", "Files", "Keys", "Confirmed",
            "Refresh by", "Certificate until"], centre.Modules.All.Select(module =>
        {
            var file = last.GetValueOrDefault(module.Id);
            return (object?[])
            [
                module.Id, module.Kind, CentreCommand.OwnerOf(centre, module), centre.UserOf(module)?.Id,
                    module.Revoked ? "revoked: " + module.Reason : "active", module.LastKekId, file?.Keys.Count
                    ?? 0, file?.Confirmed, file?.IssuedUntil,
                ModuleCertificate.TryParse(module.Certificate, out var certificate, out string _)
                    ? certificate.NotAfter : (DateTimeOffset?)null,
            ];
        }));
    });
}
