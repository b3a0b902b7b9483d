using System.CommandLine;
using OpenSts.Cli.Documentation;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Tests.Terminal;

public class CommandTreeTests
{
    private static readonly List<Command> All = [.. CommandDescription.WithSubcommands(CommandTree.Create())];

    [Fact]
    public void Create_EveryCommandOptionAndArgument_IsDescribed()
    {
        Assert.Empty(All.Where(command => string.IsNullOrWhiteSpace(command.Description))
            .Select(command => command.Path()));
        Assert.Empty(
            from command in All
            from symbol in CommandDescription.Options(command).Cast<Symbol>().Concat(command.Arguments)
            where string.IsNullOrWhiteSpace(symbol.Description)
            select $"{command.Path()} {symbol.Name}");
    }

    [Fact]
    public void WithExamples_EveryExample_ParsesAsItsOwnCommand()
    {
        Assert.Empty(
            from command in All
            from example in command.ExamplesOf()
            where !IsRight(command, example)
            select $"{command.Path()}: {example.Line}");
    }

    [Fact]
    public void WithExamples_EveryRunnableCommand_HasOne() =>
        Assert.Equal([], from command in All
                         where CommandDescription.IsRunnable(command) && command.ExamplesOf().Count == 0
                         select command.Path());

    [Theory]
    [InlineData("expain", "explain")]
    [InlineData("cedit", "credit")]
    [InlineData("--amuont", "--amount")]
    [InlineData("explain", "explain")]
    [InlineData("zzzzzz", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void Nearest_AWordTyped_FindsTheOneMeant(string typed, string? meant) =>
        Assert.Equal(meant, CommandLineErrors.Nearest(typed, ["explain", "credit", "--amount", "decode", "vectors"]));

    // Pipes, redirections and substitutions are the shell's: the command is what stands before them.
    private static bool IsRight(Command command, Example example)
    {
        var line = example.Line.Split(" | ").Single(part => part.StartsWith("sts ", StringComparison.Ordinal))
            .Split(" > ")[0].Split(" >> ")[0].Split(" < ")[0];
        var parsed = CommandTree.Parse([.. Split(line["sts ".Length..])]);
        return parsed.Errors.Count == 0
            && (parsed.CommandResult.Command.Path() == command.Path() || command is RootCommand);
    }

    private static IEnumerable<string> Split(string line) =>
        System.Text.RegularExpressions.Regex.Matches(line, "'[^']*'|\"[^\"]*\"|\\S+")
            .Select(match => match.Value.Trim('\'', '"'));
}
