using System.CommandLine;
using System.Text;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Documentation;

/// <summary>Writes docs/reference/cli.md: the general part from a file, the commands from the command tree.</summary>
internal static class MarkdownReference
{
    public static string Write(Command root)
    {
        var text = new StringBuilder(Resources.Text("cli-head.md"));
        _ = text.Append("\n## Exit status\n| status | meaning |\n|---|---|\n");
        foreach (var (status, meaning) in ExitCode.Meanings)
            _ = text.Append($"| {status} | {meaning} |\n");
        _ = text.Append("\n## Commands\n| command | does |\n|---|---|\n");
        var commands = CommandDescription.WithSubcommands(root).Where(command => command != root).ToList();
        foreach (var command in commands.Where(CommandDescription.IsRunnable))
            _ = text.Append($"| [`{command.Path()}`](#{ManPage.Name(command)}) | {Cell(command.Description)} |\n");
        foreach (var command in commands.Where(CommandDescription.IsRunnable))
            Write(text, command);
        return text.ToString();
    }

    private static void Write(StringBuilder text, Command command)
    {
        _ = text.Append(
            $"\n### {ManPage.Name(command)}\n{command.Description}.\n\n    {CommandDescription.Usage(command)}\n");
        var rows = command.Arguments.Where(argument => !argument.Hidden)
            .Select(argument => (CommandDescription.Word(argument), argument.Description ?? ""))
            .Concat(CommandDescription.Options(command)
                .Select(option => (CommandDescription.Name(option), CommandDescription.Meaning(option))))
            .ToList();
        if (rows.Count > 0)
            _ = text.Append("\n| argument, option | meaning |\n|---|---|\n");
        foreach (var (name, meaning) in rows)
            _ = text.Append($"| `{name}` | {Cell(meaning)} |\n");
        foreach (var example in command.ExamplesOf())
            _ = text.Append($"\n{example.Meaning}:\n\n    {example.Line}\n");
    }

    private static string Cell(string? text) =>
        (text ?? "").Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
