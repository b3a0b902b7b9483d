using OpenSts.Architecture.Tests.Repository;
using OpenSts.Architecture.Tests.Rules;

namespace OpenSts.Architecture.Tests;

/// <summary>The arrows between projects, as ARCHITECTURE.md draws them.</summary>
public class ReferenceTests
{
    [Fact]
    public void Products_References_AreTheAllowedOnes() =>
        new Exceptions().Check(ReferenceRules.UnexpectedReferences(Tree.Products));

    [Fact]
    public void Products_Reach_NothingForbidden() =>
        new Exceptions().Check(ReferenceRules.ForbiddenReach(Tree.Products));

    [Fact]
    public void Products_Packages_AreAllowed() =>
        new Exceptions().Check(ReferenceRules.ForbiddenPackages(Tree.Products));

    [Fact]
    public void InternalMembers_Friends_AreOwnTestsOnly()
    {
        var attributes = Tree.ProductSources.SelectMany(TextRules.FriendAttributes);
        new Exceptions(known: 11)
            .Check([.. ReferenceRules.ForeignFriends(Tree.Products.Concat(Tree.TestProjects)), .. attributes]);
    }

    [Fact]
    public void TestProjects_Names_AreThoseOfProjects() =>
        new Exceptions().Check(ReferenceRules.TestsOfNothing(Tree.TestProjects, Tree.Products));

    [Fact]
    public void OpenSts_Assembly_ReferencesOnlyTheBaseLibraryAndSecrets() =>
        Assert.All(
            typeof(MeterPan).Assembly.GetReferencedAssemblies(),
            assembly => Assert.True(assembly.Name!.StartsWith("System", StringComparison.Ordinal)
                || assembly.Name == "OpenSts.Secrets"));

    [Fact]
    public void UnexpectedReferences_UnknownProjectOrArrow_AreFound()
    {
        ProjectFile[] products = [Sample("OpenSts.Dlms", "OpenSts"), Sample("OpenSts.New", "OpenSts"),
            Sample("OpenSts", "OpenSts.Secrets")];
        Assert.Equal(["OpenSts.Dlms", "OpenSts.New"], ReferenceRules.UnexpectedReferences(products)
            .Select(found => found.Project));
    }

    [Fact]
    public void ForbiddenReach_OverAnotherProject_IsFound()
    {
        ProjectFile[] products =
        [
            Sample("OpenSts.Vending", "OpenSts.Batch"), Sample("OpenSts.Batch", "OpenSts.Pkcs11"),
                Sample("OpenSts.Pkcs11"),
            Sample("OpenSts.Meter", "OpenSts.KeyManagement"), Sample("OpenSts.KeyManagement"),
        ];
        Assert.Equal(
            ["OpenSts.Vending: reaches OpenSts.Pkcs11", "OpenSts.Meter: reaches OpenSts.KeyManagement"],
            ReferenceRules.ForbiddenReach(products).Select(found => $"{found.Project}: {found.Message}"));
    }

    [Fact]
    public void ForbiddenPackages_PackageOfTheCoreAndWebFramework_AreFound()
    {
        const string package =
            """<Project><ItemGroup><PackageReference Include="P" /></ItemGroup></Project>""";
        const string web = """<Project Sdk="Microsoft.NET.Sdk.Web" />""";
        ProjectFile[] products =
            [ProjectFile.Parse("OpenSts", package), ProjectFile.Parse("OpenSts.KeyManagement", web)];
        Assert.Equal(["OpenSts", "OpenSts.KeyManagement"], ReferenceRules.ForbiddenPackages(products)
            .Select(found => found.Project));
    }

    [Fact]
    public void ForeignFriends_FriendThatIsNoTest_IsFound()
    {
        var sample = Sample("OpenSts.Meter") with { Friends = ["OpenSts.Meter.Tests", "sts"] };
        Assert.Equal("shows its internal members to sts", Assert.Single(ReferenceRules.ForeignFriends([sample]))
            .Message);
    }

    [Fact]
    public void TestsOfNothing_NameOfNoProject_IsFound() =>
        Assert.Equal(
            "OpenSts.Other.Tests",
            Assert.Single(ReferenceRules.TestsOfNothing([Sample("OpenSts.Other.Tests"), Sample("OpenSts.Tests")],
                [Sample("OpenSts")])).Project);

    private static ProjectFile Sample(string name, params string[] references) => new(name, references, [], [], []);
}
