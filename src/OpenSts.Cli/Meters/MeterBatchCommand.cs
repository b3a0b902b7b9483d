using System.CommandLine;
using OpenSts.Batch.Lines;
using OpenSts.Batch.Meters;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Meters;

/// <summary><c>sts meter batch</c>: the life of meters as JSON Lines.</summary>
internal static class MeterBatchCommand
{
    public static Command Create()
    {
        var command = new Command(
            "batch", "Answer JSON Lines: create, enter, consume, power, tamper, read (docs/reference/meter-batch.md)");
        return command.Does(async (_, _) =>
        {
            await using var input = Console.OpenStandardInput();
            await using var output = Console.OpenStandardOutput();
            // One worker: the lines after a create are one meter's life, in their order.
            return await new BatchRunner(input, output, workers: 1, () => new MeterRequestProcessor()).RunAsync()
                ? ExitCode.Good
                : ExitCode.Negative;
        }).WithExamples(("Answer the requests of a file", "sts meter batch < requests.jsonl > answers.jsonl"));
    }
}
