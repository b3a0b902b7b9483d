using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace OpenSts.Cli.Terminal;

/// <summary>One use of a command.</summary>
/// <param name="Meaning">What it does, without a full stop.</param>
/// <param name="Line">The whole line as typed, beginning with <c>sts</c>.</param>
internal sealed record Example(string Meaning, string Line);

/// <summary>Examples of commands: shown by --help, in the man pages and in docs/reference/cli.md.</summary>
internal static class Examples
{
    private static readonly ConditionalWeakTable<Command, List<Example>> Of = [];

    /// <summary>Adds examples: for each what it does, and the line as typed, which begins with <c>sts</c>.</summary>
    public static Command WithExamples(this Command command,
        params ReadOnlySpan<(string Meaning, string Line)> examples)
    {
        var list = Of.GetOrCreateValue(command);
        foreach (var (meaning, line) in examples)
            list.Add(new Example(meaning, line));
        return command;
    }

    /// <summary>Adds examples to the commands below one: each to the command that its line names.</summary>
    /// <remarks>For an area whose examples build on each other: they stand in one list, in the order of use.</remarks>
    public static Command WithExamplesBelow(this Command top,
        params ReadOnlySpan<(string Meaning, string Line)> examples)
    {
        foreach (var example in examples)
        {
            var command = top;
            foreach (var word in example.Line.Split(' ').SkipWhile(word => word != top.Name).Skip(1))
            {
                if (command.Subcommands.FirstOrDefault(below => below.Name == word) is not { } below)
                    break;
                command = below;
            }

            command.WithExamples(example);
        }

        return top;
    }

    /// <summary>The examples of a command, in the order of adding.</summary>
    public static IReadOnlyList<Example> ExamplesOf(this Command command) =>
        Of.TryGetValue(command, out var list) ? list : [];

    /// <summary>Makes --help of every command show its examples too.</summary>
    public static void ShowInHelp(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
    }

    private sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            if (Terminal.Width is { } width)
                help.MaxWidth = width;
            var status = help.Invoke(parseResult);
            var examples = parseResult.CommandResult.Command.ExamplesOf();
            if (examples.Count == 0)
                return status;
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  {example.Meaning}:");
                output.WriteLine($"    {example.Line}");
            }

            output.WriteLine();
            return status;
        }
    }
}
