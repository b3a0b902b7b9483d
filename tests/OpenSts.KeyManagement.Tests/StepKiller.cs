using System.Diagnostics;
using System.Globalization;

namespace OpenSts.KeyManagement.Tests;

/// <summary>Starts processes that die in the middle of a step, and counts what became of each step.</summary>
/// <remarks>
/// A seed chooses the step and the moment. The first of each step lives until it has answered, which tells how long it
/// takes; that is learned on from those that got through, so that half of the moments lie anywhere in the step and
/// half near its end, where it is written down.
/// </remarks>
internal sealed class StepKiller(string[] steps)
{
    private readonly Dictionary<string, double> _microseconds = [];
    private readonly SortedDictionary<string, (int Old, int New, int Answered)> _counts = new(StringComparer.Ordinal);

    /// <summary>How many kills a test makes: KMC_KILLS, or a few.</summary>
    public static int Kills { get; } =
        int.Parse(Environment.GetEnvironmentVariable("KMC_KILLS") ?? "26", CultureInfo.InvariantCulture);

    /// <summary>The seed of the first kill: KMC_SEED, or 0.</summary>
    public static int FirstSeed { get; } =
        int.Parse(Environment.GetEnvironmentVariable("KMC_SEED") ?? "0", CultureInfo.InvariantCulture);

    /// <summary>The seeds of a test: as many as there are kills, or until KMC_MINUTES are over.</summary>
    public static IEnumerable<int> Seeds
    {
        get
        {
            var minutes = double.Parse(Environment.GetEnvironmentVariable("KMC_MINUTES")
                ?? "1000", CultureInfo.InvariantCulture);
            var clock = Stopwatch.StartNew();
            return Enumerable.Range(FirstSeed, Kills).TakeWhile(_ => clock.Elapsed.TotalMinutes < minutes);
        }
    }

    public string StepOf(int seed) => steps[seed % steps.Length];

    /// <summary>Runs a step until it is killed; true where its answer got out.</summary>
    public async Task<bool> Kill(int seed, string process, Func<string, string[]> arguments)
    {
        var random = new Random(seed);
        var step = StepOf(seed);
        var known = _microseconds.TryGetValue(step, out var usual);
        var life = known
            ? usual * (random.Next(2) == 0 ? random.NextDouble() * 1.1 : 0.6 + (random.NextDouble() * 0.6)) : 600e6;
        var cancellation = TestContext.Current.CancellationToken;
        using var child =
            ChildProcess.Start([process, .. arguments(((int)life).ToString(CultureInfo.InvariantCulture))]);
        var output = await child.StandardOutput.ReadToEndAsync(cancellation);
        var errors = await child.StandardError.ReadToEndAsync(cancellation);
        await child.WaitForExitAsync(cancellation);
        Assert.True(errors.Length == 0
            && child.ExitCode == 137, $"seed {seed}, {step}: exit {child.ExitCode}, {errors}");
        var lines = output.Split('\n')[..^1];
        Assert.Equal("begin", lines[0]);
        if (lines.Length == 1)
        {
            // Killed near the end of what was thought, and not done: it takes longer.
            if (life > usual * 0.8)
                _microseconds[step] = usual * 1.1;
            return false;
        }

        var took = double.Parse(lines[1].Split(' ')[1], CultureInfo.InvariantCulture);
        _microseconds[step] = known ? (usual + took) / 2 : took;
        return true;
    }

    /// <summary>Counts what was found; what was answered must be new.</summary>
    public void Found(int seed, bool isNew, bool answered)
    {
        Assert.True(isNew || !answered, $"seed {seed}, {StepOf(seed)}: answered and not there");
        var (before, after, told) = _counts.GetValueOrDefault(StepOf(seed));
        _counts[StepOf(seed)] = isNew ? (before, after + 1, told + (answered ? 1 : 0)) : (before + 1, after, told);
    }

    public void Tell(string what)
    {
        var output = TestContext.Current.TestOutputHelper;
        output?.WriteLine(
            $"{what}: {_counts.Values.Sum(count => count.Old + count.New)} kills, seeds from {FirstSeed}");
        foreach (var (step, (before, after, answered)) in _counts)
            output?.WriteLine($"  {step,-28} old {before,4}   new {after,4}, of these answered {answered,4}");
    }
}
