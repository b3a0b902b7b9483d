using System.Text.RegularExpressions;
using OpenSts.Architecture.Tests.Repository;

namespace OpenSts.Architecture.Tests.Rules;

/// <summary>Rules that the text of a file shows.</summary>
public static partial class TextRules
{
    /// <summary>The last column that a line may use.</summary>
    public const int LastColumn = 119;

    /// <summary>Lines that go on at column 120.</summary>
    public static IEnumerable<Violation> LongLines(SourceFile file) =>
        Matching(file, line => line.TrimEnd('\r').Length > LastColumn,
            line => $"has {line.Length} columns; {LastColumn} are allowed");

    /// <summary>
    /// Unfinished work: a mark to come back, a member that throws because it is not written, a test that is skipped.
    /// </summary>
    public static IEnumerable<Violation> Unfinished(SourceFile file) =>
        Matching(file, UnfinishedMark().IsMatch, line => $"is unfinished: {line.Trim()}");

    /// <summary>Paths and hosts of the machine that the project is worked on.</summary>
    public static IEnumerable<Violation> MachinePaths(SourceFile file) =>
        Matching(file, MachinePath().IsMatch, line => $"names a place of one machine: {line.Trim()}");

    /// <summary>A thread that waits for a task.</summary>
    public static IEnumerable<Violation> BlockingWaits(SourceFile file) =>
        Matching(file, BlockingWait().IsMatch, line => $"blocks on a task: {line.Trim()}");

    /// <summary>An assertion on a parameter that only describes the case: it cannot fail.</summary>
    public static IEnumerable<Violation> AssertedDescriptions(SourceFile file) =>
        Matching(file, AssertedDescription().IsMatch, line => $"asserts what only describes the case: {line.Trim()}");

    /// <summary>Friends named in the source instead of the project file.</summary>
    public static IEnumerable<Violation> FriendAttributes(SourceFile file) =>
        Matching(file, line => line.Contains("assembly: InternalsVisibleTo", StringComparison.Ordinal),
            _ => "name friends in the project file");

    private static IEnumerable<Violation> Matching(
        SourceFile file, Predicate<string> isWrong, Func<string, string> describe)
    {
        var number = 0;
        foreach (var line in file.Lines)
        {
            number++;
            if (isWrong(line))
                yield return new Violation(file.Project, $"{file.At(number)} {describe(line)}");
        }
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK)\b|NotImplementedException|\bSkip\s*=\s*""")]
    private static partial Regex UnfinishedMark();

    // Written in pieces so that the rule does not find itself.
    [GeneratedRegex(@"(?<![\w.])/wo" + @"rk/|\.\./sha" + @"red\b|/tmp/bash_" + "jobs|/ro" + "ot/")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\.GetAwaiter\(\)\.GetResult\(\)|\bTask\.Wait(All|Any)\(|\.AsTask\(\)\.(Wait|Result)\b")]
    private static partial Regex BlockingWait();

    [GeneratedRegex(
        @"Assert\.(NotEmpty|NotNull|NotEqual)\((""""|null|string\.Empty)?,?\s*"
        + @"(description|label|reason|why|what|story|title|caseName|scenario)\)")]
    private static partial Regex AssertedDescription();
}
