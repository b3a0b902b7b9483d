using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Batch;
using OpenSts.Cli.Terminal;
using OpenSts.Meter.Simulation.Stories;

namespace OpenSts.Cli.Meters;

/// <summary><c>sts meter run</c>: runs stories against a meter and reports where it answers differently.</summary>
internal static class StoryCommand
{
    public static Command Create()
    {
        var files = new Argument<FileInfo[]>("files")
        {
            Description = "Story files (default: those that come with the command)",
            Arity = ArgumentArity.ZeroOrMore
        };
        var fill = new Option<bool>("--fill")
        {
            Description = "Write the digits of tokens that have '-' into the files, then run"
        };
        return new Command(
            "run",
            "Run stories against a meter, line by line (vectors/stories/README.md)") { files, fill }.Does(parsed =>
        {
            var chosen = parsed.GetValue(files) is { Length: > 0 } given ? given.Select(f => f.FullName) : Delivered();
            var (passed, failed) = (0, 0);
            foreach (var file in chosen)
            {
                var failure = Run(
                    file, parsed.GetValue(fill),
                    verbose: parsed.GetValue(files) is { Length: 1 } && !parsed.WantsJson());
                if (failure is null)
                {
                    passed++;
                    continue;
                }

                failed++;
                Console.Error.WriteLine(failure);
            }

            if (parsed.WantsJson())
                Commands.WriteJson(new JsonObject { ["passed"] = passed, ["failed"] = failed });
            else
                Console.Out.WriteLine($"{passed} passed, {failed} failed");
            return failed == 0 && passed > 0 ? ExitCode.Good : ExitCode.Negative;
        }).WithExamples(
            ("Run every story that comes with the command", "sts meter run"),
            ("Run one story and show each step", "sts meter run vectors/stories/roll-over.story"));
    }

    private static IEnumerable<string> Delivered() =>
        Directory.EnumerateFiles(
            Path.Combine(AppContext.BaseDirectory, "vectors", "stories"), "*.story").Order(StringComparer.Ordinal);

    private static string? Run(string file, bool fill, bool verbose)
    {
        if (!File.Exists(file))
            throw new CliException($"there is no file {file}");
        try
        {
            var text = File.ReadAllLines(file);
            var story = StoryReader.Read(file, text);
            if (fill)
                Fill(file, text, story);
            var steps = StoryRunner.Run(story);
            if (verbose)
                Print(story, steps);
            var wrong = steps.FirstOrDefault(s => s.Failure is not null);
            return wrong is null ? null : $"{Path.GetFileName(file)}, line {wrong.Line.LineNumber}: {wrong.Failure}";
        }
        catch (StoryException error)
        {
            return error.Message;
        }
    }

    private static void Fill(string file, string[] text, Story story)
    {
        var digits = StoryTokens.Resolve(story);
        foreach (var token in story.Tokens.Where(t => t.Digits is null))
        {
            var line = text[token.LineNumber - 1];
            var at = line.IndexOf(" - ", StringComparison.Ordinal) is >= 0 and var inside
                ? inside + 1
                : line.LastIndexOf('-');
            var grouped = Token66.Parse(digits[token.Name]).ToGroupedString();
            text[token.LineNumber - 1] = $"{line[..at]}{grouped}{line[(at + 1)..]}";
        }

        File.WriteAllLines(file, text);
    }

    private static void Print(Story story, IReadOnlyList<StoryStep> steps)
    {
        Console.Out.WriteLine(story.Title);
        foreach (var step in steps)
        {
            var mark = step.Failure is null ? "ok " : "BAD";
            var answer = step.Answer["result"]?.ToString() ?? step.Answer["loadSwitch"]?.ToString() ?? "";
            var failure = step.Failure is null ? "" : $"   <- {step.Failure}";
            Console.Out.WriteLine(
                $"{mark} {Rfc3339.Format(step.At)}  "
                    + $"{step.Line.Action,-8}{step.Line.Argument,-12}{answer}{failure}");
        }
    }
}
