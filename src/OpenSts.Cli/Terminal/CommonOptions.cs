using System.CommandLine;

namespace OpenSts.Cli.Terminal;

/// <summary>Options every command understands.</summary>
internal static class CommonOptions
{
    /// <summary>One JSON object (or one to a line) on standard output in place of text.</summary>
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Answer in JSON",
        Recursive = true,
    };
}
