using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Diagnostics;

/// <summary><c>sts doctor</c>: what works on this machine and what is missing.</summary>
internal static class DoctorCommand
{
    public static Command Create() =>
        new Command("doctor", "Say what works on this machine, what is missing and what needs it").Does(parsed =>
    {
        var checks = new List<Check>();
        using (Progress.Start("looking at this machine"))
            checks.AddRange(MachineChecks.Run());
        if (parsed.WantsJson())
        {
            foreach (var check in checks)
                Commands.WriteJson(Json(check));
        }
        else
        {
            Print(checks);
        }

        return checks.Any(check => check.State == CheckState.Failed) ? ExitCode.Negative : ExitCode.Good;
    }).WithExamples(
        ("Look at this machine", "sts doctor"),
        ("List what is missing, for a script", "sts doctor --json | grep '\"state\":\"missing\"'"));

    private static void Print(IReadOnlyList<Check> checks)
    {
        Tables.Write(["", "check", "found"],
            checks.Select(check => (IReadOnlyList<string>)[Word(check.State), check.Name, check.Found]));
        foreach (var check in checks.Where(check => check.State != CheckState.Ok))
        {
            Console.Out.WriteLine();
            Console.Out.WriteLine($"{check.Name}: {check.Found}; needed for {check.NeededFor}");
            if (check.Remedy is not null)
                Console.Out.WriteLine($"  {check.Remedy}");
        }
    }

    private static string Word(CheckState state) => state switch
    {
        CheckState.Ok => "ok",
        CheckState.Missing => "missing",
        CheckState.Warning => "warning",
        _ => "failed",
    };

    private static JsonObject Json(Check check) => new()
    {
        ["check"] = check.Name,
        ["state"] = Word(check.State),
        ["found"] = check.Found,
        ["neededFor"] = check.NeededFor,
        ["remedy"] = check.Remedy,
    };
}
