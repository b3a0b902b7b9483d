using System.Text.Json.Nodes;

namespace OpenSts.SystemTests.KeyManagement;

/// <summary><c>sts kmc</c> and <c>sts sm load</c> as people type them, from the ceremony to a second centre.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class KmcCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("ostskmc").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Commands_CeremonyToModuleToSecondCentre_DoWhatTheirHelpSays()
    {
        Good("kmc", "ceremony", "--root", In("root"), "--centre", In("north"), "--kmcid", "NORTH1", "--root-shares", "2/3", "--shares", "2/3", "--share-folder", In("people"),
            "--officer", "Alice", "--officer", "Bob", "--key-file", In("daily"));
        var again = Sts.Run("kmc", "ceremony", "--root", In("root"), "--centre", In("north"), "--kmcid", "NORTH1", "--share-folder", In("people"), "--officer", "Alice", "--officer", "Bob");
        Assert.Equal(2, again.Exit);
        foreach (var share in Directory.EnumerateFiles(In("people"), "*-share-*").Concat(Directory.EnumerateFiles(In("people"), "officer-*")))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(share));

        Change("group", "create", In("north"), "123456", "--name", "Test town", "--owner", "Town power");
        Change("key", "generate", In("north"), "123456", "--until", "2099-12-31");
        var alone = Centre("north", "Alice", "group", "create", In("north"), "654321", "--name", "Other", "--owner", "Town power");
        Assert.Equal(0, alone.Exit);
        var same = Centre("north", "Alice", "approve", In("north"), "3");
        Assert.Equal(1, same.Exit);
        Assert.Contains("SamePerson", same.Error, StringComparison.Ordinal);
        Assert.Equal(0, Centre("north", "Bob", "refuse", In("north"), "3", "--reason", "not ours").Exit);

        // A module comes into being, is certified at the root, registered, authorised and filled.
        Good("sm", "init", In("module"), "--key-file", In("module.key"));
        Good("sm", "load", "identity", In("module"), "--maker", "OpenSts", "--module-id", "10000001", "--root-line", In("people/root.line"), "--out", In("smpk"), "--key-file", In("module.key"));
        Good("kmc", "root", "sign", In("root"), In("smpk"), "--out", In("smpk.signed"), "--share-file", In("people/root-share-1"), "--share-file", In("people/root-share-3"));
        Good("sm", "load", "certify", In("module"), In("smpk.signed"), "--key-file", In("module.key"));
        Assert.Equal(0, Centre("north", "Alice", "module", "register", In("north"), In("smpk.signed"), "--owner", "Town power").Exit);
        Change("authorise", In("north"), "--module", "10000001", "--key", "123456-0001", "--units", "unlimited", "--subclasses", "0,1,2", "--until", "2098-12-31");
        Good("sm", "load", "centre", In("module"), In("people/centre.line"), "--key-file", In("module.key"));
        Good("sm", "load", "request", In("module"), "NORTH1", "--out", In("request"), "--key-file", In("module.key"));
        var files = Centre("north", "Alice", "load-file", In("north"), In("request"), "--out", In("files"), "--json");
        Assert.Equal("123456-0001", JsonNode.Parse(files.Output)!["keys"]![0]!.GetValue<string>());
        var file = In("files/10000001-00000001.klf");
        Good("sm", "load", "file", In("module"), file, "--out", In("confirmation"), "--key-file", In("module.key"));
        var replay = Sts.Run("sm", "load", "file", In("module"), file, "--out", In("confirmation2"), "--key-file", In("module.key"));
        Assert.Equal(1, replay.Exit);
        Assert.Contains("87 InvalidInstruction", replay.Error, StringComparison.Ordinal);
        Good("sm", "load", "confirmation", In("module"), "NORTH1", "--out", In("confirmation2"), "--key-file", In("module.key"));
        Assert.Equal(File.ReadAllText(In("confirmation")), File.ReadAllText(In("confirmation2")));
        Assert.Equal(0, Centre("north", "Alice", "confirm", In("north"), In("confirmation")).Exit);
        Assert.Contains("SGC123456", Good("sm", "key", "list", In("module"), "--key-file", In("module.key"), "--json"), StringComparison.Ordinal);
        var key = JsonNode.Parse(Centre("north", "Alice", "key", "list", In("north"), "--json").Output)!;
        Assert.Equal(("123456-0001", 1, "active", 1), (key["key"]!.GetValue<string>(), key["krn"]!.GetValue<int>(), key["status"]!.GetValue<string>(), key["modules"]!.GetValue<int>()));

        // A second centre under the same root takes the group.
        foreach (var name in (string[])["Carol", "Dave"])
            Good("kmc", "officer", "new", name, "--file", In($"people/officer-{name}"));
        Good("kmc", "init", In("south"), "--kmcid", "SOUTH1", "--root-line", In("people/root.line"), "--officer", Public("Carol"), "--officer", Public("Dave"), "--out", In("south.unsigned"), "--key-file", In("daily"));
        Good("kmc", "root", "sign", In("root"), In("south.unsigned"), "--out", In("south.signed"), "--share-file", In("people/root-share-1"), "--share-file", In("people/root-share-2"));
        Assert.Equal(0, Centre("south", "Carol", "certify", In("south"), In("south.signed")).Exit);
        File.WriteAllText(In("south.receiver"), Centre("south", "Carol", "peer", "certificate", In("south")).Output);
        Assert.Equal(0, Centre("north", "Alice", "module", "register", In("north"), In("south.receiver"), "--owner", "SOUTH1").Exit);
        var receiver = JsonNode.Parse(Centre("north", "Alice", "module", "list", In("north"), "--json").Output.Split('\n').Single(line => line.Contains("SOUTH1", StringComparison.Ordinal)))!["module"]!.GetValue<string>();
        Change("authorise", In("north"), "--module", receiver, "--key", "123456", "--until", "2098-12-31");
        Assert.Equal(0, Centre("south", "Carol", "peer", "take", In("south"), In("people/centre.line")).Exit);
        Assert.Equal(0, Centre("south", "Carol", "peer", "request", In("south"), "NORTH1", "--out", In("south.request")).Exit);
        Assert.Equal(0, Centre("north", "Alice", "load-file", In("north"), In("south.request"), "--out", In("files")).Exit);
        Assert.Equal(0, Centre("south", "Carol", "peer", "import", In("south"), In($"files/{receiver}-00000001.klf"), "--out", In("south.confirmation")).Exit);
        Assert.Equal(0, Centre("north", "Alice", "confirm", In("north"), In("south.confirmation")).Exit);
        string Digest(string centre) => JsonNode.Parse(Centre(centre, centre == "north" ? "Alice" : "Carol", "group", "list", In(centre), "--json").Output)!["digest"]!.GetValue<string>();
        Assert.Equal(Digest("north"), Digest("south"));

        // What is left to look at.
        Good("kmc", "report", "html", In("north"), "--out", In("report.html"), "--share-file", In("people/centre-share-3"), "--share-file", In("people/centre-share-1"));
        var page = File.ReadAllText(In("report.html"));
        Assert.Contains("Test town", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("every record is what they say", Centre("north", "Alice", "log", "verify", In("north")).Output, StringComparison.Ordinal);
        Assert.Equal(1, Sts.Run("kmc", "key", "list", In("north"), "--share-file", In("people/centre-share-3")).Exit);
    }

    [Fact]
    public void Legacy_RecordsAreReadNeverShownAndImportedForLaboratoriesOnly()
    {
        const string clear = "95200101VOE000123456789ABCDEFD5D44FF720683D0D20160101120000201602010000001255123456TEST GROUP     ";
        File.WriteAllText(In("old.klf"), "95000289050716STS04A600404040404040404E5502AECA2F3\n" + clear + "\n" + clear.Replace("0123456789ABCDEF", "0123456789ABCDE0", StringComparison.Ordinal).Replace("0000001255", "0000002255", StringComparison.Ordinal) + "\n");
        var read = Sts.Run("kmc", "legacy", "read", In("old.klf"), "--json");
        Assert.Equal(0, read.Exit);
        var lines = read.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(("123456", "TEST GROUP", 1, 255, "D5D44F", "in clear"), (lines[0]["group"]!.GetValue<string>(), lines[0]["name"]!.GetValue<string>(), lines[0]["krn"]!.GetValue<int>(), lines[0]["ken"]!.GetValue<int>(), lines[0]["checkValue"]!.GetValue<string>(), lines[0]["key"]!.GetValue<string>()));
        Assert.DoesNotContain("0123456789", read.Output, StringComparison.Ordinal);
        File.WriteAllText(In("bad.klf"), clear.Replace("20160201", "20161301", StringComparison.Ordinal) + "\n");
        var bad = Sts.Run("kmc", "legacy", "read", In("bad.klf"));
        Assert.Equal(2, bad.Exit);
        Assert.Contains("columns 59 to 72, time active", bad.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", bad.Error, StringComparison.Ordinal);

        Good("kmc", "ceremony", "--root", In("root"), "--centre", In("north"), "--kmcid", "NORTH1", "--root-shares", "2/2", "--shares", "2/2", "--share-folder", In("people"), "--officer", "Alice", "--officer", "Bob", "--key-file", In("daily"));
        Change("group", "create", In("north"), "123456", "--name", "Laboratory", "--owner", "Us");
        Assert.Equal(2, Centre("north", "Alice", "legacy", "import", In("north"), In("old.klf"), "--until", "2099-01-01").Exit);
        var import = Centre("north", "Alice", "legacy", "import", In("north"), In("old.klf"), "--until", "2099-01-01", "--laboratory");
        Assert.Equal(1, import.Exit);
        Assert.Contains("change 2 asked for", import.Output, StringComparison.Ordinal);
        Assert.Contains("not public, or damaged", import.Error, StringComparison.Ordinal);
        Assert.Equal(0, Centre("north", "Bob", "approve", In("north"), "2").Exit);
        Assert.Contains("laboratory", Centre("north", "Bob", "key", "list", In("north")).Output, StringComparison.Ordinal);
    }

    private string In(string name) => Path.Combine(_root, name);

    private string Public(string name)
    {
        // The public part is what 'officer new' printed; here it is made again from the file.
        Assert.True(OpenSts.KeyManagement.OfficerKey.TryParse(File.ReadAllText(In($"people/officer-{name}")), out var officer));
        using (officer)
            return $"{name}={officer.PublicKey}";
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
        var approved = Centre("north", "Bob", "approve", In("north"), JsonNode.Parse(asked.Output)!["change"]!.ToString());
        Assert.True(approved.Exit == 0, approved.Error);
    }
}
