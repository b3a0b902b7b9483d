using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OpenSts.Cli.Terminal;

/// <summary>
/// Reports a command line that cannot be parsed: what is wrong, the nearest permitted word, and where the help is.
/// </summary>
internal static partial class CommandLineErrors
{
    private const int LargestDistance = 3;

    /// <summary>Writes the errors; the exit status.</summary>
    public static int Report(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        // After an unknown word the parser misses others too: only the first matters.
        var unknown = parsed.Errors.FirstOrDefault(error => Unrecognized().IsMatch(error.Message));
        var lines = (unknown is null ? parsed.Errors : [unknown]).Select(error => Describe(error, command))
            .Distinct(StringComparer.Ordinal).ToList();
        if (parsed.Tokens.Any(token => token.Value == CommonOptions.Json.Name))
        {
            Commands.WriteJson(new JsonObject
            {
                ["error"] = new JsonObject { ["code"] = "Usage", ["message"] = string.Join("; ", lines) }
            });
            return ExitCode.Usage;
        }

        foreach (var line in lines)
            Console.Error.WriteLine($"{command.Path()}: {line}");
        Console.Error.WriteLine($"Try '{command.Path()} --help'.");
        return ExitCode.Usage;
    }

    /// <summary>The word nearest to the one typed; null where none is near.</summary>
    public static string? Nearest(string typed, IEnumerable<string> permitted) => permitted
        .Select(word => (Word: word, Distance: Distance(typed, word)))
        .Where(found => found.Distance <= Math.Min(LargestDistance, (typed.Length + 1) / 2))
        .OrderBy(found => found.Distance)
        .Select(found => found.Word)
        .FirstOrDefault();

    private static string Describe(ParseError error, Command command)
    {
        var message = ExpectedType().Replace(error.Message, type =>
            type.Value.Contains("Int", StringComparison.Ordinal) ? "; expected a whole number"
                : "; expected a number");
        // The parser lists what it expects one to a line, and for a name of the program's own with its type.
        if (Choices().Match(message) is { Success: true } choice)
            return $"'{choice.Groups[1].Value}{choice.Groups[2].Value}' is not one of "
                + $"{string.Join(", ", Words(choice.Groups[3].Value))}";
        if (Unrecognized().Match(message) is not { Success: true } match)
            return string.Join(' ', message.Split(null as char[], StringSplitOptions.RemoveEmptyEntries));
        var typed = match.Groups[1].Value;
        var nearest = Nearest(typed, Words(command, typed.StartsWith('-')));
        var kind = typed.StartsWith('-') ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        return nearest is null ? $"unknown {kind} '{typed}'" : $"unknown {kind} '{typed}'; did you mean '{nearest}'?";
    }

    private static IEnumerable<string> Words(string lines) =>
        lines.Split(null as char[], StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim('\''));

    private static IEnumerable<string> Words(Command command, bool options)
    {
        if (!options)
            return command.Subcommands.Where(sub => !sub.Hidden).SelectMany(sub => sub.Aliases.Prepend(sub.Name));
        var inherited = command.Parents.OfType<Command>().SelectMany(parent => parent.Options)
            .Where(option => option.Recursive);
        return command.Options.Concat(inherited).Concat([CommonOptions.Json])
            .SelectMany(option => option.Aliases.Prepend(option.Name));
    }

    // Damerau-Levenshtein: a swap of neighbours is one step, the commonest slip of a typist.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }

    // The parser names types of the language; people are told what is expected.
    [GeneratedRegex(
        " as expected type '(System\\.Nullable`1\\[)?System\\.(U?Int(16|32|64)|Double|Decimal|Single)[^']*'",
        RegexOptions.CultureInvariant)]
    private static partial Regex ExpectedType();

    [GeneratedRegex(
        "^(?:Argument '(.*?)' not recognized\\. Must be one of:"
            + "|Cannot parse argument '(.*?)' for option '.*?' as expected type '.*?'\\. Did you mean one of the "
            + "following\\?)(.*)$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Choices();

    [GeneratedRegex("^Unrecognized command or argument '(.*)'\\.$", RegexOptions.CultureInvariant
        | RegexOptions.Singleline)]
    private static partial Regex Unrecognized();
}
