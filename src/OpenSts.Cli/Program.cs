using System.CommandLine;
using OpenSts.Cli;
using OpenSts.Cli.Terminal;

var parsed = CommandTree.Parse(args);
if (parsed.Errors.Count > 0 && parsed.Action is not { ClearsParseErrors: true })
    return CommandLineErrors.Report(parsed);
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
}
catch (Exception error)
{
    Console.Error.WriteLine(
        $"{parsed.CommandResult.Command.Path()}: internal fault, please report it with these lines:");
    Console.Error.WriteLine(error);
    return ExitCode.InternalFault;
}
