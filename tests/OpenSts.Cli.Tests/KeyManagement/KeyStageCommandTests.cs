using System.Text.Json.Nodes;

namespace OpenSts.Cli.Tests.KeyManagement;

/// <summary>The stages of keys, production keys and short names on the command line.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class KeyStageCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("ostsstage").FullName;

    public KeyStageCommandTests()
    {
        Good("kmc", "ceremony", "--root", In("root"), "--centre", In("north"), "--kmcid", "NORTH1", "--root-shares",
            "2/2", "--shares", "2/2", "--share-folder", In("people"),
            "--officer", "Alice", "--officer", "Bob", "--key-file", In("daily"));
        Change("user", "add", In("north"), "--name", "Town power", "--contact", "control@town.example");
        Change("group", "create", In("north"), "123456", "--name", "Test town", "--owner", "Town power");
        Change("key", "generate", In("north"), "123456", "--until", "2099-12-31", "--dkga", "DKGA02");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Key_ReplacedInUse_GoesThroughItsStagesAndSaysWhatStops()
    {
        Module("9001", "VEND");
        // The number is found without the zeros before it.
        Change("authorise", In("north"), "--module", "9001", "--key", "123456-0001", "--units", "unlimited",
            "--subclasses", "0", "--until", "2098-12-31");
        Refresh("9001", 1);
        Change("key", "replace", In("north"), "123456-0001", "--until", "2060-12-31", "--base-date", "2014", "--dkga",
            "DKGA04", "--active", "2026-01-01", "--reason", "grew old");
        Assert.Equal([("123456-0001", "DKGA02", "default"), ("123456-0002", "DKGA04", "introduced")], Keys());

        var early = Centre("Alice", "key", "default", In("north"), "123456-0002");
        Assert.Equal(1, early.Exit);
        Assert.Contains("module 00009001 has not confirmed a file with key 123456-0002", early.Error,
            StringComparison.Ordinal);
        Refresh("9001", 2);
        Change("key", "default", In("north"), "123456-0002");

        var asked = Centre("Alice", "key", "sets-only", In("north"), "123456-0001", "--reason", "campaign");
        Assert.Contains("It stops: module 00009001: no credit from file 3 on; file 2, its last, permits credit until",
            asked.Output, StringComparison.Ordinal);
        var approved = Centre("Bob", "approve", In("north"), "7");
        Assert.Equal(0, approved.Exit);
        Assert.Contains("It stops: module 00009001", approved.Error, StringComparison.Ordinal);
        Assert.Equal([("123456-0001", "DKGA02", "sets only"), ("123456-0002", "DKGA04", "default")], Keys());

        Assert.Equal(0, Centre("Alice", "report", "campaign", In("north"), "--file", In("campaign.json")).Exit);
        var campaign = JsonNode.Parse(File.ReadAllText(In("campaign.json")))!;
        Assert.Equal(("123456-0002", "00009001"),
            ((string)campaign["changes"]![0]!["to"]!["id"]!, (string)campaign["changes"]![0]!["readyModules"]![0]!));
        Assert.Equal(2, Centre("Alice", "report", "campaign", In("north"), "--file", In("campaign.json")).Exit);
    }

    [Fact]
    public void Module_ForProduction_GetsItsKeysByFileWithOneCommand()
    {
        Module("10000002", "MANU");
        Change("module", "production", In("north"), "10000002", "--code", "700001", "--until", "2060-12-31");
        Refresh("10000002", 1);
        var registers = Good("sm", "key", "list", In("module-10000002"), "--key-file", In("module.key"), "--json");
        Assert.Contains("KTY0", registers, StringComparison.Ordinal);
        Assert.Contains("KTY1", registers, StringComparison.Ordinal);
        Module("10000003", "VEND");
        var refused = Centre("Alice", "module", "production", In("north"), "10000003", "--code", "700001", "--until",
            "2060-12-31");
        Assert.Equal(1, refused.Exit);
        Assert.Contains("no manufacturing module", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void User_ByName_IsShownChangedAndSuspended()
    {
        Assert.Equal("NORTH1-0001", (string)JsonNode.Parse(
            Centre("Alice", "user", "show", In("north"), "Town power", "--json").Output)!["user"]!);
        Change("user", "suspend", In("north"), "Town power", "--reason", "did not pay");
        Change("user", "resume", In("north"), "Town power");
        Assert.Equal(1, Centre("Alice", "user", "show", In("north"), "Town").Exit);
    }

    [Fact]
    public void Change_CheckpointFileCannotBeWritten_IsStoredWithAWarning()
    {
        var asked = Centre("Alice", "user", "add", In("north"), "--name", "Harbour", "--contact", "x", "--witness",
            In("nowhere/checkpoint"));
        Assert.Equal(0, asked.Exit);
        Assert.Contains("the change is stored, but the file of --witness could not be written", asked.Error,
            StringComparison.Ordinal);
        Assert.Contains("Harbour", Centre("Alice", "changes", In("north"), "--json").Output, StringComparison.Ordinal);
    }

    private string In(string name) => Path.Combine(_root, name);

    private static string Good(params string[] args)
    {
        var (exit, output, error) = Sts.Run(args);
        Assert.True(exit == 0, $"{string.Join(' ', args)}: {error}");
        return output;
    }

    private (int Exit, string Output, string Error) Centre(string officer, params string[] args) =>
        Sts.Run(["kmc", .. args, "--key-file", In("daily"), "--as", In($"people/officer-{officer}")]);

    // Asked for by Alice, approved by Bob.
    private void Change(params string[] args)
    {
        var asked = Centre("Alice", [.. args, "--json"]);
        Assert.True(asked.Exit == 0, $"{string.Join(' ', args)}: {asked.Output}{asked.Error}");
        var approved = Centre("Bob", "approve", In("north"), JsonNode.Parse(asked.Output)!["change"]!.ToString());
        Assert.True(approved.Exit == 0, approved.Error);
    }

    private IEnumerable<(string, string, string)> Keys() =>
        Centre("Alice", "key", "list", In("north"), "--json").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => JsonNode.Parse(line)!)
            .Select(key => ((string)key["key"]!, (string)key["dkga"]!, (string)key["stage"]!));

    private void Module(string id, string kind)
    {
        Good("sm", "init", In($"module-{id}"), "--key-file", In("module.key"));
        Good("sm", "load", "identity", In($"module-{id}"), "--maker", "OpenSts", "--module-id", id, "--kind", kind,
            "--root-line", In("people/root.line"), "--out", In($"smpk-{id}"), "--key-file", In("module.key"));
        Good("kmc", "root", "sign", In("root"), In($"smpk-{id}"), "--out", In($"signed-{id}"), "--share-file",
            In("people/root-share-1"), "--share-file", In("people/root-share-2"));
        Good("sm", "load", "certify", In($"module-{id}"), In($"signed-{id}"), "--key-file", In("module.key"));
        Assert.Equal(0, Centre("Alice", "module", "register", In("north"), In($"signed-{id}"), "--owner", "Town power")
            .Exit);
        Good("sm", "load", "centre", In($"module-{id}"), In("people/centre.line"), "--key-file", In("module.key"));
    }

    private void Refresh(string id, int number)
    {
        Good("sm", "load", "request", In($"module-{id}"), "NORTH1", "--out", In($"request-{id}-{number}"),
            "--key-file", In("module.key"));
        Assert.Equal(0, Centre("Alice", "load-file", In("north"), In($"request-{id}-{number}"), "--out", In("files"))
            .Exit);
        Good("sm", "load", "file", In($"module-{id}"), In($"files/{id.PadLeft(8, '0')}-{number:D8}.klf"), "--out",
            In($"confirmation-{id}-{number}"), "--key-file", In("module.key"));
        Assert.Equal(0, Centre("Bob", "confirm", In("north"), In($"confirmation-{id}-{number}")).Exit);
    }
}
