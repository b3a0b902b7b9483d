using System.CommandLine;
using System.Text;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Documentation;

/// <summary>Writes the man page of a command, in the macros of man(7).</summary>
internal static class ManPage
{
    /// <summary>The page's name without its section, such as <c>sts-pan-check</c>.</summary>
    public static string Name(Command command) => command.Path().Replace(' ', '-');

    /// <summary>The page.</summary>
    public static string Write(Command command)
    {
        var page = new StringBuilder();
        _ = page.Append(
            $".TH {Name(command).ToUpperInvariant().Replace("-", "\\-", StringComparison.Ordinal)} 1 \"\" \"OpenSts\" \"OpenSts\"\n");
        Section(page, "NAME").Append($"{Escape(Name(command))} \\- {Escape(command.Description)}\n");
        Section(page, "SYNOPSIS").Append($".B {Escape(CommandDescription.Usage(command))}\n");
        if (command.Arguments.Any(argument => !argument.Hidden))
        {
            Section(page, "ARGUMENTS");
            foreach (var argument in command.Arguments.Where(argument => !argument.Hidden))
                Entry(page, CommandDescription.Word(argument), argument.Description);
        }

        Section(page, "OPTIONS");
        foreach (var option in CommandDescription.Options(command))
            Entry(page, CommandDescription.Name(option), CommandDescription.Meaning(option));
        Entry(page, CommonOptions.Json.Name, CommonOptions.Json.Description);
        Entry(page, "--help", "Show help");
        if (command.Subcommands.Any(sub => !sub.Hidden))
        {
            Section(page, "COMMANDS");
            foreach (var sub in command.Subcommands.Where(sub => !sub.Hidden))
                Entry(page, sub.Path(), sub.Description);
        }

        Section(page, "EXIT STATUS");
        foreach (var (status, meaning) in ExitCode.Meanings)
            Entry(page, $"{status}", meaning);
        if (command.ExamplesOf().Count > 0)
        {
            Section(page, "EXAMPLES");
            foreach (var example in command.ExamplesOf())
                _ = page.Append(
                    $".PP\n{Escape(example.Meaning)}:\n.PP\n.RS 4\n.nf\n{Escape(example.Line)}\n.fi\n.RE\n");
        }

        var related = command.Subcommands.Where(sub => !sub.Hidden).Concat(command.Parents.OfType<Command>()).ToList();
        if (related.Count > 0)
            Section(page, "SEE ALSO").AppendJoin(",\n", related.Select(other => $".BR {Escape(Name(other))} (1)"))
                .Append('\n').Replace("(1),\n", "(1),\n");
        return page.ToString();
    }

    private static StringBuilder Section(StringBuilder page, string title) => page.Append($".SH \"{title}\"\n");

    private static void Entry(StringBuilder page, string name, string? text) =>
        page.Append($".TP\n.B {Escape(name)}\n{Escape(text)}\n");

    // A backslash begins a request of roff, a dot or an apostrophe at the start of a line is one.
    private static string Escape(string? text)
    {
        var escaped = (text ?? "").Replace("\\", "\\e", StringComparison.Ordinal)
            .Replace("-", "\\-", StringComparison.Ordinal).Replace('\n', ' ');
        return escaped.StartsWith('.') || escaped.StartsWith('\'') ? "\\&" + escaped : escaped;
    }
}
