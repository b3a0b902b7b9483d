using System.Diagnostics;
using System.Globalization;

namespace OpenSts.Benchmarks;

/// <summary>
/// SM?VC a second through TCP against a module with a sealed vault on the folder's disk: <c>module FOLDER [SECONDS
/// [CONNECTIONS RATE]]</c>.
/// </summary>
internal static class ModuleLoad
{
    private static readonly (int Connections, int Rate)[] Rows =
        [(1, 5_000), (1, 20_000), (1, 40_000), (8, 20_000), (8, 60_000), (8, 80_000)];

    public static int Run(string folder, int seconds, (int Connections, int Rate)? only)
    {
        Console.Out.WriteLine(
            "| connections | asked/s | answered/s | p50 ms | p99 ms | max ms | p99 ms from due | refused | module CPU "
                + "| us CPU a token | generator CPU | commits/s | module MB |");
        Console.Out.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var (connections, rate) in only is { } row ? [row] : Rows)
            Measure(Path.Combine(folder, $"moduleload-{Environment.ProcessId}"), connections, rate, seconds);
        return 0;
    }

    private static void Measure(string folder, int connections, int rate, int seconds)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var argument in (string[])["module-serve", folder])
            start.ArgumentList.Add(argument);
        using var module = Process.Start(start)!;
        try
        {
            var port = int.Parse(module.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
            // The just-in-time compiler is done with its work, and connections are known, before anything is counted.
            _ = Ask(port, connections, rate / 2, 4, 100);
            var before = Used(module);
            var own = Process.GetCurrentProcess().TotalProcessorTime;
            var watch = Stopwatch.StartNew();
            var hosts = Ask(port, connections, rate, seconds, 0);
            var elapsed = watch.Elapsed.TotalSeconds;
            var spent = (Process.GetCurrentProcess().TotalProcessorTime - own).TotalSeconds;
            var after = Used(module);
            var waits = hosts.SelectMany(host => host.FromSent).Order().ToArray();
            var fromDue = hosts.SelectMany(host => host.FromDue).Order().ToArray();
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {connections} | {rate} | {waits.Length / elapsed:F0} | {waits[waits.Length / 2] / 1000.0:F2} | "
                    + $"{waits[(int)(waits.Length * 0.99)] / 1000.0:F2} | {waits[^1] / 1000.0:F1} | "
                    + $"{fromDue[(int)(fromDue.Length * 0.99)] / 1000.0:F2} | {hosts.Sum(host => host.Refused)} | "
                    + $"{(after[0] - before[0]) / elapsed:P0} | {(after[0] - before[0]) * 1e6 / waits.Length:F1} | "
                    + $"{spent / elapsed:P0} | {(after[1] - before[1]) / elapsed:F0} | {before[2]:F0} to "
                    + $"{after[2]:F0} |"));
            if (after[4] - before[4] != waits.Length)
                Console.Out.WriteLine(
                    $"The module counted {after[4] - before[4]} tokens, {waits.Length} were answered.");
        }
        finally
        {
            module.StandardInput.Close();
            module.WaitForExit();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static LoadConnection[] Ask(int port, int connections, int rate, int seconds, int firstNumber)
    {
        var hosts = Enumerable.Range(0, connections)
            .Select(i => new LoadConnection(firstNumber + i, rate / connections, seconds)).ToArray();
        Task.WhenAll(hosts.Select(host =>
            Task.Factory.StartNew(() => host.Run(port), TaskCreationOptions.LongRunning))).GetAwaiter().GetResult();
        return hosts;
    }

    // Seconds of processor, commits, megabytes, full collections, tokens.
    private static double[] Used(Process module)
    {
        module.StandardInput.WriteLine();
        return [.. module.StandardOutput.ReadLine()!.Split(' ')
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
    }
}
