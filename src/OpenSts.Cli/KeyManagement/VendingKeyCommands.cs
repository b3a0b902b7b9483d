using System.CommandLine;
using OpenSts.Cli.Terminal;
using OpenSts.KeyManagement.Keys;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Reports;

namespace OpenSts.Cli.KeyManagement;

/// <summary><c>sts kmc key ...</c>: vending keys.</summary>
internal static class VendingKeyCommands
{
    public static Command Create() =>
        new("key", "Vending keys") { Generate(), Change(), Replace(), MakeDefault(), SetsOnly(), Revoke(), List() };

    private static Argument<string> Id() => new("key") { Description = "Id of the key, such as 123456-0001" };

    private static Option<int> BaseDate() =>
        new("--base-date") { Description = "1993, 2014 or 2035", DefaultValueFactory = _ => 2014 };

    private static Option<int> Ken() =>
        new("--ken") { Description = "Key expiry number, 0 to 255", DefaultValueFactory = _ => 255 };

    private static Option<string> Reason() => new("--reason") { Description = "Why, for the log", Required = true };

    private static Command Generate()
    {
        var sgc = new Argument<string>("code") { Description = "Supply group code, 6 digits" };
        var type = new Option<string>("--type")
        {
            Description = "VDDK default, VUDK unique, VCDK common",
            DefaultValueFactory = _ => "VUDK",
        };
        var dkga = new Option<string>("--dkga")
        {
            Description = "DKGA04, or DKGA02 for meters that know nothing newer",
            DefaultValueFactory = _ => "DKGA04",
        };
        var (baseDate, ken) = (BaseDate(), Ken());
        var active = new Option<string?>("--active") { Description = "New key of a set from then on; left out: now" };
        var until =
            new Option<string>("--until") { Description = "End of the key, such as 2029-12-31", Required = true };
        var days = new Option<int>("--refresh-days")
        {
            Description = "Days for which one file permits tokens",
            DefaultValueFactory = _ => 90,
        };
        return CentreCommand.On(new Command("generate", "Ask for a new key of the next revision")
        {
            sgc,
            type,
            dkga,
            baseDate,
            ken,
            active,
            until,
            days,
        }, (shared, parsed, centre) =>
        {
            if (!VendingKeyNames.TryParse(parsed.GetValue(type)!, out var keyType))
                throw new CliException($"--type held {parsed.GetValue(type)}; permitted: VDDK, VUDK, VCDK");
            var algorithm = Algorithm(parsed.GetValue(dkga)!);
            var begin = parsed.GetValue(active) is { } text ? CentreCommand.Time("--active", text)
                : DateTimeOffset.UtcNow;
            return shared.Ask(parsed, centre, new GenerateKey(parsed.GetValue(sgc)!, keyType, algorithm,
                parsed.GetValue(baseDate), parsed.GetValue(ken),
                DateTimeOffset.FromUnixTimeSeconds(begin.ToUnixTimeSeconds()),
                    CentreCommand.Time("--until", parsed.GetValue(until)!), parsed.GetValue(days)));
        });
    }

    private static Command Change()
    {
        var id = Id();
        var until = new Option<string?>("--until") { Description = "Another end of the key" };
        var days = new Option<int?>("--refresh-days") { Description = "Other days of refresh" };
        var ken = new Option<int?>("--ken") { Description = "Another key expiry number" };
        var stop = StopCredit();
        return CentreCommand.On(new Command("change",
            "Ask for another end, refresh period or expiry number of a key") { id, until, days, ken, stop },
            (shared, parsed, centre) =>
        {
            var key = centre.Keys.FirstOrDefault(key => key.Id == parsed.GetValue(id))
                ?? throw new CliException($"there is no key {parsed.GetValue(id)}");
            if (parsed.GetValue(until) is null && parsed.GetValue(days) is null && parsed.GetValue(ken) is null)
                throw new CliException("there is nothing to change: give --until, --refresh-days or --ken");
            return shared.Ask(parsed, centre, new ChangeKey(key.Id, parsed.GetValue(until) is { } text
                ? CentreCommand.Time("--until", text) : key.Expiry,
                parsed.GetValue(days) ?? key.RefreshDays, parsed.GetValue(ken) ?? key.Ken, parsed.GetValue(stop)));
        });
    }

    private static Command Replace()
    {
        var (id, ken, reason, stop) = (Id(), Ken(), Reason(), StopCredit());
        var baseDate = new Option<int?>("--base-date")
        {
            Description = "1993, 2014 or 2035; left out: 2014, or that of the old key if it is later"
        };
        var dkga = new Option<string?>("--dkga") { Description = "DKGA04 or DKGA02; left out: that of the old key" };
        var active = new Option<string?>("--active")
        {
            Description = "New key of a set from then on; left out: now, or the beginning of its base date"
        };
        var until =
            new Option<string>("--until") { Description = "End of the new key, such as 2029-12-31", Required = true };
        var command = new Command("replace",
            "Ask for a new key beside one that grew old: both vend until the old one is limited to sets")
            {
                id,
                until,
                baseDate,
                ken,
                dkga,
                active,
                reason,
                stop,
            };
        return CentreCommand.On(command, (shared, parsed, centre) =>
        {
            var old = parsed.GetValue(id)!;
            var year = parsed.GetValue(baseDate)
                ?? Math.Max(2014, centre.Keys.FirstOrDefault(key => key.Id == old)?.BaseYear ?? 2014);
            return shared.Ask(parsed, centre, new ReplaceKey(old, parsed.GetValue(reason)!,
                CentreCommand.Time("--until", parsed.GetValue(until)!), year, parsed.GetValue(ken),
                parsed.GetValue(dkga) is { } name ? Algorithm(name) : null, parsed.GetValue(active) is { } text
                    ? CentreCommand.Time("--active", text) : null, parsed.GetValue(stop)));
        }).WithExamples(("Introduce a key of base date 2035 for meters that know DKGA04", "sts kmc key replace CENTRE "
            + "123456-0001 --until 2060-12-31 --base-date 2035 --dkga DKGA04 --reason 'base date 2014 ends' "
            + "--key-file daily.key --as ama"));
    }

    private static Command MakeDefault()
    {
        var id = Id();
        return CentreCommand.On(new Command("default",
            "Ask that new sales and new meters are under a key; refused while a module that sells under the present "
                + "default cannot sell under it") { id }, (shared, parsed, centre) =>
            shared.Ask(parsed, centre, new MakeKeyDefault(parsed.GetValue(id)!)))
            .WithExamples(("Make the second key the default",
                "sts kmc key default CENTRE 123456-0002 --key-file daily.key --as ama"));
    }

    private static Command SetsOnly()
    {
        var (id, reason, stop) = (Id(), Reason(), StopCredit());
        return CentreCommand.On(new Command("sets-only",
            "Ask for the end of credit under an old key: it only leads meters to another key; refused where sales "
                + "would stop") { id, reason, stop }, (shared, parsed, centre) =>
            shared.Ask(parsed, centre,
                new LimitKeyToSets(parsed.GetValue(id)!, parsed.GetValue(reason)!, parsed.GetValue(stop))))
            .WithExamples(("End credit under the first key",
                "sts kmc key sets-only CENTRE 123456-0001 --reason 'base date 2014 ends' --key-file daily.key "
                    + "--as ama"));
    }

    private static Option<bool> StopCredit() =>
        new("--stop-credit") { Description = "Do it also where credit under a key in use ends; what stops is shown" };

    private static DecoderKeyGenerationAlgorithm Algorithm(string text) => text switch
    {
        "DKGA02" => DecoderKeyGenerationAlgorithm.Dkga02,
        "DKGA04" => DecoderKeyGenerationAlgorithm.Dkga04,
        _ => throw new CliException($"--dkga held {text}; permitted: DKGA02, DKGA04"),
    };

    private static Command Revoke()
    {
        var (id, reason) = (Id(), Reason());
        return CentreCommand.On(new Command("revoke",
            "Ask for the end of a key: erased here, gone from each module with its next file") { id, reason },
            (shared, parsed, centre) =>
            shared.Ask(parsed, centre, new RevokeKey(parsed.GetValue(id)!, parsed.GetValue(reason)!)));
    }

    private static Command List() => CentreCommand.On(
        new Command("list", "Show the keys by group with status and days left; never a key"), (_, parsed, centre) =>
        CentreCommand.Print(parsed, ["Key", "Group", "KRN", "Type", "DKGA", "Base", "KEN", "Check value", "Status",
            "Stage", "Days left", "Until", "Modules", "Next refresh"], KeyReport.Of(centre).Select(line => (object?[])
        [
            line.Key.Id, line.Group.Name, line.Key.Krn, VendingKeyNames.Of(line.Key.KeyType), line.Key.Dkga.Name(),
                line.Key.BaseYear, line.Key.Ken, line.Key.CheckValue,
            line.Key.Laboratory ? line.Status + ", laboratory"
                : line.Status, line.Stage.Name(), line.DaysLeft, line.Key.Expiry, line.Modules, line.NextRefresh,
        ])));

}
