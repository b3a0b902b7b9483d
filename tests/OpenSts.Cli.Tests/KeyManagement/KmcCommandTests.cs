using System.Text.Json.Nodes;

namespace OpenSts.Cli.Tests.KeyManagement;

/// <summary><c>sts kmc</c> and <c>sts sm load</c> as people type them, from the ceremony to a second centre.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class KmcCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("ostskmc").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Commands_CeremonyToModuleToSecondCentre_DoWhatTheirHelpSays()
    {
        Good("kmc", "ceremony", "--root", In("root"), "--centre", In("north"), "--kmcid", "NORTH1", "--root-shares",
            "2/3", "--shares", "2/3", "--share-folder", In("people"),
            "--officer", "Alice", "--officer", "Bob", "--key-file", In("daily"));
        var again = Sts.Run("kmc", "ceremony", "--root", In("root"), "--centre", In("north"), "--kmcid", "NORTH1",
            "--share-folder", In("people"), "--officer", "Alice", "--officer", "Bob");
        Assert.Equal(2, again.Exit);
        foreach (var share in Directory.EnumerateFiles(In("people"), "*-share-*")
            .Concat(Directory.EnumerateFiles(In("people"), "officer-*")))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(share));

        Change("user", "add", In("north"), "--name", "Town power", "--contact", "control@town.example");
        Change("group", "create", In("north"), "123456", "--name", "Test town", "--owner", "NORTH1-0001");
        Change("key", "generate", In("north"), "123456", "--until", "2099-12-31");
        var alone = Centre("north", "Alice", "group", "create", In("north"), "654321", "--name", "Other", "--owner",
            "Town power");
        Assert.Equal(0, alone.Exit);
        var same = Centre("north", "Alice", "approve", In("north"), "4");
        Assert.Equal(1, same.Exit);
        Assert.Contains("SamePerson", same.Error, StringComparison.Ordinal);
        Assert.Equal(0, Centre("north", "Bob", "refuse", In("north"), "4", "--reason", "not ours").Exit);

        // A module comes into being, is certified at the root, registered, authorised and filled.
        Good("sm", "init", In("module"), "--key-file", In("module.key"));
        Good("sm", "load", "identity", In("module"), "--maker", "OpenSts", "--module-id", "10000001", "--root-line",
            In("people/root.line"), "--out", In("smpk"), "--key-file", In("module.key"));
        Good("kmc", "root", "sign", In("root"), In("smpk"), "--out", In("smpk.signed"), "--share-file",
            In("people/root-share-1"), "--share-file", In("people/root-share-3"));
        Good("sm", "load", "certify", In("module"), In("smpk.signed"), "--key-file", In("module.key"));
        Assert.Equal(0, Centre("north", "Alice", "module", "register", In("north"), In("smpk.signed"), "--owner",
            "Town power").Exit);
        Change("authorise", In("north"), "--module", "10000001", "--key", "123456-0001", "--units", "unlimited",
            "--subclasses", "0,1,2", "--until", "2098-12-31");
        Good("sm", "load", "centre", In("module"), In("people/centre.line"), "--key-file", In("module.key"));
        Good("sm", "load", "request", In("module"), "NORTH1", "--out", In("request"), "--key-file", In("module.key"));
        var files = Centre("north", "Alice", "load-file", In("north"), In("request"), "--out", In("files"), "--json");
        Assert.Equal("123456-0001", JsonNode.Parse(files.Output)!["keys"]![0]!.GetValue<string>());
        var file = In("files/10000001-00000001.klf");
        Good("sm", "load", "file", In("module"), file, "--out", In("confirmation"), "--key-file", In("module.key"));
        var replay = Sts.Run("sm", "load", "file", In("module"), file, "--out", In("confirmation2"), "--key-file",
            In("module.key"));
        Assert.Equal(1, replay.Exit);
        Assert.Contains("87 InvalidInstruction", replay.Error, StringComparison.Ordinal);
        Good("sm", "load", "confirmation", In("module"), "NORTH1", "--out", In("confirmation2"), "--key-file",
            In("module.key"));
        Assert.Equal(File.ReadAllText(In("confirmation")), File.ReadAllText(In("confirmation2")));
        Assert.Equal(0, Centre("north", "Alice", "confirm", In("north"), In("confirmation")).Exit);
        Assert.Contains("SGC123456", Good("sm", "key", "list", In("module"), "--key-file", In("module.key"), "--json"),
            StringComparison.Ordinal);
        var key = JsonNode.Parse(Centre("north", "Alice", "key", "list", In("north"), "--json").Output)!;
        Assert.Equal(("123456-0001", 1, "active", 1),
            (key["key"]!.GetValue<string>(), key["krn"]!.GetValue<int>(), key["status"]!.GetValue<string>(),
            key["modules"]!.GetValue<int>()));

        // A second centre under the same root takes the group.
        foreach (var name in (string[])["Carol", "Dave"])
            Good("kmc", "officer", "new", name, "--file", In($"people/officer-{name}"));
        Good("kmc", "init", In("south"), "--kmcid", "SOUTH1", "--root-line", In("people/root.line"), "--officer",
            Public("Carol"), "--officer", Public("Dave"), "--out", In("south.unsigned"), "--key-file", In("daily"));
        Good("kmc", "root", "sign", In("root"), In("south.unsigned"), "--out", In("south.signed"), "--share-file",
            In("people/root-share-1"), "--share-file", In("people/root-share-2"));
        Assert.Equal(0, Centre("south", "Carol", "certify", In("south"), In("south.signed")).Exit);
        File.WriteAllText(In("south.receiver"), Centre("south", "Carol", "peer", "certificate", In("south")).Output);
        Assert.Equal(0, Centre("north", "Alice", "module", "register", In("north"), In("south.receiver"), "--owner",
            "SOUTH1").Exit);
        var receiver = JsonNode.Parse(Centre("north", "Alice", "module", "list", In("north"), "--json")
            .Output.Split('\n')
            .Single(line => line.Contains("SOUTH1", StringComparison.Ordinal)))!["module"]!.GetValue<string>();
        Change("authorise", In("north"), "--module", receiver, "--key", "123456", "--until", "2098-12-31");
        Assert.Equal(0, Centre("south", "Carol", "peer", "take", In("south"), In("people/centre.line")).Exit);
        Assert.Equal(0,
            Centre("south", "Carol", "peer", "request", In("south"), "NORTH1", "--out", In("south.request")).Exit);
        Assert.Equal(0, Centre("north", "Alice", "load-file", In("north"), In("south.request"), "--out", In("files"))
            .Exit);
        Assert.Equal(0, Centre("south", "Carol", "peer", "import", In("south"), In($"files/{receiver}-00000001.klf"),
            "--out", In("south.confirmation")).Exit);
        Assert.Equal(0, Centre("north", "Alice", "confirm", In("north"), In("south.confirmation")).Exit);
        string Digest(string centre) =>
            JsonNode.Parse(Centre(centre, centre == "north" ? "Alice" : "Carol", "group", "list", In(centre), "--json")
            .Output)!["digest"]!.GetValue<string>();
        Assert.Equal(Digest("north"), Digest("south"));

        // The utility does not pay: nothing new for it, and everybody sees why.
        Change("user", "suspend", In("north"), "NORTH1-0001", "--reason", "did not pay");
        var user =
            JsonNode.Parse(Centre("north", "Alice", "user", "show", In("north"), "NORTH1-0001", "--json").Output)!;
        Assert.Equal(("suspended", "did not pay", "control@town.example", "Alice, approved by Bob"),
            (user["state"]!.GetValue<string>(), user["reason"]!.GetValue<string>(),
            user["contact"]!.GetValue<string>(), user["addedBy"]!.GetValue<string>()));
        Assert.Equal(("123456", "123456-0001", "10000001"),
            (user["groups"]![0]!.GetValue<string>(), user["keys"]![0]!.GetValue<string>(),
            user["modules"]![0]!.GetValue<string>()));
        var refused = Centre("north", "Alice", "key", "generate", In("north"), "123456", "--until", "2099-12-31");
        Assert.Equal((1, "sts kmc key generate: UserRule: user NORTH1-0001 'Town power' is suspended: did not pay"),
            (refused.Exit, refused.Error.Trim()));
        Assert.Contains("suspended: did not pay", Centre("north", "Alice", "user", "list", In("north")).Output,
            StringComparison.Ordinal);

        // What is left to look at.
        Good("kmc", "report", "html", In("north"), "--out", In("report.html"), "--share-file",
            In("people/centre-share-3"), "--share-file", In("people/centre-share-1"));
        var page = File.ReadAllText(In("report.html"));
        Assert.Contains("Test town", page, StringComparison.Ordinal);
        Assert.Contains("Town power, NORTH1-0001, suspended: did not pay", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("every record is what they say", Centre("north", "Alice", "log", "verify", In("north")).Output,
            StringComparison.Ordinal);
        Assert.Equal(1, Sts.Run("kmc", "key", "list", In("north"), "--share-file", In("people/centre-share-3")).Exit);
    }

    [Fact]
    public void Commands_BadInput_NameTheFieldWhatItHeldAndWhatIsPermitted()
    {
        Good("kmc", "ceremony", "--root", In("root"), "--centre", In("north"), "--kmcid", "NORTH1", "--root-shares",
            "2/2", "--shares", "2/2", "--share-folder", In("people"), "--officer", "Alice", "--officer", "Bob",
            "--key-file", In("daily"));
        Change("user", "add", In("north"), "--name", "Town power", "--contact", "control@town.example");
        Change("group", "create", In("north"), "123456", "--name", "Test town", "--owner", "Town power");
        (string[] Command, int Exit, string Says)[] wrong =
        [
            (["user", "add", In("north"), "--name", "A"], 2, "Option '--contact' is required"),
            (["user", "add", In("north"), "--name", "A", "--name", "B", "--contact", "C"], 2,
                "Option '--name' expects a single argument but 2 were provided"),
            (["user", "add", In("north"), "--name", "A;B", "--contact", "C"], 1, "name held A;B; permitted: 1 to 40"),
            (["user", "add", In("north"), "--name", "town power", "--contact", "C"], 1,
                "user NORTH1-0001 has the name 'Town power'"),
            (["user", "suspend", In("north"), "NORTH1-0002", "--reason", "x"], 1,
                "there is no user NORTH1-0002; a user's number is such as NORTH1-0001"),
            (["user", "resume", In("north"), "NORTH1-0001"], 1, "user NORTH1-0001 'Town power' is not suspended"),
            (["group", "create", In("north"), "12345", "--name", "A", "--owner", "Town power"], 1,
                "code held 12345; permitted: 6 digits"),
            (["group", "create", In("north"), "222222", "--name", "A", "--owner", "Nobody"], 1,
                "owner held Nobody; permitted: the number or the name of a user"),
            (["group", "create", In("north"), "222222", "--name", "A", "--owner", "Town power", "--cluster", "x"], 2,
                "'x' for option '--cluster'; expected a whole number"),
            (["key", "generate", In("north"), "123456", "--until", "soon"], 2,
                "--until held soon; permitted: a date such as"),
            (["key", "generate", In("north"), "123456", "--until", "2099-01-01", "--base-date", "2015"], 1,
                "base date held 2015; permitted: 1993, 2014, 2035"),
            (["key", "generate", In("north"), "123456", "--until", "2099-01-01", "--type", "DUTK"], 2,
                "--type held DUTK; permitted: VDDK, VUDK, VCDK"),
            (["authorise", In("north"), "--key", "123456-0001", "--until", "2099-01-01"], 2, "--module is missing"),
            (["authorise", In("north"), "--module", "1", "--key", "123456-0001", "--until", "2099-01-01", "--units",
                "-1"], 2, "--units held -1; permitted: 0 to 4294967294, or unlimited"),
            (["approve", In("north"), "one"], 2, "'one' for command 'approve'; expected a whole number"),
            (["officer", "enrol", In("north"), "--name", "Carol", "--public-key", "02AB"], 1,
                "public key held 4 characters; permitted: a point of P-384"),
            (["report", "refresh", In("north"), "--days", "-1"], 2, "--days held -1; permitted: 0 to 3650"),
            (["load-file", In("north"), In("people/root.line"), "--out", In("files")], 1,
                "the line is of another type than VKLR.1"),
            (["user", "list", In("nowhere")], 1, "There is no centre in"),
        ];
        foreach (var (command, exit, says) in wrong)
        {
            var answer = Centre("north", "Alice", command);
            Assert.True(answer.Exit == exit && answer.Error.Contains(says, StringComparison.Ordinal)
                && answer.Output.Length == 0, $"{string.Join(' ', command)}: {answer.Exit} {answer.Error}");
        }

        var init = Sts.Run("kmc", "init", In("south"), "--kmcid", "SOUTH1", "--root-line", In("people/root.line"),
            "--officer", "Carol=1", "--officer", "Dave=2", "--out", In("lines"), "--key-file", In("daily"));
        Assert.Equal(2, init.Exit);
        Assert.Contains("--officer held Carol=1; permitted: NAME=PUBLIC KEY", init.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(In("south")));
    }

    [Fact]
    public async Task Ceremony_Print_EachShareIsShownOnceAskedForAgainAndOpens()
    {
        using var terminal = new TypedTerminal("kmc", "ceremony", "--root", In("root"), "--centre", In("north"),
            "--kmcid", "NORTH1", "--root-shares", "2/2", "--shares", "2/3",
            "--share-folder", In("people"), "--officer", "Alice", "--officer", "Bob", "--print");
        var shares = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            await terminal.Expect("press Enter, write the line down");
            terminal.Type("");
            var shown = await terminal.Expect("sts-share-1:[0-9A-F]{16}:2:[23]:[1-3]:[0-9A-F]{64}:[0-9A-F]{8}");
            shares.Add(shown);
            terminal.Type("");
            _ = await terminal.Expect("enter it from your paper");
            if (i == 1)
            {
                // The custodian's pen slipped; then the neighbour's paper is taken.
                terminal.Type(shown[..^1] + (shown[^1] == '0' ? '1' : '0'));
                _ = await terminal.Expect("a character was mistyped");
                _ = await terminal.Expect("enter it from your paper");
                terminal.Type(shares[0]);
                _ = await terminal.Expect("That is share 1 of set");
                _ = await terminal.Expect("enter it from your paper");
                terminal.Type("no share");
                _ = await terminal.Expect("not of the form");
                _ = await terminal.Expect("enter it from your paper");
            }

            terminal.Type(shown);
        }

        Assert.Equal(0, await terminal.ExitAsync());
        // No file holds a share, and none was shown again when it was typed.
        Assert.Empty(Directory.EnumerateFiles(In("people"), "*-share-*"));
        Assert.All(shares, share => Assert.Equal(2, terminal.Screen.Split(share).Length));
        foreach (var folder in (string[])["root", "north", "people"])
            Assert.All(Directory.EnumerateFiles(In(folder)),
                file => Assert.DoesNotContain(shares, share => File.ReadAllText(file)
                .Contains(share[36..68], StringComparison.Ordinal)));

        // What was written down on paper opens root and centre.
        for (var i = 0; i < 5; i++)
            Private($"share-{i}", shares[i]);
        Good("kmc", "group", "list", In("north"), "--share-file", In("share-2"), "--share-file", In("share-4"));
        Good("kmc", "root", "sign", In("root"), In("people/centre.line"), "--out", In("signed"), "--share-file",
            In("share-0"), "--share-file", In("share-1"));
        var without = Sts.Run("kmc", "lock", "shares", In("north"), "--shares", "2/2", "--print", "--share-file",
            In("share-2"), "--share-file", In("share-4"), "--as", In("people/officer-Alice"), "--second",
            In("people/officer-Bob"));
        Assert.Equal(2, without.Exit);
        Assert.Contains("--print needs a terminal", without.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Shares_NewCustodiansOfRootAndCentre_OpenAndTheFormerDoNot()
    {
        Good("kmc", "ceremony", "--root", In("root"), "--centre", In("north"), "--kmcid", "NORTH1", "--root-shares",
            "2/3", "--shares", "2/3", "--share-folder", In("people"), "--officer", "Alice", "--officer", "Bob");
        string[] Shares(string folder, string name) =>
            ["--share-file", In($"{folder}/{name}-share-1"), "--share-file", In($"{folder}/{name}-share-2")];

        // Of the root: its custodians are present, and one of them alone is not enough.
        var alone = Sts.Run("kmc", "root", "shares", In("root"), "--shares", "3/4", "--share-folder", In("new"),
            "--share-file", In("people/root-share-1"));
        Assert.Equal(1, alone.Exit);
        Assert.False(Directory.Exists(In("new")));
        Assert.Contains("3 of 4 shares, set ",
            Good(["kmc", "root", "shares", In("root"), "--shares", "3/4", "--share-folder", In("new"),
            .. Shares("people", "root")]), StringComparison.Ordinal);
        Assert.Equal(1,
            Sts.Run(["kmc", "root", "sign", In("root"), In("people/centre.line"), "--out", In("no"),
            .. Shares("people", "root")]).Exit);
        Good(["kmc", "root", "sign", In("root"), In("people/centre.line"), "--out", In("signed"),
            .. Shares("new", "root"), "--share-file", In("new/root-share-4")]);
        Assert.Contains("new custodians: 3 of 4 shares, set ",
            Good(["sm", "log", "verify", In("root"), "--show", .. Shares("new", "root"), "--share-file",
            In("new/root-share-4")]), StringComparison.Ordinal);

        // Of the centre: two officers are present.
        string[] reshare = ["kmc", "lock", "shares", In("north"), "--shares", "3/3", "--share-folder", In("new"),
            .. Shares("people", "centre"), "--as", In("people/officer-Alice"), "--second"];
        var same = Sts.Run([.. reshare, In("people/officer-Alice")]);
        Assert.Equal(1, same.Exit);
        Assert.Contains("SamePerson", same.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(In("new/centre-share-1")));
        Good([.. reshare, In("people/officer-Bob")]);
        Assert.Equal(1, Sts.Run(["kmc", "group", "list", In("north"), .. Shares("people", "centre")]).Exit);
        Assert.Contains("may be opened with Custodians: 3 of 3 shares, set ",
            Good(["kmc", "log", "verify", In("north"), "--show", .. Shares("new", "centre"), "--share-file",
            In("new/centre-share-3")]), StringComparison.Ordinal);
        var both = Sts.Run(["kmc", "lock", "shares", In("north"), "--print", "--share-folder", In("new"),
            .. Shares("new", "centre"), "--share-file", In("new/centre-share-3"), "--as", In("people/officer-Alice"),
            "--second", In("people/officer-Bob")]);
        Assert.Equal(2, both.Exit);
        Assert.Contains("either into files", both.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_CentreInPostgres_WorkAndNeverShowAPassword()
    {
        using var server = PostgresServer.TryStart();
        Assert.True(server is not null, "PostgreSQL is not installed.");
        var place = server.NewDatabase();
        Good("kmc", "ceremony", "--root", In("root"), "--centre", place, "--kmcid", "NORTH1", "--root-shares", "2/2",
            "--shares", "2/2", "--share-folder", In("people"), "--officer", "Alice", "--officer", "Bob", "--key-file",
            In("daily"));
        var again = Sts.Run("kmc", "ceremony", "--root", In("root2"), "--centre", place, "--kmcid", "NORTH1",
            "--share-folder", In("more"), "--officer", "Alice", "--officer", "Bob");
        Assert.Equal(2, again.Exit);
        Assert.False(Directory.Exists(In("root2")));
        Assert.Equal(0, Centre("north", "Alice", "user", "add", place, "--name", "Town power", "--contact",
            "control@town.example").Exit);
        Assert.Contains("NORTH1-0001", Centre("north", "Bob", "approve", place, "1").Output, StringComparison.Ordinal);
        var asked = Centre("north", "Alice", "group", "create", place, "123456", "--name", "Test town", "--owner",
            "Town power");
        Assert.Contains($"sts kmc approve '{place}' 2", asked.Output, StringComparison.Ordinal);
        Assert.Equal(0, Centre("north", "Bob", "approve", place, "2").Exit);
        Assert.Contains("Test town", Centre("north", "Bob", "group", "list", place).Output, StringComparison.Ordinal);
        var user = JsonNode.Parse(Centre("north", "Bob", "user", "list", place, "--json").Output)!;
        Assert.Equal(("NORTH1-0001", "Town power", "123456", "active"),
            (user["user"]!.GetValue<string>(), user["name"]!.GetValue<string>(), user["groups"]!.GetValue<string>(),
            user["state"]!.GetValue<string>()));
        var withPassword = Centre("north", "Bob", "group", "list", place + ";Password=hunter2-secret");
        Assert.Equal(2, withPassword.Exit);
        Assert.Contains("PGPASSWORD", withPassword.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", withPassword.Output + withPassword.Error, StringComparison.Ordinal);
        server.Crash();
        var stopped = Centre("north", "Bob", "group", "list", place);
        Assert.Equal(1, stopped.Exit);
        Assert.Contains("Storage: The database", stopped.Error, StringComparison.Ordinal);
        server.Start();
        Assert.Equal(0, Centre("north", "Bob", "group", "list", place).Exit);
    }

    [Fact]
    public void Legacy_RecordsAreReadNeverShownAndImportedForLaboratoriesOnly()
    {
        const string clear =
            "95200101VOE000123456789ABCDEFD5D44FF720683D0D20160101120000201602010000001255123456TEST GROUP     ";
        File.WriteAllText(In("old.klf"), "95000289050716STS04A600404040404040404E5502AECA2F3\n" + clear + "\n"
            + clear.Replace("0123456789ABCDEF", "0123456789ABCDE0", StringComparison.Ordinal)
            .Replace("0000001255", "0000002255", StringComparison.Ordinal) + "\n");
        var read = Sts.Run("kmc", "legacy", "read", In("old.klf"), "--json");
        Assert.Equal(0, read.Exit);
        var lines = read.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(("123456", "TEST GROUP", 1, 255, "D5D44F", "in clear"),
            (lines[0]["group"]!.GetValue<string>(), lines[0]["name"]!.GetValue<string>(),
            lines[0]["krn"]!.GetValue<int>(), lines[0]["ken"]!.GetValue<int>(),
            lines[0]["checkValue"]!.GetValue<string>(), lines[0]["key"]!.GetValue<string>()));
        Assert.DoesNotContain("0123456789", read.Output, StringComparison.Ordinal);
        File.WriteAllText(In("bad.klf"), clear.Replace("20160201", "20161301", StringComparison.Ordinal) + "\n");
        var bad = Sts.Run("kmc", "legacy", "read", In("bad.klf"));
        Assert.Equal(2, bad.Exit);
        Assert.Contains("columns 59 to 72, time active", bad.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", bad.Error, StringComparison.Ordinal);

        Good("kmc", "ceremony", "--root", In("root"), "--centre", In("north"), "--kmcid", "NORTH1", "--root-shares",
            "2/2", "--shares", "2/2", "--share-folder", In("people"), "--officer", "Alice", "--officer", "Bob",
            "--key-file", In("daily"));
        Change("user", "add", In("north"), "--name", "Us", "--contact", "room 12");
        Change("group", "create", In("north"), "123456", "--name", "Laboratory", "--owner", "Us");
        Assert.Equal(2,
            Centre("north", "Alice", "legacy", "import", In("north"), In("old.klf"), "--until", "2099-01-01").Exit);
        var import = Centre("north", "Alice", "legacy", "import", In("north"), In("old.klf"), "--until", "2099-01-01",
            "--laboratory");
        Assert.Equal(1, import.Exit);
        Assert.Contains("change 3 asked for", import.Output, StringComparison.Ordinal);
        Assert.Contains("not public, or damaged", import.Error, StringComparison.Ordinal);
        Assert.Equal(0, Centre("north", "Bob", "approve", In("north"), "3").Exit);
        Assert.Contains("laboratory", Centre("north", "Bob", "key", "list", In("north")).Output,
            StringComparison.Ordinal);
    }

    private string In(string name) => Path.Combine(_root, name);

    private string Public(string name)
    {
        // The public part is what 'officer new' printed; here it is made again from the file.
        Assert.True(OpenSts.KeyManagement.Records.OfficerKey.TryParse(File.ReadAllText(In($"people/officer-{name}")),
            out var officer));
        using (officer)
            return $"{name}={officer.PublicKey}";
    }

    private void Private(string name, string text)
    {
        File.WriteAllText(In(name), text + "\n");
        File.SetUnixFileMode(In(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static string Good(params string[] args)
    {
        var (exit, output, error) = Sts.Run(args);
        Assert.True(exit == 0, $"{string.Join(' ', args)}: {error}");
        return output;
    }

    private (int Exit, string Output, string Error) Centre(string centre, string officer, params string[] args)
    {
        Assert.NotEmpty(centre);
        return Sts.Run(["kmc", .. args, "--key-file", In("daily"), "--as", In($"people/officer-{officer}")]);
    }

    // Asked for by Alice, approved by Bob.
    private void Change(params string[] args)
    {
        var asked = Centre("north", "Alice", [.. args, "--json"]);
        Assert.True(asked.Exit == 0, $"{string.Join(' ', args)}: {asked.Output}{asked.Error}");
        var approved =
            Centre("north", "Bob", "approve", In("north"), JsonNode.Parse(asked.Output)!["change"]!.ToString());
        Assert.True(approved.Exit == 0, approved.Error);
    }
}
