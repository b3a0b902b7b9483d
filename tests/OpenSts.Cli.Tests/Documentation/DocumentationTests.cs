using System.Diagnostics;
using OpenSts.Cli.Documentation;

namespace OpenSts.Cli.Tests.Documentation;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public class DocumentationTests
{
    [Fact]
    public void Write_TheReference_IsTheFileInTheRepository()
    {
        var written = MarkdownReference.Write(CommandTree.Create());
        var kept = File.ReadAllText(TestFiles.Path("docs", "reference", "cli.md"));
        Assert.True(written == kept,
            "docs/reference/cli.md is out of date; write it anew: ./sts man --markdown > docs/reference/cli.md");
    }

    [Fact]
    public void Write_EveryManPage_IsReadWithoutAWarning()
    {
        var folder = Directory.CreateTempSubdirectory("sts-man-");
        try
        {
            foreach (var command in CommandDescription.WithSubcommands(CommandTree.Create()))
                File.WriteAllText(Path.Combine(folder.FullName, ManPage.Name(command) + ".1"), ManPage.Write(command));
            var (_,
                error) = Shell(
                "for page in *.1; do man --warnings -l \"$page\" >/dev/null || echo \"$page: not read\" >&2; done",
                folder.FullName);
            Assert.Equal("", error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("sts ex", "explain")]
    [InlineData("sts pan ch", "check")]
    [InlineData("sts token credit --amou", "--amount")]
    [InlineData("sts token credit --service wa", "water")]
    [InlineData("sts completion b", "bash")]
    public void Completion_InBash_CompletesTheWord(string typed, string completed)
    {
        // The script as installed, with a word `sts` on the PATH that is the command under test.
        var folder = Directory.CreateTempSubdirectory("sts-completion-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "sts"),
                $"#!/bin/sh\nexec dotnet '{Sts.Program}' \"$@\"\n");
            File.SetUnixFileMode(Path.Combine(folder.FullName, "sts"), UnixFileMode.UserRead | UnixFileMode.UserWrite
                | UnixFileMode.UserExecute);
            File.WriteAllText(Path.Combine(folder.FullName, "completion.bash"), Resources.Text("completion.bash"));
            var words = typed.Split(' ');
            var (output, error) = Shell(
                $"PATH=$PWD:$PATH; source ./completion.bash; COMP_LINE='{typed}'; COMP_POINT={typed.Length}; "
                    + $"COMP_WORDS=({typed}); COMP_CWORD={words.Length - 1}; _sts; printf '%s\\n' "
                    + $"\"${{COMPREPLY[@]}}\"",
                folder.FullName);
            Assert.Equal((completed, ""), (output.Trim(), error));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (string Output, string Error) Shell(string script, string folder)
    {
        var start = new ProcessStartInfo("bash", ["-c", script])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output, error.Result);
    }
}
