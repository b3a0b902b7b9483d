namespace OpenSts.Architecture.Tests.Rules;

/// <summary>
/// How many violations of a rule are still known. The number only goes down: whoever mends some lowers it.
/// </summary>
/// <param name="known">In all projects together.</param>
public sealed class Exceptions(int known = 0)
{
    /// <summary>Fails with all violations where there are more than known.</summary>
    public void Check(IEnumerable<Violation> violations)
    {
        Violation[] found = [.. violations];
        var report = string.Join('\n', found.GroupBy(violation => violation.Project)
            .OrderBy(project => project.Key, StringComparer.Ordinal)
            .Select(project =>
                $"{project.Key}: {project.Count()}\n  {string.Join("\n  ", project.Select(one => one.Message))}"));
        TestContext.Current.TestOutputHelper?.WriteLine($"{found.Length} found, {known} known\n{report}");
        Assert.True(found.Length <= known, $"{found.Length} found, {known} known\n{report}");
    }
}
