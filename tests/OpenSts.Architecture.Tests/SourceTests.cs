using OpenSts.Architecture.Tests.Repository;
using OpenSts.Architecture.Tests.Rules;

namespace OpenSts.Architecture.Tests;

/// <summary>Rules that the text of the sources shows.</summary>
public class SourceTests
{
    private static IEnumerable<SourceFile> Sources =>
        Tree.ProductSources.Concat(Tree.TestSources).Where(file => !Tree.IsFirstVending(file));

    [Fact]
    public void Lines_OfSources_EndBeforeColumn120() =>
        new Exceptions(known: 1100).Check(Sources.SelectMany(TextRules.LongLines));

    [Fact]
    public void Sources_HaveNothingUnfinished() =>
        new Exceptions().Check(Sources.Where(IsNotThisProject).SelectMany(TextRules.Unfinished));

    [Fact]
    public void Files_NameNoPlaceOfOneMachine() =>
        new Exceptions().Check(Tree.Files.SelectMany(TextRules.MachinePaths));

    [Fact]
    public void Products_BlockOnNoTask() =>
        new Exceptions(known: 10)
            .Check(Tree.ProductSources.Where(file => !Tree.IsFirstVending(file)).SelectMany(TextRules.BlockingWaits));

    [Fact]
    public void Types_Names_HoldNoBannedWord() =>
        new Exceptions(known: 3).Check(Sources.SelectMany(NameRules.BannedTypeNames));

    [Fact]
    public void Tests_AssertNoDescription() =>
        new Exceptions(known: 14)
            .Check(Tree.TestSources.Where(IsNotThisProject).SelectMany(TextRules.AssertedDescriptions));

    [Fact]
    public void Tests_AreNamedMemberAndOutcome() =>
        new Exceptions().Check(Tree.TestSources.Where(IsNotThisProject).SelectMany(NameRules.TestNames));

    [Theory]
    [InlineData(119, 0)]
    [InlineData(120, 1)]
    public void LongLines_AtColumn120_AreFound(int columns, int found) =>
        Assert.Equal(found, TextRules.LongLines(Sample("short\n" + new string('x', columns) + "\n")).Count());

    [Theory]
    [InlineData("    // TODO: later")]
    [InlineData("    throw new NotImplementedException();")]
    [InlineData("    [Fact(Skip = \"slow\")]")]
    public void Unfinished_Marks_AreFound(string line) => Assert.Single(TextRules.Unfinished(Sample(line)));

    [Fact]
    public void MachinePaths_OfThisMachine_AreFound()
    {
        Assert.Single(TextRules.MachinePaths(Sample("see /wo" + "rk/shared/x")));
        Assert.Single(TextRules.MachinePaths(Sample("see ../sha" + "red/vectors")));
        Assert.Empty(TextRules.MachinePaths(Sample("a /network/ is no place")));
    }

    [Theory]
    [InlineData("var x = Ask().GetAwaiter().GetResult();")]
    [InlineData("Task.WaitAll(first, second);")]
    [InlineData("Ask().AsTask().Wait();")]
    public void BlockingWaits_OnATask_AreFound(string line) => Assert.Single(TextRules.BlockingWaits(Sample(line)));

    [Theory]
    [InlineData("Assert.NotEmpty(description);")]
    [InlineData("Assert.NotNull(label);")]
    [InlineData("Assert.NotEqual(\"\", reason);")]
    public void AssertedDescriptions_Fillers_AreFound(string line) =>
        Assert.Single(TextRules.AssertedDescriptions(Sample(line)));

    [Theory]
    [InlineData("public sealed class KeyManager\n{", "Manager")]
    [InlineData("internal readonly record struct MeterInfo(int A);", "Info")]
    [InlineData("public sealed class SaleService : ISale\n{", "Service")]
    [InlineData("public interface IIssueDesk\n{", "Desk")]
    public void BannedTypeNames_OfEachKind_AreFound(string declaration, string word) =>
        Assert.Contains($"'{word}' is banned", Assert.Single(NameRules.BannedTypeNames(Sample(declaration))).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("public sealed class Wallet\n{")]
    [InlineData("public sealed class ListenerService(int port) : BackgroundService\n{")]
    public void BannedTypeNames_OtherNames_AreFree(string declaration) =>
        Assert.Empty(NameRules.BannedTypeNames(Sample(declaration)));

    [Fact]
    public void TestNames_WithoutOutcome_AreFound() =>
        Assert.Single(
            NameRules.TestNames(Sample("    [Theory]\n    [InlineData(1)]\n    public void Works(int a) => A(a);\n")));

    private static SourceFile Sample(string text) => new("src/OpenSts.Sample/Sample.cs", text);

    // The samples above are what the rules look for.
    private static bool IsNotThisProject(SourceFile file) => file.Project != "OpenSts.Architecture.Tests";
}
