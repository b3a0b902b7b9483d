using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;
using OpenSts.KeyManagement;
using OpenSts.KeyManagement.Records;
using Spectre.Console;

namespace OpenSts.Cli.KeyManagement;

/// <summary><c>sts kmc load-file</c>, <c>confirm</c> and <c>files</c>.</summary>
internal static class FileCommands
{
    private const int Step = 50;

    public static Command LoadFile()
    {
        var requests = new Argument<string[]>("requests")
        {
            Description = "Files with modules' requests, one or more lines each",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--out")
        {
            Description = "Folder for the key load files: MODULE-NUMBER.klf",
            Required = true,
        };
        return CentreCommand.On(new Command("load-file",
            "Make the key load files that answer requests; the same request gets the same file until it is confirmed")
            {
                requests,
                output,
            }, (shared, parsed, centre) =>
        {
            using var officer = shared.Officer(parsed);
            var lines = parsed.GetValue(requests)!.SelectMany(CentreCommand.Lines).ToList();
            var into = parsed.GetValue(output)!;
            _ = Directory.CreateDirectory(into);
            return parsed.WantsJson() || Console.IsErrorRedirected || lines.Count <= Step
                ? Make(parsed, centre, officer, lines, into, _ => { })
                : AnsiConsole.Progress().Start(progress =>
                {
                    var task = progress.AddTask("files", maxValue: lines.Count);
                    return Make(parsed, centre, officer, lines, into, done => task.Value = done);
                });
        });
    }

    public static Command Confirm()
    {
        var files = new Argument<string[]>("confirmations")
        {
            Description = "Files with modules' confirmations, one or more lines each",
            Arity = ArgumentArity.OneOrMore,
        };
        return CentreCommand.On(new Command("confirm",
            "Take modules' confirmations that they hold what their files held") { files }, (_, parsed, centre) =>
        {
            var worst = ExitCode.Good;
            foreach (var line in parsed.GetValue(files)!.SelectMany(CentreCommand.Lines))
                worst = Math.Max(worst, CentreCommand.Print(parsed, centre.Files.Confirm(line), Json,
                    file => $"module {file.Module} holds the {file.Keys.Count} keys of file {file.KekId}"));
            return worst;
        });
    }

    public static Command List()
    {
        var module = new Option<string?>("--module") { Description = "Of this module only" };
        return CentreCommand.On(new Command("files",
            "Show the key load files that were made, and which were confirmed") { module }, (_, parsed, centre) =>
            CentreCommand.Print(parsed, ["Module", "File", "Keys", "Made", "Confirmed", "Tokens until"],
                centre.Files.All.Where(file => parsed.GetValue(module) is not { } id
                || file.Module == CentreCommand.ModuleId(id)).Select(file => (object?[])
            [
                file.Module, file.KekId, file.Keys.Count, file.Made, file.Confirmed, file.IssuedUntil,
            ])));
    }

    private static int Make(ParseResult parsed, KeyCentre centre, OfficerKey officer,
        List<string> lines, string into, Action<int> progress)
    {
        for (var at = 0; at < lines.Count; at += Step)
        {
            var answer = centre.Files.Make(officer, lines.GetRange(at, Math.Min(Step, lines.Count - at)));
            if (!answer.TryGet(out var files))
                return CentreCommand.Refuse(parsed, answer.Verdict.ToString(), answer.Text);
            foreach (var file in files)
            {
                var path = Path.Combine(into, FormattableString.Invariant($"{file.Module}-{file.KekId:D8}.klf"));
                File.WriteAllText(path, file.Text);
                if (parsed.WantsJson())
                    Console.Out.WriteLine(Json(file).ToJsonString(JsonText.Readable));
                else
                    Console.Out.WriteLine(
                        $"{path}: {file.Keys.Count} keys for module {file.Module}, tokens until "
                            + $"{(file.IssuedUntil is { } until ? CentreCommand.Text(until) : "never: no key")}");
            }

            progress(at + files.Count);
        }

        return ExitCode.Good;
    }

    private static JsonObject Json(LoadFile file) => new()
    {
        ["module"] = file.Module,
        ["number"] = file.KekId,
        ["keys"] = new JsonArray([.. file.Keys.Select(key => (JsonNode)key)]),
        ["sha256"] = file.Hash,
        ["made"] = CentreCommand.Json(file.Made),
        ["issuedUntil"] = CentreCommand.Json(file.IssuedUntil),
        ["confirmed"] = CentreCommand.Json(file.Confirmed),
    };
}
