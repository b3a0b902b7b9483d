using System.CommandLine;
using OpenSts.Batch.Meters;
using OpenSts.Cli.Batch;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Meters;

/// <summary><c>sts meter batch</c>: the life of meters as JSON Lines.</summary>
internal static class MeterBatchCommand
{
    public static Command Create()
    {
        var command = new Command(
            "batch", "Answer JSON Lines: create, enter, consume, power, tamper, read (docs/reference/meter-batch.md)");
        // One worker: the lines after a create are one meter's life, in their order.
        return command.Does(
            (_, stop) => BatchOutput.RunAsync(workers: 1, () => new MeterRequestProcessor(), stop)).WithExamples(
            ("Answer the requests of a file", "sts meter batch < life.jsonl"));
    }
}
