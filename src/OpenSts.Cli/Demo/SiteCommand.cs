using System.CommandLine;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Demo;

/// <summary><c>sts demo site FOLDER</c>: keys of its own for a demonstration, from the centre to the meter.</summary>
internal static class SiteCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "A new folder" };
        return new Command("site",
            "Make a site: a root, a key management centre, a module with keys from it, and six meters")
        {
            folder,
        }.Does(parsed =>
        {
            var at = parsed.GetValue(folder)!.FullName;
            DemoSite.Create(at, TimeProvider.System);
            Console.Out.WriteLine(
                $"made {at}: supply group {DemoSite.Group} with two key revisions, loaded into the module's vault; "
                    + $"{DemoSite.Meters} meters");
            return ExitCode.Good;
        }).WithExamples(("Make the site that ./run starts with", "sts demo site site"));
    }
}
