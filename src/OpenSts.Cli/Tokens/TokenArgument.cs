using System.CommandLine;

namespace OpenSts.Cli.Tokens;

/// <summary>The 20 digits of a token as an argument: in one piece, or in groups, quoted or not.</summary>
internal static class TokenArgument
{
    public static Argument<string[]> Create() => new("token")
    {
        Description = "20 digits; spaces and dashes between groups are accepted",
        Arity = ArgumentArity.OneOrMore,
    };

    public static string Text(ParseResult parsed, Argument<string[]> argument) =>
        string.Join(' ', parsed.GetValue(argument)!);
}
