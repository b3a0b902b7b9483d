using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;
using OpenSts.KeyManagement.Records;

namespace OpenSts.Cli.KeyManagement;

/// <summary>
/// <c>sts kmc changes</c>, <c>approve</c>, <c>refuse</c>, <c>log verify</c>: four eyes and what is left of them.
/// </summary>
internal static class ChangeCommands
{
    private static Argument<int> Number() => new("change") { Description = "Number of the change" };

    public static Command List()
    {
        var all = new Option<bool>("--all") { Description = "Also those that were decided" };
        return CentreCommand.On(new Command("changes", "Show the changes that wait for a second person") { all },
            (_, parsed, centre) =>
            CentreCommand.Print(parsed,
                ["Number", "State", "Asked by", "Asked at", "Request", "Decided by", "Outcome"],
                centre.Approvals.All.Where(change => change.State == ChangeState.Open || parsed.GetValue(all))
                .Select(change => (object?[])
            [
                change.Number, change.State.ToString(), change.AskedBy, change.AskedAt,
                    ChangeText.Describe(change.Request), change.DecidedBy, change.Outcome,
            ])));
    }

    public static Command Approve()
    {
        var number = Number();
        return CentreCommand.On(new Command("approve", "Approve what another officer asked for, and do it") { number },
            (shared, parsed, centre) =>
        {
            using var officer = shared.Officer(parsed);
            // The second person is told as the first was; on standard error, before it is done.
            if (centre.Approvals.All.FirstOrDefault(change => change.Number == parsed.GetValue(number)
                && change.State == ChangeState.Open) is { } open)
                Console.Error.Write(CentreCommand.Stops(centre.Approvals.ConsequencesOf(open.Request)));
            return CentreCommand.Print(parsed, centre.Approvals.Approve(officer, parsed.GetValue(number)),
                outcome => new JsonObject { ["outcome"] = outcome }, outcome => outcome);
        });
    }

    public static Command Refuse()
    {
        var number = Number();
        var reason = new Option<string>("--reason") { Description = "Why, for the log", Required = true };
        return CentreCommand.On(new Command("refuse",
            "Refuse what another officer asked for, or take back your own") { number, reason },
            (shared, parsed, centre) =>
        {
            using var officer = shared.Officer(parsed);
            return CentreCommand.Print(parsed, centre.Approvals.Refuse(officer, parsed.GetValue(number),
                parsed.GetValue(reason)!), why => new JsonObject { ["refused"] = why }, why => $"refused: {why}");
        });
    }

    public static Command Log()
    {
        var show = new Option<bool>("--show") { Description = "Print the entries that are in order" };
        var verify = CentreCommand.On(new Command("verify",
            "Read the whole audit log, compare every record with it, and name the first that was altered")
            {
                show,
            }, (_, parsed, centre) =>
        {
            var report = centre.VerifyLog(parsed.GetValue(show) ? entry => Show(parsed, entry) : null);
            Console.Out.WriteLine(parsed.WantsJson()
                ? new JsonObject
                {
                    ["good"] = report.Good,
                    ["entries"] = report.Entries,
                    ["finding"] = report.Text,
                }.ToJsonString(JsonText.Readable) : report.Text);
            return report.Good ? ExitCode.Good : ExitCode.Negative;
        });
        return new Command("log", "The audit log") { verify };
    }

    private static void Show(ParseResult parsed, OpenSts.KeyManagement.Audit.AuditEntry entry) =>
        Console.Out.WriteLine(parsed.WantsJson()
        ? new JsonObject
        {
            ["sequence"] = entry.Sequence,
            ["time"] = CentreCommand.Json(entry.Time),
            ["actor"] = entry.Actor,
            ["text"] = entry.Text,
            ["records"] = new JsonArray([.. entry.Records.Select(record => (JsonNode)record)]),
        }.ToJsonString(JsonText.Readable)
        : entry.ToString());
}
