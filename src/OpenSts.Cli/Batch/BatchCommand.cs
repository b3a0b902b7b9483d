using System.CommandLine;
using OpenSts.Cli.Terminal;
using OpenSts.Batch.Lines;
using OpenSts.Batch.Tokens;

namespace OpenSts.Cli.Batch;

/// <summary><c>sts batch</c>: one JSON request a line in, one JSON answer a line out.</summary>
internal static class BatchCommand
{
    public static Command Create()
    {
        var showKeyBits = new Option<bool>("--show-key-bits") { Description = "Let decode answers hold the key bits of key change tokens" };
        var workers = new Option<int>("--workers")
        {
            Description = "How many lines are worked on at once",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        workers.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 256)
                result.AddError($"--workers held {result.GetValueOrDefault<int>()}; permitted is 1 to 256");
        });
        var command = new Command("batch", "Answer JSON Lines: issue, keyChange, decode, encrypt, decrypt, decoderKey (docs/reference/batch.md)") { showKeyBits, workers };
        command.SetAction(async (parsed, _) =>
        {
            await Console.Error.WriteLineAsync("sts batch: requests carry raw keys; for laboratories and tests only, production keys stay in a security module");
            await using var input = Console.OpenStandardInput();
            await using var output = Console.OpenStandardOutput();
            try
            {
                var pump = new BatchRunner(input, output, parsed.GetValue(workers), () => new TokenRequestProcessor(TimeProvider.System, parsed.GetValue(showKeyBits)));
                return await pump.RunAsync() ? ExitCode.Good : ExitCode.Negative;
            }
            catch (IOException error)
            {
                await Console.Error.WriteLineAsync($"sts batch: {error.Message}");
                return ExitCode.Usage;
            }
        });
        return command.WithExamples(
            ("Answer the requests of a file", "sts batch < requests.jsonl > answers.jsonl"),
            ("Answer one request", "echo '{\"op\":\"issue\",\"token\":{\"class\":1,\"subclass\":0,\"control\":1,\"manufacturerCode\":\"00\"}}' | sts batch"));
    }
}
