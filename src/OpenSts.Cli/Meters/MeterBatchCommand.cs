using System.CommandLine;
using OpenSts.Batch.Lines;
using OpenSts.Batch.Meters;

namespace OpenSts.Cli.Meters;

/// <summary><c>sts meter batch</c>: the life of meters as JSON Lines.</summary>
internal static class MeterBatchCommand
{
    public static Command Create()
    {
        var command = new Command("batch", "Answer JSON Lines: create, enter, consume, power, tamper, read (docs/reference/meter-batch.md)");
        command.SetAction(async (_, _) =>
        {
            await using var input = Console.OpenStandardInput();
            await using var output = Console.OpenStandardOutput();
            try
            {
                // One worker: the lines after a create are one meter's life, in their order.
                return await new BatchRunner(input, output, workers: 1, () => new MeterRequestProcessor()).RunAsync() ? ExitCode.Good : ExitCode.Negative;
            }
            catch (IOException error)
            {
                await Console.Error.WriteLineAsync($"sts meter batch: {error.Message}");
                return ExitCode.Usage;
            }
        });
        return command;
    }
}
