using System.CommandLine;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Documentation;

/// <summary><c>sts man</c>: the documentation that is made from the command tree.</summary>
internal static class ManCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("command")
        {
            Description = "The command, such as 'pan check'; left out: sts itself",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var output = new Option<DirectoryInfo?>("--out")
        {
            Description = "Write the pages of the command and of everything below it into this folder"
        };
        var markdown = new Option<bool>("--markdown")
        {
            Description = "Print the reference of all commands, docs/reference/cli.md"
        };
        return new Command("man", "Print a man page") { names, output, markdown }.Does(parsed =>
        {
            var root = CommandTree.Create();
            var path = parsed.GetValue(names)!;
            var command = CommandDescription.Find(root, path)
                ?? throw new CliException($"command: there is no command 'sts {string.Join(' ', path)}'");
            if (parsed.GetValue(markdown))
                Console.Out.Write(MarkdownReference.Write(root));
            else if (parsed.GetValue(output) is { } folder)
                WriteAll(command, folder);
            else
                Console.Out.Write(ManPage.Write(command));
            return ExitCode.Good;
        }).WithExamples(
            ("Read a man page", "sts man pan check | man -l -"),
            ("Install every man page for this user", "sts man --out ~/.local/share/man/man1"));
    }

    private static void WriteAll(Command command, DirectoryInfo folder)
    {
        folder.Create();
        foreach (var each in CommandDescription.WithSubcommands(command))
            File.WriteAllText(Path.Combine(folder.FullName, ManPage.Name(each) + ".1"), ManPage.Write(each));
    }
}
