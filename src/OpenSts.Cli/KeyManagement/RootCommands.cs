using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Cli.SecurityModule;
using OpenSts.Cli.Terminal;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Root;
using OpenSts.Sts6;

namespace OpenSts.Cli.KeyManagement;

/// <summary>
/// <c>sts kmc root ...</c>: signs certificates of modules and centres, and changes the custodians; the custodians are
/// present.
/// </summary>
internal static class RootCommands
{
    public static Command Create() =>
        new("root", "The root of the certificates, on a machine without a network") { Sign(), Shares() };

    private static Command Sign()
    {
        var folder = new Argument<string>("root") { Description = "Folder of the root" };
        var input = new Argument<string>("lines")
        {
            Description = "File with lines to sign: SMPK of modules, KMPK of centres"
        };
        var output = new Option<string>("--out") { Description = "New file with the signed lines", Required = true };
        var until = new Option<string?>("--not-after")
        {
            Description = "End of the modules' certificates, such as 2036-12-31"
        };
        var locks = new LockOptions();
        var command = new Command("sign",
            "Sign certificates; compare what is shown with the modules and centres first")
            {
                folder,
                input,
                output,
                until,
            };
        locks.AddTo(command);
        return command.Does(parsed => CentreCommand.Guard(parsed, () =>
        {
            _ = ProcessMemory.ForbidDumps();
            DateTimeOffset? end = parsed.GetValue(until) is { } text ? CentreCommand.Time("--not-after", text) : null;
            var (storageLock, token) = locks.ReadRequired(parsed, "the root");
            var signed = new List<string>();
            using (token)
            using (storageLock)
            using (var root = RootAuthority.Open(parsed.GetValue(folder)!, storageLock, TimeProvider.System))
            {
                foreach (var line in CentreCommand.Lines(parsed.GetValue(input)!))
                {
                    var (verdict, problem, result) = ConcatLine.TypeOf(line) == "KMPK.1"
                        ? root.SignCentre(line) is var centre && centre.TryGet(out var c)
                            ? (RootRefusal.None,
                            $"centre {c.Kmcid}, key {c.Sequence}, {c.Key.Identifier}, until "
                                + $"{CentreCommand.Text(c.Expiry)}", c.Line) : (centre.Refusal, centre.Text, "")
                        : root.SignModule(line, end) is var module && module.TryGet(out var m)
                            ? (RootRefusal.None,
                            $"module {m.ModuleId}, {m.Kind}, {m.Key.Identifier}, until "
                                + $"{CentreCommand.Text(m.NotAfter)}", m.Line) : (module.Refusal, module.Text, "");
                    if (verdict != RootRefusal.None)
                        return CentreCommand.Refuse(parsed, verdict.ToString(), problem);
                    Console.Error.WriteLine($"signed: {problem}");
                    signed.Add(result);
                }
            }

            CentreCommand.WriteNew(parsed.GetValue(output)!, string.Concat(signed.Select(line => line + "\n")));
            Console.Out.WriteLine($"{signed.Count} signed, in {parsed.GetValue(output)}");
            return ExitCode.Good;
        }));
    }

    private static Command Shares()
    {
        var folder = new Argument<string>("root") { Description = "Folder of the root" };
        var options = NewShareSet.Options();
        var locks = new LockOptions();
        var command = new Command("shares",
            "Make new custodians' shares of the root, with enough of the former custodians present; the former shares "
                + "no longer open it") { folder, options.Form, options.Folder, options.Print };
        locks.AddTo(command);
        return command.Does(parsed => CentreCommand.Guard(parsed, () =>
        {
            _ = ProcessMemory.ForbidDumps();
            var (storageLock, token) = locks.ReadRequired(parsed, "the root");
            using (token)
            using (storageLock)
            {
                // No one person may do this: custodians are two or more.
                if (storageLock.Kind != StorageLockKind.Custodians)
                    throw new CliException(
                        "the root's custodians must be present: give --share-file as often as shares are needed");
                using var root = RootAuthority.Open(parsed.GetValue(folder)!, storageLock, TimeProvider.System);
                using var shares = NewShareSet.Create(parsed, "root", options);
                root.ChangeCustodians(shares.Lock, shares.Description);
                Console.Out.WriteLine(parsed.WantsJson()
                    ? new JsonObject
                    {
                        ["root"] = root.Certificate.Name,
                        ["of"] = shares.Description,
                    }.ToJsonString(JsonText.Readable)
                    : $"Root {root.Certificate.Name} is opened by {shares.Description}. The former shares still open "
                        + "old copies of its folder: destroy them.");
                return ExitCode.Good;
            }
        }));
    }
}
