using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Cli.SecurityModule;
using OpenSts.Cli.Terminal;
using OpenSts.KeyLoading;
using OpenSts.SecurityModule.Loading;
using OpenSts.SecurityModule.Vault;
using OpenSts.Sts6;

namespace OpenSts.Cli.KeyManagement;

/// <summary>
/// <c>sts sm load ...</c>: the module's side of key loading by file; over the wire the protocol's commands do the
/// same.
/// </summary>
internal static class KeyLoadingCommands
{
    public static Command Create() => new("load", "Keys from a key management centre, by file")
    {
        Identity(),
        Certify(),
        Centre(),
        Request(),
        LoadFile(),
        Confirmation(),
        Forget(),
        Slots(),
    };

    private static Command Identity()
    {
        var maker = new Option<string>("--maker") { Description = "1 to 20 characters", Required = true };
        var id = new Option<int>("--module-id") { Description = "1 to 89999999", Required = true };
        var kind = new Option<string>("--kind") { Description = "VEND or MANU", DefaultValueFactory = _ => "VEND" };
        var firmware = new Option<string>("--firmware")
        {
            Description = "1 to 20 characters",
            DefaultValueFactory = _ => "OPENSTS-1",
        };
        var root = new Option<string>("--root-line")
        {
            Description = "File with the root's line; compare its fingerprint first",
            Required = true,
        };
        var output = new Option<string>("--out")
        {
            Description = "New file with the line that the root signs",
            Required = true,
        };
        return WithVault(new Command("identity", "Make the module's own key, once for its life")
        {
            maker,
            id,
            kind,
            firmware,
            root,
            output,
        }, (parsed, vault) =>
        {
            if (!RootCertificate.TryParse(CentreCommand.OneLine(parsed.GetValue(root)!), out var certificate,
                out var problem))
                throw new CliException(problem);
            if (parsed.GetValue(id) is < 1 or > 89_999_999)
                throw new CliException($"--module-id held {parsed.GetValue(id)}; permitted: 1 to 89999999");
            var now = DateTimeOffset.UtcNow;
            var description = new ModuleDescription
            {
                Maker = parsed.GetValue(maker)!,
                ModuleId = parsed.GetValue(id),
                Firmware = parsed.GetValue(firmware)!,
                Kind = parsed.GetValue(kind) switch
                {
                    "VEND" => ModuleKind.Vending,
                    "MANU" => ModuleKind.Manufacturing,
                    var other => throw new CliException($"--kind held {other}; permitted: VEND, MANU"),
                },
                Created = now,
                NotAfter = now.AddYears(10),
            };
            try
            {
                CentreCommand.WriteNew(parsed.GetValue(output)!, ModuleIdentity.Create(vault, description, certificate)
                    .Line + "\n");
            }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException)
            {
                throw new CliException(error.Message);
            }

            Console.Out.WriteLine(
                $"root {certificate.Name}, fingerprint {certificate.Fingerprint}; the root signs "
                    + $"{parsed.GetValue(output)}");
            return ExitCode.Good;
        });
    }

    private static Command Certify()
    {
        var file = new Argument<string>("certificate") { Description = "File with the signed line" };
        return WithVault(new Command("certify", "Take the root's signature") { file }, (parsed, vault) =>
            ModuleIdentity.TryCertify(vault, CentreCommand.OneLine(parsed.GetValue(file)!), out var problem)
                ? Say("certified") : CentreCommand.Refuse(parsed, "Certificate", problem));
    }

    private static Command Centre()
    {
        var file = new Argument<string>("certificate") { Description = "File with the centre's line (KMPK)" };
        return WithLoading(new Command("centre", "Take a centre's certificate (KC)") { file }, (parsed, loading) =>
            Print(parsed, loading.TakeCentre(CentreCommand.OneLine(parsed.GetValue(file)!)),
                slot => new JsonObject { ["slot"] = slot }, slot => $"slot {slot}"));
    }

    private static Command Request()
    {
        var kmcid = new Argument<string>("kmcid") { Description = "The centre" };
        var output = new Option<string>("--out") { Description = "New file for the request", Required = true };
        return WithLoading(new Command("request",
            "Ask a centre for a key load file (KR); an earlier request is void") { kmcid, output },
            (parsed, loading) =>
        {
            var answer = loading.Request(parsed.GetValue(kmcid)!);
            if (answer.TryGet(out var line))
                CentreCommand.WriteNew(parsed.GetValue(output)!, line + "\n");
            return Print(parsed, answer, request => new JsonObject { ["request"] = request },
                _ => $"for centre {parsed.GetValue(kmcid)}: {parsed.GetValue(output)}");
        });
    }

    private static Command LoadFile()
    {
        var file = new Argument<string>("file") { Description = "Key load file" };
        var output = new Option<string>("--out")
        {
            Description = "New file for the confirmation, for the centre",
            Required = true,
        };
        return WithLoading(new Command("file",
            "Load a key load file (KL, KF): all of it in one step, or nothing") { file, output }, (parsed, loading) =>
        {
            var answer = loading.LoadFile(File.ReadAllText(parsed.GetValue(file)!));
            if (answer.TryGet(out var outcome))
                CentreCommand.WriteNew(parsed.GetValue(output)!, outcome.Confirmation.Line + "\n");
            return Print(parsed, answer, done => new JsonObject
            {
                ["loaded"] = done.Loaded,
                ["removed"] = done.Removed,
                ["confirmation"] = done.Confirmation.Line,
            },
                done =>
                    $"{done.Loaded} keys loaded, {done.Removed} removed; the confirmation is {parsed.GetValue(output)}");
        });
    }

    private static Command Confirmation()
    {
        var kmcid = new Argument<string>("kmcid") { Description = "The centre" };
        var output = new Option<string>("--out")
        {
            Description = "New file for the confirmation, for the centre",
            Required = true,
        };
        return WithLoading(new Command("confirmation",
            "Write the confirmation of the last file once more, where it was lost") { kmcid, output },
            (parsed, loading) =>
        {
            var last = loading.Slots.FirstOrDefault(slot => slot.Kmcid == parsed.GetValue(kmcid))?.LastOutcome
                ?? throw new CliException($"no file of centre {parsed.GetValue(kmcid)} was loaded");
            CentreCommand.WriteNew(parsed.GetValue(output)!, last.Confirmation.Line + "\n");
            return Say($"file {last.Confirmation.KekId}: {parsed.GetValue(output)}");
        });
    }

    private static Command Forget()
    {
        var kmcid = new Argument<string>("kmcid") { Description = "The centre" };
        return WithLoading(new Command("forget",
            "Forget a centre and erase every key that came from it (KX)") { kmcid }, (parsed, loading) =>
            Print(parsed, loading.RemoveCentre(parsed.GetValue(kmcid)!),
                count => new JsonObject { ["removed"] = count }, count => $"{count} keys erased"));
    }

    private static Command Slots() =>
        WithLoading(new Command("slots", "Show the centres that the module knows"), (parsed, loading) =>
        CentreCommand.Print(parsed, ["Slot", "Centre", "Key", "State", "Last file", "Until"],
            loading.Slots.Select(slot => (object?[])
        [
            slot.Number, slot.Kmcid, slot.Using.Sequence, slot.State.ToString(), slot.LastKekId, slot.Using.Expiry,
        ])));

    private static Command WithVault(Command command, Func<ParseResult, KeyVault, int> work)
    {
        var folder = VaultCommands.Folder();
        var locks = new LockOptions();
        command.Arguments.Insert(0, folder);
        locks.AddTo(command);
        return command.DoesWithVault(parsed =>
        {
            using var open = OpenVault.From(parsed, folder, locks);
            return work(parsed, open.Vault);
        });
    }

    private static Command WithLoading(Command command, Func<ParseResult, ModuleKeyLoader, int> work) =>
        WithVault(command, (parsed, vault) =>
    {
        using var loading = ModuleKeyLoader.Open(vault, TimeProvider.System)
            ?? throw new CliException("the module has no identity yet: sts sm load identity");
        return work(parsed, loading);
    });

    private static int Print<T>(
        ParseResult parsed, ModuleAnswer<T> answer, Func<T, JsonObject> json, Func<T, string> text)
        where T : notnull
    {
        if (!answer.TryGet(out var value))
            return CentreCommand.Refuse(parsed, $"{(int)answer.Code:D2} {answer.Code}", answer.Text);
        Console.Out.WriteLine(parsed.WantsJson() ? json(value).ToJsonString(JsonText.Readable) : text(value));
        return ExitCode.Good;
    }

    private static int Say(string text)
    {
        Console.Out.WriteLine(text);
        return ExitCode.Good;
    }

}
