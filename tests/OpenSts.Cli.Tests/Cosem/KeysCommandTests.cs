using System.Diagnostics;
using System.Text.Json.Nodes;

namespace OpenSts.Cli.Tests.Cosem;

/// <summary>
/// New keys and certificates from the command line: a server, a client and an authority that is OpenSSL.
/// </summary>
public sealed class KeysCommandTests : IDisposable
{
    private const string ClientTitle = "4F53430000000001";
    private readonly string _folder = Directory.CreateTempSubdirectory("ostskeys").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("1", "P-256", 16, Label = "suite 1")]
    [InlineData("2", "P-384", 32, Label = "suite 2")]
    public void Agreement_ThroughProcesses_KeysOutliveTheServer(string suite, string curve,
        int octets)
    {
        Authority(curve);
        foreach (var name in (string[])["guek", "gak", "kek", "next"])
            Key(name, octets);
        string[] server =
        [
            "--port", "0", "--suite", suite, "--encryption-key-file", In("guek"), "--authentication-key-file",
                In("gak"), "--master-key-file", In("kek"),
            "--key-store", In("store"), "--counter-file", In("counters"), "--new-counter-file", "--certificates",
                In("certificates"),
        ];
        string[] old = ["--suite", suite, "--encryption-key-file", In("guek"), "--authentication-key-file", In("gak")];
        string[] fresh = ["--suite", suite, "--encryption-key-file", In("new/encryption.key"),
            "--authentication-key-file", In("new/authentication.key")];
        string[] signed = ["--signing-key", In("client.pem"), "--server-certificate", In("server.crt")];
        using (var meter = new ServedMeter(server))
        {
            string[] link = ["--port", meter.Ports[0]];
            string[] Certificate(params string[] rest) => ["cosem", "certificate", .. rest, .. old, .. link];
            // A key pair, a request, a certificate of the authority's, and back.
            Assert.Contains("ObjectUnavailable", Refused(Certificate("request")), StringComparison.Ordinal);
            Done(Certificate("generate"));
            Done(Certificate("request", "--out", In("server.csr")));
            Issue("server");
            OpenSsl("genpkey", "-algorithm", "EC", "-pkeyopt", $"ec_paramgen_curve:{curve}", "-out", In("client.pem"));
            OpenSsl("req", "-new", "-key", In("client.pem"), "-subj", $"/CN={ClientTitle}", "-out", In("client.csr"));
            Issue("client");
            Done(Certificate("import", In("server.crt")));
            Done(Certificate("import", In("client.crt")));
            Assert.Contains("ScopeOfAccessViolated", Refused(Certificate("import", In("forged.crt"))),
                StringComparison.Ordinal);
            var listed = Lines(Done(Certificate("list", "--json")));
            Assert.Equal(["Authority", "Server", "Client"], listed.Select(each => each["of"]!.GetValue<string>()));
            Assert.Equal($"CN={ClientTitle}", listed[2]["subject"]!.GetValue<string>());
            Done(Certificate("export", "Client", ClientTitle, "--out", In("exported.crt")));
            OpenSsl("verify", "-CAfile", In("certificates/root.pem"), In("exported.crt"));
            Assert.Contains("BEGIN CERTIFICATE", Done(Certificate("export", "Server")), StringComparison.Ordinal);

            // New keys: those of before open nothing any more.
            string[] agree = ["cosem", "keys", "agree", "--json", "--out", In("new"), .. old, .. link];
            Assert.Contains("--signing-key", Refused(agree, 2), StringComparison.Ordinal);
            Assert.Equal(["Encryption", "Authentication"], Lines(Done([.. agree, .. signed]))
                .Select(each => each["agreed"]!.GetValue<string>()));
            Assert.Contains("is there already", Refused([.. agree, .. signed], 2), StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead
                    | UnixFileMode.UserWrite, File.GetUnixFileMode(In("new/encryption.key")));
            Assert.Contains("AuthenticationFailure", Refused(["cosem", "list", .. old, .. link]),
                StringComparison.Ordinal);
            Done(["cosem", "list", .. fresh, .. link]);
            meter.Kill();
        }

        using var again = new ServedMeter(server);
        string[] there = ["--port", again.Ports[0]];
        Assert.Contains("AuthenticationFailure", Refused(["cosem", "list", .. old, .. there]),
            StringComparison.Ordinal);
        Assert.Contains("available_credit", Done(["cosem", "read", "0-0:19.0.0.255", "5", .. fresh, .. there]),
            StringComparison.Ordinal);
        // The same client by signature, in blocks, and under a key that is named.
        Done(["cosem", "list", "--mechanism", "7", .. signed, .. fresh, .. there]);
        Done(["cosem", "dump", "--block-window", "9", "--pdu", "128", "--named-key", .. fresh, .. there]);
        // A key that comes under the master key, and a client that is forgotten.
        Done(["cosem", "keys", "transfer", "--new-encryption-key-file", In("next"), "--master-key-file", In("kek"),
            .. fresh, .. there]);
        string[] third = ["--suite", suite, "--encryption-key-file", In("next"), "--authentication-key-file",
            In("new/authentication.key"), .. there];
        Done(["cosem", "certificate", "remove", "Client", ClientTitle, .. third]);
        Assert.Equal(2, Lines(Done(["cosem", "certificate", "list", "--json", .. third])).Length);
        Assert.Contains("ObjectUnavailable",
            Refused(["cosem", "certificate", "remove", "Client", ClientTitle, .. third]), StringComparison.Ordinal);
        Assert.Contains("ObjectUnavailable",
            Refused(["cosem", "keys", "agree", "--out", In("none"), .. signed, .. third]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keys transfer --new-encryption-key-file KEY", "--encryption-key-file", Label = "no keys")]
    [InlineData("keys transfer --laboratory", "nothing to transfer", Label = "nothing to transfer")]
    [InlineData("keys transfer --laboratory --new-master-key-file /nowhere",
        "there is no file /nowhere", Label = "a file that is not there")]
    [InlineData("keys transfer --laboratory --new-master-key-file EMPTY",
        "--new-master-key-file", Label = "a file without a key")]
    [InlineData("list --laboratory --mechanism 4", "5, 6 and 7", Label = "a mechanism nobody has")]
    [InlineData("list --laboratory --mechanism 6", "--secret-file", Label = "a digest without a secret")]
    [InlineData("list --laboratory --mechanism 7", "--signing-key", Label = "a signature without a key")]
    [InlineData("list --laboratory --signing-key KEY", "suite 0", Label = "signatures in suite 0")]
    [InlineData("list --laboratory --server-certificate KEY", "no certificate", Label = "a certificate that is none")]
    [InlineData("list --laboratory --block-window 64", "1 to 63", Label = "a window too wide")]
    [InlineData("certificate export Client --laboratory", "system title", Label = "a client without a name")]
    [InlineData("certificate remove Client 12 --laboratory", "16 hexadecimal digits",
        Label = "a client with a wrong name")]
    public void Command_ToldNonsense_SaysWhyInALine(string command, string said)
    {
        using var meter = new ServedMeter("--port", "0");
        Key("key", 16);
        Private("empty", "");
        var error = Refused(["cosem", .. command.Replace("KEY", In("key"), StringComparison.Ordinal)
            .Replace("EMPTY", In("empty"), StringComparison.Ordinal).Split(' '), "--port", meter.Ports[0]], 2);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Sha256_AndBlocks_FromTheCommandLine()
    {
        Private("secret", "between us");
        using var meter =
            new ServedMeter("--port", "0", "--hdlc-port", "0", "--secret-file", In("secret"), "--block-window", "3");
        Done(["cosem", "list", "--laboratory", "--mechanism", "6", "--secret-file", In("secret"), "--port",
            meter.Ports[0]]);
        Done(["cosem", "dump", "--laboratory", "--block-window", "5", "--pdu", "100", "--hdlc", "--port",
            meter.Ports[1]]);
        // Without a key store there is nowhere to keep a new key.
        Key("next", 16);
        Private("master", "404142434445464748494A4B4C4D4E4F");
        Assert.Contains("ObjectUnavailable",
            Refused(["cosem", "keys", "transfer", "--laboratory", "--new-encryption-key-file", In("next"), "--port",
            meter.Ports[0]]), StringComparison.Ordinal);
    }

    private string In(string name) => Path.Combine(_folder, name);

    private void Key(string name, int octets) =>
        Private(name, Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(octets)));

    private void Private(string name, string text)
    {
        File.WriteAllText(In(name), text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(In(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    // The authority, another one, and a client's certificate of that other one.
    private void Authority(string curve)
    {
        Directory.CreateDirectory(In("certificates"));
        foreach (var (name, root) in ((string, string)[])[("authority", "certificates/root.pem"),
            ("stranger", "stranger.crt")])
        {
            OpenSsl("req", "-x509", "-newkey", "ec", "-pkeyopt", $"ec_paramgen_curve:{curve}", "-nodes", "-keyout",
                In(name + ".pem"), "-subj", "/CN=Meter authority",
                "-days", "2", "-addext", "keyUsage=critical,keyCertSign", "-out", In(root));
        }

        File.WriteAllText(In("usage"), "keyUsage=critical,digitalSignature\n");
        OpenSsl("req", "-new", "-newkey", "ec", "-pkeyopt", $"ec_paramgen_curve:{curve}", "-nodes", "-keyout",
            In("forged.pem"), "-subj", $"/CN={ClientTitle}", "-out", In("forged.csr"));
        Issue("forged", "stranger", "stranger.crt");
    }

    private void Issue(string name, string authority = "authority", string root = "certificates/root.pem") =>
        OpenSsl("x509", "-req", "-in", In(name + ".csr"), "-CA", In(root), "-CAkey", In(authority + ".pem"), "-days",
            "1", "-extfile", In("usage"), "-out", In(name + ".crt"));

    private static string Done(string[] command)
    {
        var (exit, output, error) = Sts.Run(command);
        Assert.True(exit == 0, $"{string.Join(' ', command)}: {exit} {error}");
        return output;
    }

    private static string Refused(string[] command, int status = 1)
    {
        var (exit, output, error) = Sts.Run(command);
        Assert.True(exit == status, $"{string.Join(' ', command)}: {exit} {output}{error}");
        // With --json the error is an object on standard output.
        return command.Contains("--json") ? output : error;
    }

    private static JsonNode[] Lines(string output) =>
        [.. output.TrimEnd().Split('\n').Select(line => JsonNode.Parse(line)!)];

    private static void OpenSsl(params string[] arguments)
    {
        var start =
            new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"openssl {string.Join(' ', arguments)}: {error.Result}");
    }
}
