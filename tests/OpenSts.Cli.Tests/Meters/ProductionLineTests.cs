using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace OpenSts.Cli.Tests.Meters;

/// <summary>From the factory to the first credit: centre, key load files, manufacturing module, meter, vending
/// module.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ProductionLineTests : IDisposable
{
    private const string Pan = "600727000000000009";
    private readonly string _root = Directory.CreateTempSubdirectory("ostsfactory").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Provision_FromTheCentreToTheFirstCredit_NoKeyIsEverSeen()
    {
        MakeCentre();
        MakeModule("factory", "10000002", "MANU");
        MakeModule("shop", "10000001", "VEND");
        Change("module", "production", In("centre"), "10000002", "--code", "700001", "--until", "2098-12-31");
        Change("authorise", In("centre"), "--module", "10000002", "--key", "123456-0001", "--until", "2098-12-31");
        Change(
            "authorise", In("centre"), "--module", "10000001", "--key", "123456-0001", "--units", "unlimited",
            "--subclasses", "0,1,2", "--until", "2098-12-31");
        Load("factory");
        Load("shop");
        Good("meter", "key-file", In("meters.key"));

        var made = Good(Provision("meter", "factory", "DUTK", "--initial-register", Register("factory", 0), "--json"));
        Assert.Equal(
            (Pan, "DUTK", "123456", 1),
            (
                Text(made, "pan"), Text(made, "keyType"), Text(made, "supplyGroupCode"),
                JsonNode.Parse(made)!["keyRevisionNumber"]!.GetValue<int>()));
        // The file of the meter is sealed; the module's log says which meter it was.
        Assert.DoesNotContain(
            "\"DecoderKey\"", Encoding.Latin1.GetString(File.ReadAllBytes(In("meter"))), StringComparison.Ordinal);
        Assert.Contains(
            $"PROVISION {Pan} EA07 TI01 register {Register("factory", 2)}", Good(
                "sm", "log", "verify", In("factory"), "--show", "--key-file",
                In("factory.lock")), StringComparison.Ordinal);
        Assert.Contains(
            "1stKCT", Good("meter", "show", In("meter"), "--log", "--key-file", In("meters.key")),
            StringComparison.Ordinal);

        // The first sale, by the other module, which had the key in a file of its own.
        using (var serving = new Serving("--vault", In("shop"), "--key-file", In("shop.lock")))
        {
            var token = Sell(serving, "0064");
            Assert.Contains(
                "Accept  credit 10 kWh", Good("meter", "enter", In("meter"), token, "--key-file", In("meters.key")),
                StringComparison.Ordinal);
            Assert.Equal(1, Sts.Run("meter", "enter", In("meter"), token, "--key-file", In("meters.key")).Exit);
            serving.Stop();
        }

        Refusals();
    }

    // What must not work changes nothing and makes no file.
    private void Refusals()
    {
        Refused("its certificate is that of a vending module", Provision("other", "shop", "DUTK"));
        Refused("register 999 is empty", [.. Provision("other", "factory", "DUTK"), "--register", "999"]);
        Refused(
            "holds no initialization key",
            [.. Provision("other", "factory", "DUTK"), "--initial-register", Register("factory", 2)]);
        Refused(
            "holds an initialization key",
            [.. Provision("other", "factory", "DUTK"), "--register", Register("factory", 0)]);
        Refused(
            "--pan: '1234' is not valid; use 18 digits", [.. Provision("other", "factory", "DUTK"), "--pan", "1234"]);
        Refused("exists already", Provision("meter", "factory", "DUTK"));
        Assert.False(File.Exists(In("other")));
        Assert.Contains(
            "credit", Good("meter", "show", In("meter"), "--key-file", In("meters.key")), StringComparison.Ordinal);
        // A meter may also leave the factory under the manufacturer's default key, and then takes no credit.
        Assert.Equal(
            0, Sts.Run(Provision("default", "factory", "DDTK", "--initial-register", Register("factory", 0))).Exit);
        Assert.Contains(
            "DDTK, KRN ", Good("meter", "show", In("default"), "--key-file", In("meters.key")),
            StringComparison.Ordinal);
    }

    private static string Text(string json, string name) => JsonNode.Parse(json)![name]!.GetValue<string>();

    private string[] Provision(string meter, string module, string keyType, params string[] more)
    {
        string[] register = more.Contains("--register")
            ? []
            : ["--register", Register(module, keyType == "DDTK" ? 1 : 2)];
        return
        [
            "meter", "provision", In(meter), "--vault", In(module), "--pan", Pan, "--key-file", In(module + ".lock"),
            "--meter-key-file", In("meters.key"), .. register, .. more,
        ];
    }

    private static void Refused(string message, string[] args)
    {
        // An option given again stands for itself: the first is taken away.
        foreach (var option in (string[])["--register", "--pan"])
        {
            var first = Array.IndexOf(args, option);
            if (first != Array.LastIndexOf(args, option))
                args = [.. args[..first], .. args[(first + 2)..]];
        }

        var (exit, output, error) = Sts.Run(args);
        Assert.True(
            exit == 2 && output.Length == 0 && error.Contains(message, StringComparison.Ordinal),
            $"{exit} {output} {error}");
    }

    private string Register(string module, int keyType)
    {
        var list = Good(
            "sm", "key", "list", In(module), "--key-file", In(module + ".lock"),
            "--json").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var record = list.Select(line => JsonNode.Parse(line)!).First(
            r => r["attributes"]!.ToString().Split(';').Contains($"KTY{keyType}"));
        return record["register"]!.ToString();
    }

    private static string Sell(Serving module, string amount)
    {
        var tid = (int)(DateTimeOffset.UtcNow - new DateTimeOffset(2014, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalMinutes;
        var status = JsonNode.Parse(Good("sm", "status", "--tcp", module.Address, "--json"))!;
        Assert.NotNull(status);
        var register = module.Error.Split("registers ")[1].Split(';')[0].Split(' ')[0];
        var answer = Good(
            "sm", "call",
            $"SM?VCN{register}~P{Pan}~N1~N7~N2~N0~H{amount}~H{tid.ToString("X6", CultureInfo.InvariantCulture)}~",
            "--tcp", module.Address);
        return System.Text.RegularExpressions.Regex.Matches(answer, "[0-9]{20}")[^1].Value;
    }

    private void MakeCentre()
    {
        Good(
            "kmc", "ceremony", "--root", In("root"), "--centre", In("centre"), "--kmcid", "NORTH1",
            "--root-shares", "2/2", "--shares", "2/2", "--share-folder", In("people"),
            "--officer", "Alice", "--officer", "Bob", "--key-file", In("daily"));
        Change("user", "add", In("centre"), "--name", "Town power", "--contact", "control@town.example");
        Change("group", "create", In("centre"), "123456", "--name", "Test town", "--owner", "NORTH1-0001");
        Change("key", "generate", In("centre"), "123456", "--until", "2099-12-31");
    }

    private void MakeModule(string name, string id, string kind)
    {
        string[] key = ["--key-file", In(name + ".lock")];
        Good(["sm", "init", In(name), .. key]);
        Good(
            [
                "sm", "load", "identity", In(name), "--maker", "OpenSts", "--module-id", id, "--kind", kind,
                "--root-line", In("people/root.line"), "--out", In(name + ".line"), .. key]);
        Good(
            "kmc", "root", "sign", In("root"), In(name + ".line"), "--out", In(name + ".signed"), "--share-file",
            In("people/root-share-1"), "--share-file", In("people/root-share-2"));
        Good(["sm", "load", "certify", In(name), In(name + ".signed"), .. key]);
        Centre("module", "register", In("centre"), In(name + ".signed"), "--owner", "Town power");
        Good(["sm", "load", "centre", In(name), In("people/centre.line"), .. key]);
    }

    private void Load(string name)
    {
        string[] key = ["--key-file", In(name + ".lock")];
        Good(["sm", "load", "request", In(name), "NORTH1", "--out", In(name + ".request"), .. key]);
        Centre("load-file", In("centre"), In(name + ".request"), "--out", In(name + ".files"));
        Good(
            [
                "sm", "load", "file", In(name), Directory.GetFiles(In(name + ".files")).Single(), "--out",
                In(name + ".confirmation"), .. key]);
        Centre("confirm", In("centre"), In(name + ".confirmation"));
    }

    private string In(string name) => Path.Combine(_root, name);

    private string Centre(params string[] args) =>
        Good(["kmc", .. args, "--key-file", In("daily"), "--as", In("people/officer-Alice")]);

    // Asked for by Alice, approved by Bob.
    private void Change(params string[] args)
    {
        var change = JsonNode.Parse(Centre([.. args, "--json"]))!["change"]!.ToString();
        Good("kmc", "approve", In("centre"), change, "--key-file", In("daily"), "--as", In("people/officer-Bob"));
    }

    private static string Good(params string[] args)
    {
        var (exit, output, error) = Sts.Run(args);
        Assert.True(exit == 0, $"{string.Join(' ', args)}: {output} {error}");
        return output;
    }
}
