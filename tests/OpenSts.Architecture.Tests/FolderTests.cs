using System.Reflection;
using ArchUnitNET.Loader;
using OpenSts.Architecture.Tests.Repository;
using OpenSts.Architecture.Tests.Rules;

namespace OpenSts.Architecture.Tests;

/// <summary>Folders inside a project: each is a namespace, and no two depend on each other in a circle.</summary>
public class FolderTests
{
    private static readonly Lazy<ArchUnitNET.Domain.Architecture> Products = new(Load);

    [Fact]
    public void Folders_OfAProject_DependInNoCircle() =>
        new Exceptions(known: 3).Check(Tree.Products.Where(IsChecked)
            .SelectMany(project => FolderCycles.In(Products.Value, AssemblyName(project.Name))
                .Select(found => found with { Project = project.Name })));

    [Fact]
    public void Namespaces_OfSources_AreTheirFolders() =>
        new Exceptions().Check(Tree.ProductSources.Concat(Tree.TestSources).Where(file => !Tree.IsFirstVending(file))
            .SelectMany(NameRules.MisplacedNamespaces));

    [Fact]
    public void Products_CompiledCode_BlocksOnNoTask() =>
        new Exceptions(known: 3).Check(Tree.Products.Where(IsChecked).SelectMany(project =>
            BlockingCalls.In(Assembly.Load(AssemblyName(project.Name)).Location, project.Name)));

    [Fact]
    public void BlockingCalls_ResultAndWait_AreFound() =>
        Assert.Equal(
            ["Blocks.Ask calls get_Result of a task", "Blocks.Stop calls Wait of a task"],
            BlockingCalls.In(typeof(FolderTests).Assembly.Location, "")
                .Select(found => found.Message.Split('.', 5)[^1])
                .Order(StringComparer.Ordinal));

    [Fact]
    public void Groups_CircleOverThree_IsFoundOnce()
    {
        (string, string)[] arrows = [("A", "B"), ("B", "C"), ("C", "A"), ("C", "D"), ("E", "A")];
        Assert.Equal(["A", "B", "C"], Assert.Single(FolderCycles.Groups(arrows)));
    }

    [Fact]
    public void In_TwoNamespacesThatUseEachOther_NamesBothArrows()
    {
        var own = new ArchLoader().LoadAssembly(typeof(FolderTests).Assembly).Build();
        var found = Assert.Single(FolderCycles.In(own, "OpenSts.Architecture.Tests"));
        Assert.Contains("Samples.First to OpenSts.Architecture.Tests.Samples.Second (Forth -> Back)", found.Message,
            StringComparison.Ordinal);
        Assert.Contains("Samples.Second to OpenSts.Architecture.Tests.Samples.First (Back -> Forth)", found.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void MisplacedNamespaces_NamespaceOfAnotherFolder_IsFound()
    {
        var sample =
            new SourceFile("src/OpenSts.Meter/Carriers/Keypad/Keypad.cs", "namespace OpenSts.Meter.Keypad;\n");
        Assert.Equal("OpenSts.Meter", Assert.Single(NameRules.MisplacedNamespaces(sample)).Project);
    }

    private static ArchUnitNET.Domain.Architecture Load() =>
        new ArchLoader()
            .LoadAssemblies([.. Tree.Products.Select(project => Assembly.Load(AssemblyName(project.Name)))]).Build();

    private static bool IsChecked(ProjectFile project) =>
        project.Name is not ("OpenSts.Vending.Edition1" or "OpenSts.Vending.Client" or "OpenSts.Sqlite");

    // The programs have the names by which they are started, and the C library has its own.
    internal static string AssemblyName(string project) => project switch
    {
        "OpenSts.Cli" => "sts",
        "OpenSts.Native" => "libopensts",
        "OpenSts.SecurityModule.Host" => "sts-module",
        "OpenSts.Vending.Edition1" => "sts-vending",
        _ => project,
    };
}
