using OpenSts.Architecture.Tests.Repository;

namespace OpenSts.Architecture.Tests.Rules;

/// <summary>Which project may reference which, and what none may reach.</summary>
public static class ReferenceRules
{
    /// <summary>
    /// Each project with all that it may reference directly. A new arrow is a line here, and a reason in review.
    /// </summary>
    public static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["OpenSts.Secrets"] = [],
        ["OpenSts"] = ["OpenSts.Secrets"],
        ["OpenSts.SecureStorage"] = ["OpenSts.Secrets"],
        ["OpenSts.SerialPorts"] = [],
        ["OpenSts.Pkcs11"] = ["OpenSts", "OpenSts.Secrets", "OpenSts.SecureStorage"],
        ["OpenSts.Sts6"] = ["OpenSts", "OpenSts.SerialPorts"],
        ["OpenSts.KeyLoading"] = ["OpenSts", "OpenSts.Secrets", "OpenSts.SecureStorage", "OpenSts.Sts6"],
        ["OpenSts.SecurityModule"] =
        [
            "OpenSts", "OpenSts.Secrets", "OpenSts.SecureStorage", "OpenSts.SerialPorts", "OpenSts.Pkcs11",
                "OpenSts.Sts6", "OpenSts.KeyLoading",
        ],
        ["OpenSts.SecurityModule.Host"] =
        [
            "OpenSts", "OpenSts.Secrets", "OpenSts.SecureStorage", "OpenSts.SerialPorts", "OpenSts.Pkcs11",
                "OpenSts.Sts6", "OpenSts.KeyLoading",
            "OpenSts.SecurityModule",
        ],
        ["OpenSts.KeyManagement"] =
        [
            "OpenSts", "OpenSts.Secrets", "OpenSts.SecureStorage", "OpenSts.Pkcs11", "OpenSts.Sts6",
                "OpenSts.KeyLoading",
        ],
        ["OpenSts.Meter"] = ["OpenSts", "OpenSts.Secrets", "OpenSts.SecureStorage", "OpenSts.SerialPorts"],
        ["OpenSts.Meter.Simulation"] = ["OpenSts", "OpenSts.Secrets", "OpenSts.Meter", "OpenSts.Batch"],
        ["OpenSts.Dlms"] = ["OpenSts.Secrets", "OpenSts.SecureStorage"],
        ["OpenSts.Cosem"] = ["OpenSts", "OpenSts.Secrets", "OpenSts.SecureStorage", "OpenSts.Dlms", "OpenSts.Meter"],
        ["OpenSts.Cosem.Host"] =
            ["OpenSts", "OpenSts.SecureStorage", "OpenSts.Dlms", "OpenSts.Cosem", "OpenSts.Meter"],
        ["OpenSts.Batch"] = ["OpenSts", "OpenSts.Secrets", "OpenSts.Meter", "OpenSts.Sts6"],
        ["OpenSts.Native"] = ["OpenSts", "OpenSts.Secrets", "OpenSts.Batch"],
        ["OpenSts.Sqlite"] = [],
        ["OpenSts.Vending.Client"] = [],
        ["OpenSts.Vending.Edition1"] = ["OpenSts", "OpenSts.Sts6", "OpenSts.Sqlite", "OpenSts.Vending.Client"],
        ["OpenSts.Vending.Contracts"] = [],
        ["OpenSts.Vending"] = ["OpenSts", "OpenSts.Vending.Contracts"],
        ["OpenSts.Vending.Data"] = ["OpenSts", "OpenSts.Vending", "OpenSts.Vending.Contracts"],
        ["OpenSts.Vending.Server"] =
        [
            "OpenSts", "OpenSts.Sts6", "OpenSts.Audit", "OpenSts.Vending", "OpenSts.Vending.Contracts",
                "OpenSts.Vending.Data",
        ],
        ["OpenSts.Audit"] = [],
    };

    /// <summary>The command references what it has verbs for; that is any project but the vending server.</summary>
    public const string Command = "OpenSts.Cli";

    /// <summary>Projects that hold vending keys or the keys of a meter.</summary>
    public static readonly string[] HolderOfKeys =
    [
        "OpenSts.SecurityModule", "OpenSts.SecurityModule.Host", "OpenSts.KeyManagement", "OpenSts.KeyLoading",
            "OpenSts.Pkcs11", "OpenSts.Meter",
    ];

    /// <summary>Direct references that <see cref="Allowed"/> does not name.</summary>
    public static IEnumerable<Violation> UnexpectedReferences(IEnumerable<ProjectFile> products) =>
        from project in products
        where project.Name != Command
        from reference in project.References
        where !Allowed.TryGetValue(project.Name, out var allowed) || !allowed.Contains(reference)
        select new Violation(project.Name, $"references {reference}, which ReferenceRules.Allowed does not name");

    /// <summary>Projects that reach, over any number of references, a project that they must never see.</summary>
    public static IEnumerable<Violation> ForbiddenReach(IReadOnlyList<ProjectFile> products) =>
        from project in products
        from reached in Reach(project.Name, products)
        where IsForbidden(project.Name, reached)
        select new Violation(project.Name, $"reaches {reached}");

    /// <summary>Packages and frameworks that a project must do without.</summary>
    public static IEnumerable<Violation> ForbiddenPackages(IEnumerable<ProjectFile> products) =>
        from project in products
        from package in project.Packages.Concat(project.Frameworks)
        where project.Name is "OpenSts" or "OpenSts.Secrets" ? !IsAnalyzer(package)
            : !IsVending(project.Name) && IsWeb(package)
        select new Violation(project.Name, $"references {package}");

    /// <summary>Internal members shown to anybody but the project's own tests.</summary>
    public static IEnumerable<Violation> ForeignFriends(IEnumerable<ProjectFile> projects) =>
        from project in projects
        from friend in project.Friends
        where friend != project.Name + ".Tests"
        select new Violation(project.Name, $"shows its internal members to {friend}");

    /// <summary>Test projects that are named after no project of src. Four stand for more than one project.</summary>
    public static IEnumerable<Violation> TestsOfNothing(
        IEnumerable<ProjectFile> tests, IEnumerable<ProjectFile> products)
    {
        string[] common = ["OpenSts.Testing", "OpenSts.Architecture.Tests", "OpenSts.SystemTests"];
        var expected = products.Select(product => product.Name + ".Tests").Concat(common)
            .ToHashSet(StringComparer.Ordinal);
        return tests.Where(test => !expected.Contains(test.Name))
            .Select(test => new Violation(test.Name, "is named after no project of src"));
    }

    private static bool IsForbidden(string project, string reached) =>
        (IsVending(project) && HolderOfKeys.Contains(reached))
        || (IsMeter(project) && reached is "OpenSts.SecurityModule" or "OpenSts.KeyManagement" or "OpenSts.KeyLoading")
        || (project == "OpenSts.Dlms" && reached == "OpenSts")
        || (!IsVending(project) && project != Command && IsVending(reached))
        || (project == "OpenSts.KeyManagement" && reached == "OpenSts.SecurityModule");

    private static bool IsMeter(string project) =>
        project.StartsWith("OpenSts.Meter", StringComparison.Ordinal)
            || project.StartsWith("OpenSts.Cosem", StringComparison.Ordinal)
        || project == "OpenSts.Dlms";

    private static bool IsVending(string project) => project.StartsWith("OpenSts.Vending", StringComparison.Ordinal);

    private static bool IsWeb(string package) =>
        package == "Microsoft.NET.Sdk.Web" || package.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal);

    private static bool IsAnalyzer(string package) =>
        package.StartsWith("Microsoft.CodeAnalysis.", StringComparison.Ordinal);

    private static HashSet<string> Reach(string name, IReadOnlyList<ProjectFile> products)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var left = new Stack<string>([name]);
        while (left.TryPop(out var at))
        {
            foreach (var reference in products.Where(product => product.Name == at)
                .SelectMany(product => product.References))
            {
                if (reached.Add(reference))
                    left.Push(reference);
            }
        }

        return reached;
    }
}
