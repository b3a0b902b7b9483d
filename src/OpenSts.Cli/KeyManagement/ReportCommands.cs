using System.CommandLine;
using OpenSts.Cli.Terminal;
using OpenSts.KeyManagement.Keys;
using OpenSts.KeyManagement.Reports;

namespace OpenSts.Cli.KeyManagement;

/// <summary>
/// <c>sts kmc report ...</c>: keys by group, modules that need a file, the input of a key change campaign.
/// </summary>
internal static class ReportCommands
{
    public static Command Create() => new("report", "Reports; none shows a key") { Html(), Refreshes(), Campaign() };

    private static Command Html()
    {
        var output = new Option<string>("--out") { Description = "New file", Required = true };
        return CentreCommand.On(new Command("html",
            "Write one page of keys by group, status and days left, and of modules: a file to look at, nothing in it "
                + "can be pressed") { output }, (_, parsed, centre) =>
        {
            CentreCommand.WriteNew(CentreCommand.RequireNew(parsed.GetValue(output)!),
                HtmlReport.Of(centre, DateTimeOffset.UtcNow));
            Console.Out.WriteLine(parsed.GetValue(output));
            return ExitCode.Good;
        });
    }

    private static Command Refreshes()
    {
        var days = new Option<int>("--days")
        {
            Description = "Within so many days, 0 to 3650",
            DefaultValueFactory = _ => 30,
        };
        return CentreCommand.On(new Command("refresh",
            "Modules that need their next file, the most urgent first") { days },
            (_, parsed, centre) => parsed.GetValue(days) is < 0 or > 3650
            ? throw new CliException($"--days held {parsed.GetValue(days)}; permitted: 0 to 3650")
            : CentreCommand.Print(parsed, ["Module", "Owner", "Last file", "Refresh by", "State"],
                KeyReport.Refreshes(centre, parsed.GetValue(days)).Select(entry => (object?[])
            [
                entry.Module.Id, CentreCommand.OwnerOf(centre, entry.Module), entry.Last?.KekId,
                    entry.Last?.IssuedUntil, entry.Last is null ? "never had keys" : "has keys",
            ])));
    }

    private static Command Campaign()
    {
        var file = new Option<string?>("--file")
        {
            Description = "New file for a vending server: JSON, docs/reference/campaign-file.md"
        };
        var command = new Command("campaign",
            "The input of a key change campaign: which revision leads to which, how far each is, and which modules "
                + "can make the sets") { file };
        return CentreCommand.On(command, (_, parsed, centre) =>
        {
            if (parsed.GetValue(file) is { } path)
            {
                CentreCommand.WriteNew(CentreCommand.RequireNew(path), CampaignFile.Write(centre));
                Console.Out.WriteLine(path);
                return ExitCode.Good;
            }

            string[] columns = ["Group", "Old KRN", "Old KT", "Old base", "New KRN", "New KT", "New KEN", "New base",
                "Rollover", "Ready modules", "Reason", "Old key", "Old stage", "New key", "New stage", "Credit until",
                "Sets until"];
            return CentreCommand.Print(parsed, columns, KeyReport.Campaign(centre).Select(line => (object?[])
            [
                line.Group, line.OldKey.Krn, (int)line.OldKey.KeyType, line.OldKey.BaseYear, line.NewKey?.Krn,
                    (int?)line.NewKey?.KeyType, line.NewKey?.Ken, line.NewKey?.BaseYear,
                line.Rollover, string.Join(' ', line.ReadyModules), line.OldKey.Reason, line.OldKey.Id,
                    line.OldStage.Name(), line.NewKey?.Id, line.NewStage?.Name(), line.CreditUntil, line.SetsUntil,
            ]));
        }).WithExamples(("Give the campaign to the vending server", "sts kmc report campaign CENTRE --file "
            + "campaign.json --key-file daily.key"));
    }
}
