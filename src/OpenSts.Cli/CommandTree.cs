using System.CommandLine;
using OpenSts.Cli.Audit;
using OpenSts.Cli.Batch;
using OpenSts.Cli.Bench;
using OpenSts.Cli.Cosem;
using OpenSts.Cli.Demo;
using OpenSts.Cli.Diagnostics;
using OpenSts.Cli.Documentation;
using OpenSts.Cli.Identities;
using OpenSts.Cli.KeyManagement;
using OpenSts.Cli.Keys;
using OpenSts.Cli.Meters;
using OpenSts.Cli.SecurityModule;
using OpenSts.Cli.Terminal;
using OpenSts.Cli.Tokens;
using OpenSts.Cli.Vectors;

namespace OpenSts.Cli;

/// <summary>
/// The whole command line: what the parser, the help, the man pages and the reference are made from.
/// </summary>
internal static class CommandTree
{
    // An argument that begins with @ is text: nothing in it is read from a file.
    private static readonly ParserConfiguration Configuration = new() { ResponseFileTokenReplacer = null };

    /// <summary>Makes the tree; the commands are in the order in which the help shows them.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand(
            "The Standard Transfer Specification, Edition 2: tokens, keys and meters on the command line.")
        {
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
            DoctorCommand.Create(),
            CompletionCommand.Create(),
            ManCommand.Create(),
        };
        root.Options.Add(CommonOptions.Json);
        Examples.ShowInHelp(root);
        root.WithExamples(
            ("Follow a purchase from the key to the meter", "sts demo"),
            ("Look into a token", "sts explain 7063 0503 4700 2872 6114"));
        return root;
    }

    /// <summary>Parses a command line.</summary>
    public static ParseResult Parse(IReadOnlyList<string> args) => Create().Parse(args, Configuration);
}
