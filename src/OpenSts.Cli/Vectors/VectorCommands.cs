using System.CommandLine;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Vectors;

/// <summary><c>sts vectors run</c>: runs published test vectors and counts.</summary>
internal static class VectorCommands
{
    public static Command Create() => new("vectors", "Test vectors of the standard") { Run() };

    private static Command Run()
    {
        var files = new Argument<FileInfo[]>("files")
        {
            Description = "Vector files; left out: those that come with the command",
            Arity = ArgumentArity.ZeroOrMore,
        };
        return new Command("run", "Run vectors and say which fail") { files }.Does(parsed =>
        {
            var chosen = parsed.GetValue(files) is { Length: > 0 } given
                ? given.Select(f => f.FullName)
                : Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "vectors"), "*.jsonl",
                    SearchOption.AllDirectories).Order(StringComparer.Ordinal);
            var (passed, failed) = (0, 0);
            using var runner = new VectorRunner();
            foreach (var file in chosen)
            {
                foreach (var result in runner.RunFile(file))
                {
                    if (result.Failure is null)
                    {
                        passed++;
                        continue;
                    }

                    failed++;
                    Console.Error.WriteLine($"{Path.GetFileName(file)} {result.Id}: {result.Failure}");
                }
            }

            Console.Out.WriteLine(parsed.WantsJson() ? $$"""{"passed":{{passed}},"failed":{{failed}}}"""
                : $"{passed} passed, {failed} failed");
            return failed == 0 && passed > 0 ? ExitCode.Good : ExitCode.Negative;
        }).WithExamples(("Run the vectors that come with the command", "sts vectors run"),
            ("Run a file of your own", "sts vectors run mine.jsonl"));
    }
}
