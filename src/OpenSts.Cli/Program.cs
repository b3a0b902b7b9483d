using System.CommandLine;
using OpenSts.Cli;
using OpenSts.Cli.Audit;
using OpenSts.Cli.Batch;
using OpenSts.Cli.Bench;
using OpenSts.Cli.Cosem;
using OpenSts.Cli.Demo;
using OpenSts.Cli.Identities;
using OpenSts.Cli.KeyManagement;
using OpenSts.Cli.Keys;
using OpenSts.Cli.Meters;
using OpenSts.Cli.SecurityModule;
using OpenSts.Cli.Terminal;
using OpenSts.Cli.Tokens;
using OpenSts.Cli.Vectors;

var root = new RootCommand("The Standard Transfer Specification, Edition 2: tokens, keys and meters on the command line.")
{
    // One line for each chapter, in the order in which the help shows them.
    DemoCommand.Create(),
    ExplainCommand.Create(),
    TokenCommands.Create(),
    KeyChangeCommand.Create(),
    DecodeCommand.Create(),
    KeyCommands.Create(),
    PanCommands.Create(),
    BatchCommand.Create(),
    VectorCommands.Create(),
    MeterCommands.Create(),
    SecurityModuleCommands.Create(),
    CosemCommands.Create(),
    KmcCommands.Create(),
    AuditCommands.Create(),
    BenchCommands.Create(),
};
root.Options.Add(CommonOptions.Json);

var parsed = root.Parse(args);
if (parsed.Errors.Count == 0)
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
foreach (var error in parsed.Errors)
    Console.Error.WriteLine($"sts: {Commands.Said(error)}");
Console.Error.WriteLine("Try 'sts --help', or '--help' after any command.");
return ExitCode.Usage;
