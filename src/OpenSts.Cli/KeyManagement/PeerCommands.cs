using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.KeyManagement;

/// <summary><c>sts kmc peer ...</c>: groups from another centre, by the same file that modules get.</summary>
internal static class PeerCommands
{
    public static Command Create() =>
        new("peer", "Groups from other centres") { Certificate(), Take(), Request(), Import(), List() };

    private static Command Certificate() =>
        CentreCommand.On(new Command("certificate",
        "Print this centre's certificate as a receiver, for the other centre's 'module register'"),
        (_, parsed, centre) =>
    {
        Console.Out.WriteLine(parsed.WantsJson()
            ? new JsonObject { ["certificate"] = centre.Exchange.Certificate.Line }.ToJsonString(JsonText.Readable)
            : centre.Exchange.Certificate.Line);
        return ExitCode.Good;
    });

    private static Command Take()
    {
        var file =
            new Argument<string>("certificate") { Description = "File with the other centre's certificate (KMPK)" };
        return CentreCommand.On(new Command("take", "Take another centre's certificate") { file },
            (shared, parsed, centre) =>
        {
            using var officer = shared.Officer(parsed);
            return CentreCommand.Print(parsed,
                centre.Exchange.TakeCentre(officer, CentreCommand.OneLine(parsed.GetValue(file)!)),
                key => new JsonObject { ["kmcid"] = key.Kmcid, ["sequence"] = key.Sequence },
                    key => $"centre {key.Kmcid}, key {key.Sequence}");
        });
    }

    private static Command Request()
    {
        var kmcid = new Argument<string>("kmcid") { Description = "The other centre" };
        var output = new Option<string>("--out") { Description = "New file for the request", Required = true };
        return CentreCommand.On(new Command("request",
            "Ask another centre for its groups; an earlier request is void") { kmcid, output },
            (shared, parsed, centre) =>
        {
            using var officer = shared.Officer(parsed);
            _ = CentreCommand.RequireNew(parsed.GetValue(output)!);
            var answer = centre.Exchange.Request(officer, parsed.GetValue(kmcid)!);
            if (answer.TryGet(out var line))
                CentreCommand.WriteNew(parsed.GetValue(output)!, line + "\n");
            return CentreCommand.Print(parsed, answer, request => new JsonObject { ["request"] = request },
                _ => $"for centre {parsed.GetValue(kmcid)}: {parsed.GetValue(output)}");
        });
    }

    private static Command Import()
    {
        var file = new Argument<string>("file") { Description = "The other centre's key load file" };
        var output = new Option<string>("--out") { Description = "New file for the confirmation", Required = true };
        return CentreCommand.On(new Command("import",
            "Take another centre's file, whole or not at all; a conflict names both centres") { file, output },
            (shared, parsed, centre) =>
        {
            using var officer = shared.Officer(parsed);
            _ = CentreCommand.RequireNew(parsed.GetValue(output)!);
            var answer = centre.Exchange.Take(officer, File.ReadAllText(parsed.GetValue(file)!));
            if (answer.TryGet(out var line))
                CentreCommand.WriteNew(parsed.GetValue(output)!, line + "\n");
            return CentreCommand.Print(parsed, answer,
                confirmation => new JsonObject { ["confirmation"] = confirmation },
                _ => $"taken; the confirmation is {parsed.GetValue(output)}");
        });
    }

    private static Command List() =>
        CentreCommand.On(new Command("list", "Show the centres from which groups come"), (_, parsed, centre) =>
        CentreCommand.Print(parsed, ["Centre", "Files", "Awaited", "Groups"],
            centre.Exchange.Sources.Select(sender => (object?[])
        [
            sender.Kmcid, sender.LastKekId, sender.Request.Length > 0,
                string.Join(' ', centre.Groups.Where(group => group.Home == sender.Kmcid).Select(group => group.Code)),
        ])));
}
