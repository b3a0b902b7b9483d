using System.CommandLine;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Bench;

/// <summary>
/// <c>sts bench ...</c>: measures a fixed amount of work, or the requests per second of a server.
/// </summary>
internal static class BenchCommands
{
    public static Command Create() => new("bench", "Measure this machine") { Tokens(), BenchCosem.Create() };

    private static Command Tokens()
    {
        var suite = new Option<string>("--suite")
        {
            Description = "EA07 (with DKGA02) or EA11 (with DKGA04)",
            DefaultValueFactory = _ => "EA07",
        }.AcceptOnlyFromAmong("EA07", "EA11");
        var count = new Option<long>("-n") { Description = "How many tokens", DefaultValueFactory = _ => 1_000_000 };
        var mode = new Option<BenchMode>("--mode")
        {
            Description = "bulk, or single for one request at a time",
            DefaultValueFactory = _ => BenchMode.Bulk,
        };
        var threads = new Option<int>("--threads")
        {
            Description = "Threads of the bulk mode",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        return new Command("tokens",
            "Issue tokens for 10,000 meters, each key derived anew; other implementations can do the same work")
        {
            suite,
            count,
            mode,
            threads,
        }.Does(parsed =>
        {
            if (parsed.GetValue(count) < 1)
                throw new CliException($"-n: {parsed.GetValue(count)} is not 1 or more");
            if (parsed.GetValue(threads) is < 1 or > 1024)
                throw new CliException($"--threads: {parsed.GetValue(threads)} is not a whole number from 1 to 1024");
            var result = BenchTokens.Run(parsed.GetValue(suite)!, parsed.GetValue(count), parsed.GetValue(mode),
                parsed.GetValue(threads));
            Console.Out.WriteLine(parsed.WantsJson()
                ? $$"""{"suite":"{{result.Suite}}","tokens":{{result.Tokens}},"mode":"{{result.Mode}}","threads":{{result.Threads}},"tokensPerSecond":{{result.TokensPerSecond:F0}},"check":"{{result.CheckValue:x16}}"}"""
                : $"{result.Suite} {result.Mode.ToString().ToLowerInvariant()} on {result.Threads} thread(s): {result.Tokens} tokens, {result.TokensPerSecond:F0} tokens/s, check {result.CheckValue:x16}");
            return ExitCode.Good;
        }).WithExamples(
            ("Measure bulk issuing on every processor", "sts bench tokens --suite EA11 -n 10000000"),
            ("Measure one token at a time", "sts bench tokens --mode single"));
    }
}
