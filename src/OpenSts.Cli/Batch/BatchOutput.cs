using OpenSts.Batch.Lines;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Batch;

/// <summary>Answers the lines of standard input on standard output.</summary>
internal static class BatchOutput
{
    /// <summary>Runs to the end of the input; the exit status.</summary>
    /// <exception cref="IOException">The input cannot be read or the output cannot be written.</exception>
    public static async Task<int> RunAsync(int workers, Func<LineProcessor> processors, CancellationToken stop)
    {
        await using var input = StandardStreams.OpenInput();
        await using var output = StandardStreams.OpenOutput();
        return await new BatchRunner(input, output, workers, processors).RunAsync(stop) ? ExitCode.Good
            : ExitCode.Negative;
    }
}
