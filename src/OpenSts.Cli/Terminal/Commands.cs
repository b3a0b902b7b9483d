using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace OpenSts.Cli.Terminal;

/// <summary>What every command does around its own work.</summary>
internal static partial class Commands
{
    /// <summary>Text for a person, in colour where the terminal has it.</summary>
    public static IAnsiConsole Out { get; } = CreateOut();

    /// <summary>Sets the work of a command; bad input becomes one line on standard error and exit status 2.</summary>
    public static Command Does(this Command command, Func<ParseResult, int> work)
    {
        command.SetAction(parsed =>
        {
            try
            {
                return work(parsed);
            }
            catch (CliException error)
            {
                Console.Error.WriteLine($"{command.Path()}: {error.Message}");
                return ExitCode.Usage;
            }
            catch (SocketException error)
            {
                // Commands that connect say where themselves; what is left is an address that cannot be listened on.
                Console.Error.WriteLine($"{command.Path()}: the address to listen on cannot be had: {error.Message}");
                return ExitCode.Usage;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"{command.Path()}: {error.Message}");
                return ExitCode.Usage;
            }
        });
        return command;
    }

    /// <summary>The command as it was typed, such as "sts meter show".</summary>
    public static string Path(this Command command)
    {
        var names = new Stack<string>();
        for (Symbol? symbol = command; symbol is Command and not RootCommand; symbol = symbol.Parents.FirstOrDefault())
            names.Push(symbol.Name);
        return "sts " + string.Join(' ', names);
    }

    /// <summary>What is wrong with a command line: the parser names types of the language, people are told what is permitted.</summary>
    public static string Said(ParseError error) => ExpectedType().Replace(error.Message, type => type.Value.Contains("Int", StringComparison.Ordinal) ? "; permitted: a whole number" : "; permitted: a number");

    [GeneratedRegex(" as expected type '(System\\.Nullable`1\\[)?System\\.(U?Int(16|32|64)|Double|Decimal|Single)[^']*'", RegexOptions.CultureInvariant)]
    private static partial Regex ExpectedType();

    private static IAnsiConsole CreateOut()
    {
        if (!Console.IsOutputRedirected)
            return AnsiConsole.Console;
        // Into a file or a pipe: no colours, and lines are not broken at a width nobody sees.
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(Console.Out) });
        console.Profile.Width = 200;
        return console;
    }

    /// <summary>True when the answer shall be JSON.</summary>
    public static bool WantsJson(this ParseResult parsed) => parsed.GetValue(CommonOptions.Json);
}
