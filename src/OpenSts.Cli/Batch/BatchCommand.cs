using System.CommandLine;
using OpenSts.Batch.Tokens;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Batch;

/// <summary><c>sts batch</c>: one JSON request a line in, one JSON answer a line out.</summary>
internal static class BatchCommand
{
    public static Command Create()
    {
        var showKeyBits = new Option<bool>("--show-key-bits")
        {
            Description = "Let decode answers hold the key bits of key change tokens"
        };
        var workers = new Option<int>("--workers")
        {
            Description = "How many lines are worked on at once, 1 to 256",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var module = new ModuleOption();
        var command = new Command("batch",
            "Answer JSON Lines: issue, keyChange, decode, encrypt, decrypt, decoderKey (docs/reference/batch.md)") { showKeyBits, workers };
        module.AddTo(command);
        return command.Does(async (parsed, stop) =>
        {
            if (parsed.GetValue(workers) is < 1 or > 256)
                throw new CliException($"--workers: {parsed.GetValue(workers)} is not a whole number from 1 to 256");
            await using var connection = module.Open(parsed);
            if (connection.Module is null)
                await Console.Error.WriteLineAsync(
                    "sts batch: requests carry raw keys; for laboratories and tests only, production keys stay in a "
                        + "security module");
            var options =
                new TokenRequestOptions { ShowKeyBits = parsed.GetValue(showKeyBits), Module = connection.Module };
            return await BatchOutput.RunAsync(parsed.GetValue(workers), () => new TokenRequestProcessor(options),
                stop);
        }).WithExamples(
            ("Answer the requests of a file", "sts batch < requests.jsonl > answers.jsonl"),
            ("Answer one request",
                "echo '{\"op\":\"issue\",\"token\":{\"class\":1,\"subclass\":0,\"control\":1,\"manufacturerCode\":\"00\"}}' | sts batch"),
            ("Answer requests that name key registers of a security module",
                "sts batch --module 127.0.0.1:5100 < requests.jsonl"));
    }
}
