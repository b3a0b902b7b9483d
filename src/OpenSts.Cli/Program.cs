using System.CommandLine;
using OpenSts.Cli;
using OpenSts.Cli.Batch;
using OpenSts.Cli.Terminal;

var root = new RootCommand("The Standard Transfer Specification, Edition 2: tokens, keys and meters on the command line.")
{
    // One line for each chapter, in the order in which the help shows them.
    BatchCommand.Create(),
};
root.Options.Add(CommonOptions.Json);

var parsed = root.Parse(args);
if (parsed.Errors.Count == 0)
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
foreach (var error in parsed.Errors)
    Console.Error.WriteLine($"sts: {error.Message}");
Console.Error.WriteLine("Try 'sts --help', or '--help' after any command.");
return ExitCode.Usage;
