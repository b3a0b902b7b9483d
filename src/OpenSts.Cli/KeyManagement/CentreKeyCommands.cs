using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.KeyLoading;
using OpenSts.Sts6;

namespace OpenSts.Cli.KeyManagement;

/// <summary>
/// <c>sts kmc centre-key ...</c> and <c>sts kmc certify</c>: the centre's own keys, each with its time.
/// </summary>
internal static class CentreKeyCommands
{
    public static Command Create() => new("centre-key", "The centre's own keys for agreements") { New(), List() };

    public static Command Certify()
    {
        var file = new Argument<string>("lines") { Description = "File with lines that the root signed" };
        return CentreCommand.On(new Command("certify",
            "Take the root's signatures: of centre keys, and of the centre as a receiver of groups") { file },
            (_, parsed, centre) =>
        {
            var worst = ExitCode.Good;
            foreach (var line in CentreCommand.Lines(parsed.GetValue(file)!))
            {
                var code = ConcatLine.TypeOf(line) == "KMPK.1"
                    ? CentreCommand.Print(parsed, centre.AgreementKeys.Certify(line), key => Json(key),
                        key =>
                        $"centre key {key.Sequence} in use from {CentreCommand.Text(key.Activation)} to "
                            + $"{CentreCommand.Text(key.Expiry)}")
                    : CentreCommand.Print(parsed, centre.Certify(line), taken =>
                        new JsonObject { ["certificate"] = taken }, _ => $"centre {centre.Kmcid} may receive groups");
                worst = Math.Max(worst, code);
            }

            return worst;
        });
    }

    private static Command New()
    {
        var from = new Option<string?>("--from") { Description = "In use from; left out: now" };
        var until =
            new Option<string>("--until") { Description = "In use until, such as 2029-12-31", Required = true };
        var output = new Option<string>("--out")
        {
            Description = "New file with the line that the root signs",
            Required = true,
        };
        return CentreCommand.On(new Command("new",
            "Make the next centre key; modules take it with their next certificate, the old one stays until it expires")
            {
                from,
                until,
                output,
            }, (shared, parsed, centre) =>
        {
            using var officer = shared.Officer(parsed);
            _ = CentreCommand.RequireNew(parsed.GetValue(output)!);
            var begin = parsed.GetValue(from) is { } text ? CentreCommand.Time("--from", text) : DateTimeOffset.UtcNow;
            var answer =
                centre.AgreementKeys.Create(officer, begin, CentreCommand.Time("--until", parsed.GetValue(until)!));
            if (answer.TryGet(out var key))
                CentreCommand.WriteNew(parsed.GetValue(output)!, key.Line + "\n");
            return CentreCommand.Print(parsed, answer, Json,
                made => $"centre key {made.Sequence}; the root signs {parsed.GetValue(output)}");
        });
    }

    private static Command List() =>
        CentreCommand.On(new Command("list", "Show the centre's keys"), (_, parsed, centre) =>
        CentreCommand.Print(parsed, ["Sequence", "From", "Until", "Signed by", "Line"],
            centre.AgreementKeys.All.Select(key => (object?[])
        [
            key.Sequence, key.Activation, key.Expiry, key.IsSignedBy(centre.Root) ? key.Signer
                : "nobody yet", key.Line,
        ])));

    private static JsonObject Json(CentreCertificate key) =>
        new()
        {
            ["sequence"] = key.Sequence,
            ["from"] = CentreCommand.Json(key.Activation),
            ["until"] = CentreCommand.Json(key.Expiry),
            ["line"] = key.Line,
        };
}
