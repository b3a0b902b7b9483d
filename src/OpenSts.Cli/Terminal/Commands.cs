using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace OpenSts.Cli.Terminal;

/// <summary>What every command has around its own work: errors, exit status, output.</summary>
internal static class Commands
{
    /// <summary>Text for a person, in colour where the terminal has it.</summary>
    public static IAnsiConsole Out { get; } = CreateOut();

    /// <summary>Sets the work of a command. Bad input becomes one line on standard error and exit status 2.</summary>
    public static Command Does(this Command command, Func<ParseResult, int> work)
    {
        command.SetAction(parsed =>
        {
            try
            {
                return work(parsed);
            }
            catch (Exception error) when (Reported(error) is { } report)
            {
                return WriteError(parsed, report.Code, report.Message);
            }
        });
        return command;
    }

    /// <summary>Sets the work of a command that waits. The token is cancelled by Ctrl-C and SIGTERM.</summary>
    public static Command Does(this Command command, Func<ParseResult, CancellationToken, Task<int>> work)
    {
        command.SetAction(async (parsed, stop) =>
        {
            try
            {
                return await work(parsed, stop).ConfigureAwait(false);
            }
            catch (Exception error) when (Reported(error) is { } report)
            {
                return WriteError(parsed, report.Code, report.Message);
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
        return string.Join(' ', names.Prepend("sts"));
    }

    /// <summary>True when the answer shall be JSON.</summary>
    public static bool WantsJson(this ParseResult parsed) => parsed.GetValue(CommonOptions.Json);

    /// <summary>Writes one JSON value on one line of standard output.</summary>
    public static void WriteJson(JsonNode answer) => Console.Out.WriteLine(answer.ToJsonString(JsonText.Readable));

    /// <summary>
    /// Reports an error: one line on standard error, or with --json an object with the member <c>error</c> on standard
    /// output.
    /// </summary>
    /// <returns>The exit status given.</returns>
    public static int WriteError(ParseResult parsed, string code, string message, int status = ExitCode.Usage)
    {
        if (parsed.WantsJson())
            WriteJson(new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } });
        else
            Console.Error.WriteLine($"{parsed.CommandResult.Command.Path()}: {message}");
        return status;
    }

    // The failures a person can do something about; any other exception is a fault of the program.
    private static (string Code, string Message)? Reported(Exception error) => error switch
    {
        CliException refused => (refused.Code, refused.Message),
        // Commands that connect report the address themselves; what is left is an address that cannot be listened on.
        SocketException socket => ("Socket", $"cannot listen on the address: {socket.Message}"),
        IOException or UnauthorizedAccessException => ("InputOutput", error.Message),
        _ => null,
    };

    private static IAnsiConsole CreateOut()
    {
        var isPlain = Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") == "dumb"
            || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        if (!isPlain)
            return AnsiConsole.Console;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(Console.Out),
        });
        console.Profile.Width = Terminal.Width ?? int.MaxValue;
        return console;
    }
}
