using System.CommandLine;

namespace OpenSts.Cli.Meters;

/// <summary><c>sts meter</c>: a payment meter and every way into it.</summary>
internal static class MeterCommands
{
    public static Command Create() => new("meter", "A payment meter: make one, enter tokens, run stories, serve its ports")
    {
        MeterBatchCommand.Create(),
    };
}
