using System.CommandLine;
using OpenSts.Cli.Terminal;
using OpenSts.KeyManagement.Keys;
using OpenSts.SecureStorage;

namespace OpenSts.Cli.KeyManagement;

/// <summary><c>sts kmc legacy ...</c>: key records of Edition 1, read for laboratories.</summary>
internal static class LegacyCommands
{
    public static Command Create() =>
        new("legacy", "Key load files of Edition 1: read for laboratories, never written") { Read(), Import() };

    private static Command Read()
    {
        var file = new Argument<string>("file") { Description = "Key load file of Edition 1" };
        return new Command("read", "Show the key records of a file; never a key") { file }.Does(parsed =>
        {
            _ = ProcessMemory.ForbidDumps();
            var records = Records(parsed.GetValue(file)!);
            return CentreCommand.Print(parsed, ["Group", "Name", "KRN", "KEN", "Register", "Type", "Parity", "Method",
                "Parent", "Active", "Check value", "Key"], records.Select(record => (object?[])
            [
                record.Sgc, record.Name, record.Krn, record.Ken, record.Register, record.KeyType.ToString(),
                    record.Parity.ToString(), record.Method.ToString(), record.Parent,
                record.Active, record.CheckDigits[..6], record.IsClear ? "in clear" : "encrypted, method not public",
            ]));
        });
    }

    private static Command Import()
    {
        var file = new Argument<string>("file") { Description = "Key load file of Edition 1" };
        var laboratory =
            new Option<bool>("--laboratory") { Description = "Confirm that the keys are for a laboratory" };
        var until =
            new Option<string>("--until") { Description = "End of the keys, such as 2027-12-31", Required = true };
        var baseDate =
            new Option<int>("--base-date") { Description = "1993, 2014 or 2035", DefaultValueFactory = _ => 1993 };
        return CentreCommand.On(new Command("import",
            "Ask for the keys of a file that stand in clear; their groups exist before")
            {
                file,
                laboratory,
                until,
                baseDate,
            }, (shared, parsed, centre) =>
        {
            if (!parsed.GetValue(laboratory))
                throw new CliException(
                    "--laboratory is missing: keys that people have seen are for laboratories only; nothing was asked "
                        + "for");
            using var officer = shared.Officer(parsed);
            var worst = ExitCode.Good;
            foreach (var record in Records(parsed.GetValue(file)!))
            {
                var answer = centre.Approvals.AskLaboratoryKey(officer, record, KeyType.Unique,
                    parsed.GetValue(baseDate), CentreCommand.Time("--until", parsed.GetValue(until)!));
                worst = Math.Max(worst,
                    CentreCommand.Print(parsed, answer, number => new System.Text.Json.Nodes.JsonObject
                    {
                        ["change"] = number
                    }, number => $"change {number} asked for: group {record.Sgc}, revision {record.Krn}"));
            }

            return worst;
        });
    }

    private static List<Edition1KeyRecord> Records(string path)
    {
        var records = CentreCommand.Lines(path).Where(line => line.StartsWith("9520", StringComparison.Ordinal))
            .Select((line, index) =>
            Edition1KeyRecord.TryParse(line, out var record, out var problem) ? record
                : throw new CliException($"{path}, key record {index + 1}: {problem}")).ToList();
        return records.Count > 0 ? records
            : throw new CliException($"{path} holds no key record: a line that begins with 9520");
    }
}
