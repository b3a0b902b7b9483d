using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Cli.SecurityModule;
using OpenSts.Cli.Terminal;
using OpenSts.KeyLoading;
using OpenSts.KeyManagement;
using OpenSts.KeyManagement.Records;
using OpenSts.SecureStorage;

namespace OpenSts.Cli.KeyManagement;

/// <summary><c>sts kmc init</c>: a further centre under a root that exists.</summary>
internal static class InitCommand
{
    public static Command Create()
    {
        var folder = CentreCommand.PlaceArgument("New folder of the centre");
        var kmcid = new Option<string>("--kmcid")
        {
            Description = "Name of the centre: six capitals and digits",
            Required = true,
        };
        var root = new Option<string>("--root-line") { Description = "File with the root's line", Required = true };
        var officers = new Option<string[]>("--officer")
        {
            Description = "NAME=PUBLIC KEY of an officer, as 'sts kmc officer new' prints it; two or more",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var years = new Option<int>("--years")
        {
            Description = "Years for which the centre's first key is in use, 1 to 10",
            DefaultValueFactory = _ => 3,
        };
        var output = new Option<string>("--out")
        {
            Description = "New file with the two lines that the root signs",
            Required = true,
        };
        var locks = new LockOptions();
        var command = new Command("init",
            "Make a further centre under an existing root; its certificates are signed afterwards")
            {
                folder,
                kmcid,
                root,
                officers,
                years,
                output,
            };
        locks.AddTo(command);
        return command.Does(parsed => CentreCommand.Guard(parsed, () =>
        {
            _ = ProcessMemory.ForbidDumps();
            if (!RootCertificate.TryParse(CentreCommand.OneLine(parsed.GetValue(root)!), out var certificate,
                out var problem))
                throw new CliException(problem);
            if (!CentreCertificate.IsKmcid(parsed.GetValue(kmcid)))
                throw new CliException($"--kmcid held {parsed.GetValue(kmcid)}; permitted: six capitals and digits");
            if (parsed.GetValue(years) is < 1 or > 10)
                throw new CliException($"--years held {parsed.GetValue(years)}; permitted: 1 to 10");
            _ = CentreCommand.RequireNew(parsed.GetValue(output)!);
            var people = parsed.GetValue(officers)!.Select(Person).ToList();
            if (people.Count < 2 || people.DistinctBy(person => person.Name, StringComparer.OrdinalIgnoreCase)
                .Count() < people.Count || people.DistinctBy(person => person.PublicKey).Count() < people.Count)
                throw new CliException("--officer is wanted twice or more, each with a name and a key of their own");

            var (storageLock, token) = locks.ReadRequired(parsed, "the centre");
            using (token)
            using (storageLock)
            using (var centre = KeyCentre.Create(CentreCommand.Place(parsed.GetValue(folder)!),
                parsed.GetValue(kmcid)!, certificate, people, storageLock))
            {
                var now = DateTimeOffset.UtcNow;
                var key =
                    centre.AgreementKeys.Create("init", now.AddMinutes(-1), now.AddYears(parsed.GetValue(years)));
                if (!key.TryGet(out var unsigned))
                    return CentreCommand.Refuse(parsed, key.Verdict.ToString(), key.Text);
                CentreCommand.WriteNew(parsed.GetValue(output)!,
                    $"{unsigned.Line}\n{centre.Exchange.Certificate.Line}\n");
                Console.Out.WriteLine(parsed.WantsJson()
                    ? new JsonObject
                    {
                        ["kmcid"] = centre.Kmcid,
                        ["fingerprint"] = certificate.Fingerprint,
                        ["unsigned"] = parsed.GetValue(output),
                    }.ToJsonString(JsonText.Readable)
                    : $"Centre {centre.Kmcid} under root {certificate.Name}, fingerprint {certificate.Fingerprint}: "
                        + $"compare it with the record of the ceremony.\nThe root signs {parsed.GetValue(output)}: "
                        + "sts kmc root sign; then: sts kmc certify.");
            }

            return ExitCode.Good;
        }));
    }

    private static (string Name, string PublicKey) Person(string text) =>
        text.Split('=') is [var name, var key] && Officer.IsName(name) && PublicPoint.TryParse(key, out _)
        ? (name, key)
        : throw new CliException(
            $"--officer held {(text.Length > 40 ? text[..40] + "..." : text)}; permitted: NAME=PUBLIC KEY as 'sts kmc "
                + "officer new' prints it, 1 to 40 letters, digits, spaces, dots and dashes, then 98 hexadecimal "
                + "capitals");
}
