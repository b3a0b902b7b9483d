using System.CommandLine;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Documentation;

/// <summary><c>sts completion SHELL</c>: the script that makes a shell complete the command's words.</summary>
/// <remarks>
/// The scripts ask the command itself, by the parser's directive <c>[suggest:N]</c>, so they know every version's
/// words.
/// </remarks>
internal static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish", "powershell"];

    public static Command Create()
    {
        var shell =
            new Argument<string>("shell") { Description = string.Join(", ", Shells) }.AcceptOnlyFromAmong(Shells);
        return new Command("completion",
            "Print the script that makes a shell complete commands and options") { shell }.Does(parsed =>
        {
            Console.Out.Write(Resources.Text($"completion.{parsed.GetValue(shell)}"));
            return ExitCode.Good;
        }).WithExamples(
            ("bash, for this user (package bash-completion)",
                "sts completion bash > ~/.local/share/bash-completion/completions/sts"),
            ("zsh, into a folder of $fpath", "sts completion zsh > ~/.zfunc/_sts"),
            ("fish", "sts completion fish > ~/.config/fish/completions/sts.fish"),
            ("PowerShell, for every session", "sts completion powershell >> $PROFILE"));
    }
}
