using System.Xml.Linq;

namespace OpenSts.Architecture.Tests.Repository;

/// <summary>What a project file says about the project's neighbours.</summary>
/// <param name="Name">The name of the file without its extension, such as <c>OpenSts.Meter</c>.</param>
/// <param name="References">Names of the projects that it references directly.</param>
/// <param name="Packages">Names of the packages that it references directly.</param>
/// <param name="Frameworks">Shared frameworks beyond the base library, such as
/// <c>Microsoft.AspNetCore.App</c>.</param>
/// <param name="Friends">Assemblies that may see its internal members.</param>
public sealed record ProjectFile(
    string Name,
    IReadOnlyList<string> References,
    IReadOnlyList<string> Packages,
    IReadOnlyList<string> Frameworks,
    IReadOnlyList<string> Friends)
{
    public static ProjectFile Read(string path) =>
        Parse(System.IO.Path.GetFileNameWithoutExtension(path), File.ReadAllText(path));

    public static ProjectFile Parse(string name, string xml)
    {
        var root = XDocument.Parse(xml).Root!;
        var frameworks = Items(root, "FrameworkReference");
        if ((string?)root.Attribute("Sdk") is { } sdk && sdk != "Microsoft.NET.Sdk")
            frameworks = [.. frameworks, sdk];
        var references = Items(root, "ProjectReference")
            .Select(path => System.IO.Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));
        return new ProjectFile(name, [.. references], Items(root, "PackageReference"), frameworks,
            Items(root, "InternalsVisibleTo"));
    }

    private static string[] Items(XElement root, string element) =>
        [.. root.Descendants(element).Select(item => (string?)item.Attribute("Include")).OfType<string>()];
}
