using System.Text;
using System.Text.RegularExpressions;
using OpenSts.Vending.Api;

namespace OpenSts.Tests.Vending;

/// <summary>Reads out of C# source the sentences with which the server refuses: their values become {0}, {1} and so on.</summary>
internal static partial class SourceSentences
{
    /// <summary>The details of refusals and problems, and what is held and permitted in them, as far as they are literals.</summary>
    public static IEnumerable<string> Refusals(string source)
    {
        foreach (Match match in RefusalPattern().Matches(source))
        {
            if (ProblemCatalogue.All.Any(kind => kind.Code == match.Groups[1].Value))
                yield return Literal(source, match.Index + match.Length, out _);
        }

        foreach (Match match in InvalidPattern().Matches(source))
        {
            foreach (var literal in Arguments(source, match.Index + match.Length).Skip(1).Where(literal => literal.Length > 0))
                yield return literal;
        }
    }

    // The arguments of a call as literals; one that is none is empty.
    private static List<string> Arguments(string source, int at)
    {
        var arguments = new List<string> { "" };
        for (var depth = 0; depth >= 0;)
        {
            if (source[at] == '"' || source[at..].StartsWith("$\"", StringComparison.Ordinal))
            {
                var literal = Literal(source, at, out at);
                if (depth == 0)
                    arguments[^1] += literal;
                continue;
            }

            depth += source[at] is '(' or '[' or '{' ? 1 : source[at] is ')' or ']' or '}' ? -1 : 0;
            if (source[at] == ',' && depth == 0)
                arguments.Add("");
            at++;
        }

        return arguments;
    }

    private static string Literal(string source, int at, out int end)
    {
        var filled = source[at] == '$';
        var text = new StringBuilder();
        var holes = 0;
        for (at += filled ? 2 : 1; source[at] != '"'; at++)
        {
            if (source[at] == '\\')
                _ = text.Append(source[++at]);
            else if (filled && source[at] == '{' && source[at + 1] != '{')
                (at, _) = (EndOfHole(source, at), text.Append('{').Append(holes++).Append('}'));
            else
                _ = text.Append(source[at]);
        }

        end = at + 1;
        return text.ToString();
    }

    private static int EndOfHole(string source, int at)
    {
        for (var depth = 0; ; at++)
        {
            if (source[at] == '"')
            {
                _ = Literal(source, at, out at);
                at--;
            }

            depth += source[at] == '{' ? 1 : source[at] == '}' ? -1 : 0;
            if (depth == 0)
                return at;
        }
    }

    [GeneratedRegex("(?:new Refusal|ApiAnswer\\.Problem|new)\\(\"([a-z-]+)\",\\s*(?=\\$?\")")]
    private static partial Regex RefusalPattern();

    [GeneratedRegex("\\bInvalid\\((?!string )")]
    private static partial Regex InvalidPattern();
}
