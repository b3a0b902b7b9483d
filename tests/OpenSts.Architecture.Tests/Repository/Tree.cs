namespace OpenSts.Architecture.Tests.Repository;

/// <summary>The files of this repository, read once.</summary>
public static class Tree
{
    private static readonly string[] NotOurs =
        ["artifacts", ".git", "bin", "obj", "site", "node_modules", "__pycache__"];

    private static readonly string[] Text =
    [
        ".cs", ".csproj", ".props", ".targets", ".slnx", ".md", ".sh", ".py", ".json", ".yml", ".yaml", ".txt", ".c",
            ".h", ".sql",
        ".js", ".css", ".service", ".conf", ".story", ".svg", ".editorconfig", ".gitignore", "",
    ];

    /// <summary>The projects under src.</summary>
    public static IReadOnlyList<ProjectFile> Products { get; } = Projects("src");

    /// <summary>The projects under tests.</summary>
    public static IReadOnlyList<ProjectFile> TestProjects { get; } = Projects("tests");

    /// <summary>Every text file that belongs to the repository, ordered by path.</summary>
    public static IReadOnlyList<SourceFile> Files { get; } = ReadAll();

    /// <summary>C# under src.</summary>
    public static IEnumerable<SourceFile> ProductSources => Sources("src/");

    /// <summary>C# under tests.</summary>
    public static IEnumerable<SourceFile> TestSources => Sources("tests/");

    /// <summary>The documents: every Markdown file that is not a part of another.</summary>
    public static IEnumerable<SourceFile> Documents => Files.Where(file =>
        file.Path.EndsWith(".md", StringComparison.Ordinal)
            && !file.Path.Contains("/Documentation/", StringComparison.Ordinal));

    /// <summary>
    /// The first edition of the vending server, which is being replaced: its sources answer to fewer rules.
    /// </summary>
    public static bool IsFirstVending(SourceFile file) =>
        file.Project is "OpenSts.Vending.Edition1" or "OpenSts.Vending.Client" or "OpenSts.SystemTests"
        || file.Path.StartsWith("tests/OpenSts.Tests/Vending/", StringComparison.Ordinal);

    private static IEnumerable<SourceFile> Sources(string folder) =>
        Files.Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal)
            && file.Path.EndsWith(".cs", StringComparison.Ordinal));

    private static ProjectFile[] Projects(string folder) =>
    [
        .. Directory.EnumerateFiles(TestFiles.Path(folder), "*.csproj", SearchOption.AllDirectories)
            .Where(path => !Relative(path).Split('/').Any(NotOurs.Contains))
            .Order(StringComparer.Ordinal)
            .Select(ProjectFile.Read),
    ];

    private static SourceFile[] ReadAll() =>
    [
        .. Walk(TestFiles.Root)
            .Where(path => Text.Contains(System.IO.Path.GetExtension(path), StringComparer.Ordinal))
            .Select(path => new SourceFile(Relative(path), File.ReadAllText(path)))
            .OrderBy(file => file.Path, StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => new FileInfo(file).Length < 1 << 20))
            yield return file;
        foreach (var below in Directory.EnumerateDirectories(folder)
            .Where(below => !NotOurs.Contains(System.IO.Path.GetFileName(below))))
        {
            foreach (var file in Walk(below))
                yield return file;
        }
    }

    private static string Relative(string path) =>
        System.IO.Path.GetRelativePath(TestFiles.Root, path).Replace('\\', '/');
}
