using ArchUnitNET.Domain;

namespace OpenSts.Architecture.Tests.Rules;

/// <summary>Folders (namespaces) of one project that depend on each other in a circle.</summary>
public static class FolderCycles
{
    /// <summary>
    /// Every group of folders of which each reaches each; the message names one type for each arrow.
    /// </summary>
    public static IEnumerable<Violation> In(ArchUnitNET.Domain.Architecture architecture, string project)
    {
        var types = architecture.Types.Where(type => type.Assembly.Name.Split(',')[0] == project).ToArray();
        var known = types.ToDictionary(type => type.FullName, FolderOf);
        var arrows =
            types.SelectMany(type => type.Dependencies, (type, dependency) => (From: type, To: dependency.Target))
            .Where(arrow => known.ContainsKey(arrow.To.FullName))
            .Where(arrow => FolderOf(arrow.From).Length > 0 && FolderOf(arrow.To).Length > 0
                && FolderOf(arrow.From) != FolderOf(arrow.To))
            .GroupBy(arrow => (From: FolderOf(arrow.From), To: FolderOf(arrow.To)))
            .ToDictionary(arrow => arrow.Key, arrow => $"{arrow.First().From.Name} -> {arrow.First().To.Name}");
        return Groups([.. arrows.Keys])
            .Select(group =>
                new Violation(project, $"{project}: {string.Join(", ", group)} depend on each other in a circle: "
                + string.Join("; ",
                    arrows.Where(arrow => group.Contains(arrow.Key.From) && group.Contains(arrow.Key.To))
                    .Select(arrow => $"{arrow.Key.From} to {arrow.Key.To} ({arrow.Value})"))));
    }

    /// <summary>The groups of more than one folder in which each reaches each.</summary>
    public static IEnumerable<string[]> Groups(IReadOnlyCollection<(string From, string To)> arrows)
    {
        var folders = arrows.SelectMany(arrow => (string[])[arrow.From, arrow.To]).Distinct()
            .Order(StringComparer.Ordinal).ToArray();
        var reach = folders.ToDictionary(folder => folder, folder => Reach(folder, arrows));
        return folders.Select(folder => folders.Where(other => other == folder
            || (reach[folder].Contains(other) && reach[other].Contains(folder))).ToArray())
            .Where(group => group.Length > 1)
            .DistinctBy(group => group[0], StringComparer.Ordinal);
    }

    private static HashSet<string> Reach(string folder, IReadOnlyCollection<(string From, string To)> arrows)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var left = new Stack<string>([folder]);
        while (left.TryPop(out var at))
        {
            foreach (var (_, to) in arrows.Where(arrow => arrow.From == at))
            {
                if (reached.Add(to))
                    left.Push(to);
            }
        }

        return reached;
    }

    // Types that generators add stand in namespaces of their own.
    private static string FolderOf(IType type) =>
        type.Namespace.FullName.StartsWith("OpenSts", StringComparison.Ordinal) ? type.Namespace.FullName : "";
}
