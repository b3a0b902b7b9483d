using System.Text.RegularExpressions;
using OpenSts.Architecture.Tests.Repository;
using OpenSts.Architecture.Tests.Rules;

namespace OpenSts.Architecture.Tests;

/// <summary>The documents: their links, their abbreviations, and the names of the code in the glossary.</summary>
public class DocumentTests
{
    private static IEnumerable<SourceFile> Documents =>
        Tree.Documents.Where(document => !document.Path.StartsWith("bench/results/", StringComparison.Ordinal));

    [Fact]
    public void Links_OfDocuments_LeadSomewhere() =>
        new Exceptions().Check(Tree.Documents.SelectMany(document => DocumentRules.DeadLinks(document, Exists, Read)));

    [Fact]
    public void Abbreviations_OfDocuments_LinkToTheGlossary() =>
        new Exceptions(known: 60)
            .Check(Documents.Where(IsOutsideTheGlossary).SelectMany(DocumentRules.UnexplainedAbbreviations));

    [Fact]
    public void Glossary_Abbreviations_AreAllThere()
    {
        var glossary = Read("docs/glossary.md")!.Text;
        Assert.All(DocumentRules.Abbreviations, abbreviation =>
            Assert.Matches($@"</a>(\w+, )*{abbreviation}\b|</a>[^|]*\b{abbreviation}\b", glossary));
    }

    [Fact]
    public void Glossary_NamesOfCode_Exist()
    {
        var glossary = Read("docs/glossary.md")!.Text;
        var sources = string.Concat(Tree.ProductSources.Select(file => file.Text));
        var rows = glossary.Split('\n').Where(line => line.StartsWith("| <a id=", StringComparison.Ordinal));
        var names = rows.SelectMany(row => Regex.Matches(row.Split('|')[4], "`([^`]+)`")
            .Select(match => match.Groups[1].Value));
        Assert.All(names, name => Assert.True(
            Directory.Exists(TestFiles.Path("src", name)) || Directory.Exists(TestFiles.Path(name))
                || Regex.IsMatch(sources, $@"\b(class|struct|enum|record|interface)\s+(struct\s+|class\s+)?{name}\b"),
            $"the glossary names {name}, which is neither a type nor a folder"));
    }

    [Fact]
    public void Threats_TestsThatShowThem_Exist()
    {
        var tests = string.Concat(Tree.TestSources.Select(file => file.Text));
        Assert.Empty(DocumentRules.MissingTests(Read("docs/audit/threats.md")!.Text, tests));
    }

    [Fact]
    public void MissingTests_NameOfNoMethod_IsFound() =>
        Assert.Equal(
            ["AliceTests.Ask_Gone_Fails"],
            DocumentRules.MissingTests(
                "`AliceTests.Ask_Gone_Fails`, `Ask_There_Works`, `AliceTests.Ask_*`, `AliceTests.*`",
                "class AliceTests { void Ask_There_Works() { } }"));

    [Theory]
    [InlineData("[a](missing.md)", 1)]
    [InlineData("[a](there.md#no-such-heading)", 1)]
    [InlineData("[a](there.md#a-heading) [b](#own-heading) [c](https://example.org/x)\n\n## Own heading\n", 0)]
    [InlineData("`[a](missing.md)`\n```\n[a](missing.md)\n```\n", 0)]
    public void DeadLinks_OfEachKind_AreFound(string text, int found)
    {
        var there = new SourceFile("docs/there.md", "# There\n\n## A heading\n");
        var document = new SourceFile("docs/here.md", text);
        SourceFile[] all = [there, document];
        var links = DocumentRules.DeadLinks(
            document, path =>
                all.Any(file => file.Path == path), path => all.SingleOrDefault(file => file.Path == path));
        Assert.Equal(found, links.Count());
    }

    [Theory]
    [InlineData("The SGC has six digits.", 1)]
    [InlineData("The [SGC](glossary.md#sgc) has six digits. An SGC is public.", 0)]
    [InlineData("The SGC, an [SGC](glossary.md#sgc).", 1)]
    [InlineData("## The SGC\n\nUse `--sgc SGC`.\n", 0)]
    public void UnexplainedAbbreviations_FirstUseWithoutLink_IsFound(string text, int found) =>
        Assert.Equal(found, DocumentRules.UnexplainedAbbreviations(new SourceFile("docs/a.md", text)).Count());

    private static bool Exists(string path) =>
        File.Exists(TestFiles.Path(path)) || Directory.Exists(TestFiles.Path(path));

    private static SourceFile? Read(string path) => Tree.Files.SingleOrDefault(file => file.Path == path);

    // The README of a package is read outside of the repository, where links to it lead nowhere.
    private static bool IsOutsideTheGlossary(SourceFile document) =>
        !document.Path.StartsWith("src/", StringComparison.Ordinal) &&
        document.Path is not ("docs/glossary.md" or "docs/reference/cli.md" or "CHANGELOG.md");
}
