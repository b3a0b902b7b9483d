using System.CommandLine;
using Spectre.Console;

namespace OpenSts.Cli.Terminal;

/// <summary>What every command does around its own work.</summary>
internal static class Commands
{
    /// <summary>Text for a person, in colour where the terminal has it.</summary>
    public static IAnsiConsole Out { get; } = AnsiConsole.Console;

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
                Console.Error.WriteLine($"sts {command.Name}: {error.Message}");
                return ExitCode.Usage;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"sts {command.Name}: {error.Message}");
                return ExitCode.Usage;
            }
        });
        return command;
    }

    /// <summary>True when the answer shall be JSON.</summary>
    public static bool WantsJson(this ParseResult parsed) => parsed.GetValue(CommonOptions.Json);
}
