using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;
using OpenSts.KeyLoading;
using OpenSts.KeyManagement;
using OpenSts.KeyManagement.Records;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Root;

namespace OpenSts.Cli.KeyManagement;

/// <summary>
/// <c>sts kmc ceremony</c>: a root and a centre, their custodians' shares and the first officers.
/// </summary>
/// <remarks>
/// Nothing is made with a lock that was not opened once by the shares as their custodians hold them
/// (<see cref="NewShareSet"/>).
/// </remarks>
internal static class CeremonyCommand
{
    public static Command Create()
    {
        var root = new Option<string>("--root")
        {
            Description = "New folder of the root; belongs on a machine without a network",
            Required = true,
        };
        var rootName = new Option<string>("--root-name")
        {
            Description = "Name of the root, 1 to 20 characters",
            DefaultValueFactory = _ => "STS-ROOT",
        };
        var centre = new Option<string>("--centre")
        {
            Description = "New folder of the centre, or a PostgreSQL connection string as for other commands",
            Required = true,
        };
        var kmcid = new Option<string>("--kmcid")
        {
            Description = "Name of the centre: six capitals and digits",
            Required = true,
        };
        var rootShares = new Option<string>("--root-shares")
        {
            Description = "Custodians of the root, such as 3/5",
            DefaultValueFactory = _ => "3/5",
        };
        var shares = new Option<string>("--shares")
        {
            Description = "Custodians of the centre, such as 3/5",
            DefaultValueFactory = _ => "3/5",
        };
        var folder = new Option<string>("--share-folder")
        {
            Description =
                "New files root-share-1, centre-share-1, officer-NAME go here, each for one person to take away",
            Required = true,
        };
        var print = new Option<bool>("--print")
        {
            Description = "Show each share once on the terminal in place of a file, and ask for it again"
        };
        var officers = new Option<string[]>("--officer")
        {
            Description = "Name of an officer; two or more",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var years = new Option<int>("--years")
        {
            Description = "Years for which the centre's first key is in use, 1 to 10",
            DefaultValueFactory = _ => 3,
        };
        var daily = new Option<string?>("--key-file")
        {
            Description = "New key file that opens the centre for daily work, beside the shares"
        };
        var command = new Command("ceremony", "Make a root and a centre with their custodians and officers")
        {
            root,
            rootName,
            centre,
            kmcid,
            rootShares,
            shares,
            folder,
            print,
            officers,
            years,
            daily,
        };
        return command.Does(parsed => CentreCommand.Guard(parsed, () =>
        {
            _ = ProcessMemory.ForbidDumps();
            var into = parsed.GetValue(folder)!;
            if (!CentreCertificate.IsKmcid(parsed.GetValue(kmcid)))
                throw new CliException($"--kmcid held {parsed.GetValue(kmcid)}; permitted: six capitals and digits");
            if (parsed.GetValue(years) is < 1 or > 10)
                throw new CliException($"--years held {parsed.GetValue(years)}; permitted: 1 to 10");
            var names = parsed.GetValue(officers)!;
            var place = CentreCommand.Place(parsed.GetValue(centre)!);
            if (names.Distinct(StringComparer.OrdinalIgnoreCase).Count() != names.Length || names.Length < 2
                || !names.All(Officer.IsName))
                throw new CliException(
                    "--officer is wanted twice or more, each with another name of letters, digits, spaces, dots and "
                        + "dashes");
            if (Directory.Exists(parsed.GetValue(root)) || KeyCentre.IsTaken(place))
                throw new CliException(
                    "the root's folder or the centre is there already; a ceremony overwrites nothing");
            var made = new List<string>();
            var (rootForm, centreForm) = (NewShareSet.Form("--root-shares", parsed.GetValue(rootShares)!),
                NewShareSet.Form("--shares", parsed.GetValue(shares)!));
            _ = Directory.CreateDirectory(into);
            using var rootSet = NewShareSet.Create("root", rootForm, parsed.GetValue(print) ? null : into, made);
            using var centreSet = NewShareSet.Create("centre", centreForm, parsed.GetValue(print) ? null : into, made);
            var certificate = RootAuthority.Create(parsed.GetValue(root)!, parsed.GetValue(rootName)!, rootSet.Lock,
                TimeProvider.System);
            var people = names.Select(name => MakeOfficer(name, into, made)).ToList();
            using var keyCentre =
                KeyCentre.Create(place, parsed.GetValue(kmcid)!, certificate, people, centreSet.Lock);
            using (var authority = RootAuthority.Open(parsed.GetValue(root)!, rootSet.Lock, TimeProvider.System))
                Certify(keyCentre, authority, parsed.GetValue(years));
            if (parsed.GetValue(daily) is { } keyFile)
                AddDaily(keyCentre, keyFile, Path.Combine(into, FileOf(names[0])),
                    Path.Combine(into, FileOf(names[1])), made);
            CentreCommand.WriteNew(Path.Combine(into, "root.line"), certificate.Line + "\n");
            CentreCommand.WriteNew(Path.Combine(into, "centre.line"), keyCentre.AgreementKeys.Current!.Line + "\n");
            if (parsed.WantsJson())
            {
                Console.Out.WriteLine(new JsonObject
                {
                    ["root"] = certificate.Line,
                    ["fingerprint"] = certificate.Fingerprint,
                    ["kmcid"] = keyCentre.Kmcid,
                    ["made"] = new JsonArray([.. made.Select(file => (JsonNode)file)]),
                }.ToJsonString(JsonText.Readable));
                return ExitCode.Good;
            }

            Console.Out.WriteLine(
                $"Root {certificate.Name}, fingerprint {certificate.Fingerprint}. Read it aloud and write it into the "
                    + "record of the ceremony.");
            Console.Out.WriteLine(
                $"Centre {keyCentre.Kmcid}, officers {string.Join(", ", names)}. Its certificate is "
                    + $"{Path.Combine(into, "centre.line")}, the root's line {Path.Combine(into, "root.line")}.");
            Console.Out.WriteLine("For their people to take away, and nowhere else: " + string.Join(", ", made));
            return ExitCode.Good;
        }));
    }

    private static string FileOf(string name) => "officer-" + name.Replace(' ', '_');

    private static (string Name, string PublicKey) MakeOfficer(string name, string into, List<string> made)
    {
        using var officer = OfficerKey.Create(name);
        var file = Path.Combine(into, FileOf(name));
        officer.Save(file);
        made.Add(file);
        return (name, officer.PublicKey);
    }

    private static void Certify(KeyCentre centre, RootAuthority root, int years)
    {
        var now = DateTimeOffset.UtcNow;
        var key = Require(centre.AgreementKeys.Create("ceremony", now.AddMinutes(-1), now.AddYears(years)));
        _ = Require(centre.AgreementKeys.Certify(Require(root.SignCentre(key.Line)).Line));
        _ = Require(centre.Certify(Require(root.SignModule(centre.Exchange.Certificate.Line)).Line));
    }

    private static void AddDaily(KeyCentre centre, string keyFile, string firstOfficer, string secondOfficer,
        List<string> made)
    {
        KeyFile.Create(keyFile);
        made.Add(keyFile);
        using var storageLock = StorageLock.FromKeyFile(keyFile);
        using var first = CentreCommand.ReadOfficer(firstOfficer);
        using var second = CentreCommand.ReadOfficer(secondOfficer);
        _ = Require(centre.AddLock(first, second, storageLock));
    }

    private static T Require<T>(RootAnswer<T> answer)
        where T : class =>
            answer.TryGet(out var value) ? value : throw new CentreException(CentreFault.Storage, answer.ToString());

    private static T Require<T>(CentreAnswer<T> answer)
        where T : notnull =>
            answer.TryGet(out var value) ? value : throw new CentreException(CentreFault.Storage, answer.ToString());
}
