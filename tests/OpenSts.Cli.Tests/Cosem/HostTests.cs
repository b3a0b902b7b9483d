using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using OpenSts.Cosem.Client;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Values;
using OpenSts.Secrets;

namespace OpenSts.Cli.Tests.Cosem;

/// <summary>
/// The process that serves DLMS/COSEM: alone with a meter's file, or beside the meter; told nonsense; killed while
/// keys are replaced.
/// </summary>
public sealed class HostTests : IDisposable
{
    private static readonly byte[] LaboratoryMaster = Convert.FromHexString("404142434445464748494A4B4C4D4E4F");
    private readonly string _folder = Directory.CreateTempSubdirectory("ostshost").FullName;
    private readonly string _meter;

    public HostTests()
    {
        _meter = Path.Combine(_folder, "meter");
        Assert.Equal(0, Sts.Run("meter", "create", _meter).Exit);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("", "cannot be read", Label = "no settings")]
    [InlineData("""{"port":1}""", "port", Label = "a member nobody knows")]
    [InlineData("""{"meter":"METER","counterFile":"COUNTERS","keys":{"laboratory":true}}""",
        "wrapper and hdlc are missing", Label = "no port")]
    [InlineData("""{"meter":"METER","wrapper":"127.0.0.1:0","keys":{"laboratory":true}}""",
        "counterFile is missing", Label = "no counters")]
    [InlineData("""{"meter":"METER","wrapper":"127.0.0.1:0","counterFile":"COUNTERS"}""",
        "keys is missing", Label = "no keys")]
    [InlineData(
        """{"meter":"METER","wrapper":"127.0.0.1:0","counterFile":"COUNTERS","keys":{"encryptionKeyFile":"/k"}}""",
        "belong together", Label = "half the keys")]
    [InlineData(
        """{"meter":"METER","wrapper":"127.0.0.1:0","counterFile":"COUNTERS","keys":{"encryptionKeyFile":"/k","authenticationKeyFile":"/k"}}""", "there is no file /k", Label = "a key file that is not there")]
    [InlineData(
        """{"wrapper":"127.0.0.1:0","counterFile":"COUNTERS","newCounterFile":true,"keys":{"laboratory":true}}""",
        "meter is missing", Label = "no meter")]
    [InlineData(
        """{"meter":"SETTINGS","wrapper":"127.0.0.1:0","counterFile":"COUNTERS","newCounterFile":true,"keys":{"laboratory":true}}""", "SETTINGS", Label = "a meter that is none")]
    [InlineData(
        """{"meter":"METER","wrapper":"127.0.0.1:0","counterFile":"COUNTERS","newCounterFile":true,"keys":{"laboratory":true},"maximumPdu":63}""", "64 to 65535", Label = "an APDU too short")]
    [InlineData(
        """{"meter":"METER","wrapper":"here","counterFile":"COUNTERS","newCounterFile":true,"keys":{"laboratory":true}}""", "an address and a port", Label = "no endpoint")]
    [InlineData(
        """{"meter":"METER","wrapper":"127.0.0.1:0","counterFile":"COUNTERS","newCounterFile":true,"keys":{"laboratory":true},"certificates":"/nowhere"}""", "no folder of certificates", Label = "certificates for suite 0")]
    public void Alone_ToldNonsense_SaysWhyInALine(string settings, string said)
    {
        var path = Path.Combine(_folder, "settings.json");
        string In(string text) => text.Replace("METER", _meter, StringComparison.Ordinal)
            .Replace("COUNTERS", Path.Combine(_folder, "counters"), StringComparison.Ordinal)
            .Replace("SETTINGS", path, StringComparison.Ordinal);
        File.WriteAllText(path, In(settings));
        using var host = Start(path);
        var error = host.StandardError.ReadToEnd();
        Assert.True(host.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.Equal(2, host.ExitCode);
        Assert.StartsWith("OpenSts.Cosem.Host: ", error, StringComparison.Ordinal);
        Assert.Contains(In(said), error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("lost", null, "does not exist")]
    [InlineData("damaged", "sent twelve\n", "is damaged: line 1")]
    [InlineData("empty", "", "is damaged: it is empty")]
    public void Alone_WithoutItsCounters_RefusesInALineAndWritesNone(string state, string? content, string reason)
    {
        var (settings, counters) =
            (Path.Combine(_folder, "settings.json"), Path.Combine(_folder, $"counters-{state}"));
        File.WriteAllText(settings,
            $$$"""{"meter":"{{{_meter}}}","wrapper":"127.0.0.1:0","counterFile":"{{{counters}}}","keys":{"laboratory":true}}""");
        if (content is not null)
            File.WriteAllText(counters, content);
        using var host = Start(settings);
        var error = host.StandardError.ReadToEnd();
        Assert.True(host.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.Equal(2, host.ExitCode);
        Assert.Contains(reason, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(content, File.Exists(counters) ? File.ReadAllText(counters) : null);
    }

    [Fact]
    public void Alone_Terminated_StoresItsCountersAndEndsWithStatus0()
    {
        var settings = Path.Combine(_folder, "settings.json");
        File.WriteAllText(settings,
            $$$"""{"meter":"{{{_meter}}}","wrapper":"127.0.0.1:0","counterFile":"{{{_meter}}}.counters","newCounterFile":true,"keys":{"laboratory":true}}""");
        using var host = Start(settings);
        var port = host.StandardOutput.ReadLine()!.Split(':')[^1];
        Assert.Contains("CRCError", Sts.Run("cosem", "enter", "70630503470028726115", "--laboratory", "--port", port)
            .Output, StringComparison.Ordinal);
        Process.Start("kill", ["-TERM", $"{host.Id}"]).WaitForExit();
        Assert.True(host.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.Equal(0, host.ExitCode);
        // What was used, and not the ceiling that was reserved.
        Assert.DoesNotContain("1023", File.ReadAllText(_meter + ".counters"), StringComparison.Ordinal);
    }

    [Fact]
    public void Alone_WithAMetersFile_IsThatMeter()
    {
        var path = Path.Combine(_folder, "settings.json");
        var settings =
            """{"meter":"METER","wrapper":"127.0.0.1:0","hdlc":"127.0.0.1:0","counterFile":"METER.counters","newCounterFile":true,"keys":{"laboratory":true}}""";
        File.WriteAllText(path, settings.Replace("METER", _meter, StringComparison.Ordinal));
        using var host = Start(path);
        try
        {
            var wrapper = host.StandardOutput.ReadLine()!.Split(':')[^1];
            var hdlc = host.StandardOutput.ReadLine()!.Split(':')[^1];
            Assert.Contains("CRCError", Sts.Run("cosem", "enter", "70630503470028726115", "--laboratory", "--port",
                wrapper).Output, StringComparison.Ordinal);
            Assert.Contains("0.0 kWh", Sts.Run("cosem", "read", "0-0:19.0.0.255", "5", "--laboratory", "--hdlc",
                "--port", hdlc).Output, StringComparison.Ordinal);
        }
        finally
        {
            host.Kill();
            host.WaitForExit();
        }

        Assert.Contains("CRCError", Sts.Run("meter", "show", _meter, "--json").Output,
            StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task KeyTransfer_KilledAtAnyMoment_LeavesTheOldKeysOrTheNewOnes()
    {
        using var laboratoryEncryption = new SecretBytes(Convert.FromHexString("000102030405060708090A0B0C0D0E0F"));
        using var laboratoryAuthentication =
            new SecretBytes(Convert.FromHexString("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"));
        using var master = new SecretBytes(LaboratoryMaster);
        var random = new Random(5);
        var keys = new List<SecretBytes> { laboratoryEncryption };
        var known = 0;
        for (var round = 0; round < 4; round++)
        {
            using var serving = Sts.Start("meter", "serve", _meter, "--cosem", "127.0.0.1:0",
                "--cosem-new-counter-file", "--laboratory");
            try
            {
                var port = int.Parse(serving.StandardOutput.ReadLine()!.Split(':')[^1], null);
                // Of two keys that may be in use exactly one is.
                var working = await WorkingAsync(port, laboratoryAuthentication, keys[known..]);
                Assert.Single(working);
                known += working[0];
                using var client = await OpenAsync(port, keys[known], laboratoryAuthentication);
                var fresh = RandomNumberGenerator.GetBytes(16);
                var transfer = CosemValue.Array(
                    CosemValue.Structure(CosemValue.Enum(0), CosemValue.OctetString(KeyWrap.Wrap(master, fresh))));
                keys.Add(new SecretBytes(fresh));
                var calling = client.Client.CallAsync(new MethodCall(new MemberReference(64, Obis.SecuritySetup, 2),
                    transfer), TestContext.Current.CancellationToken).AsTask();
                // The first round waits for the answer: then it is the new key that stays.
                if (round == 0)
                    Assert.Equal(ActionResult.Success, (await calling).Result);
                else
                    await Task.Delay(random.Next(12), TestContext.Current.CancellationToken);
                if (round == 0)
                    known = 1;
                serving.Kill(entireProcessTree: true);
                await serving.WaitForExitAsync(TestContext.Current.CancellationToken);
                await Task.WhenAny(calling);
            }
            finally
            {
                if (!serving.HasExited)
                    serving.Kill(entireProcessTree: true);
            }
        }

        keys.Skip(1).ToList().ForEach(key => key.Dispose());
    }

    [Theory]
    [InlineData(SecuritySuite.Suite1, Label = "suite 1")]
    [InlineData(SecuritySuite.Suite2, Label = "suite 2")]
    public void Offer_CheckedByAnotherProgram_IsRight(SecuritySuite suite)
    {
        using var half = new KeyAgreement(suite);
        using var signer =
            ECDsa.Create(suite == SecuritySuite.Suite2 ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256);
        var q = signer.ExportParameters(false).Q;
        var offer = half.Offer(GlobalKeyId.Authentication, signer);
        foreach (var (id, verdict) in ((byte, string)[])[(2, "right"), (0, "wrong")])
            Assert.Equal(verdict, IndependentProgram.Run("cosem_keys.py", "verify", $"{(int)suite}",
                Convert.ToHexString([.. q.X!, .. q.Y!]), Convert.ToHexString([id, .. offer])).Output);
    }

    private static async Task<List<int>> WorkingAsync(int port, SecretBytes authentication, List<SecretBytes> keys)
    {
        var working = new List<int>();
        for (var i = 0; i < keys.Count; i++)
        {
            try
            {
                using var opened = await OpenAsync(port, keys[i], authentication);
                working.Add(i);
            }
            catch (DlmsException error) when (error.Fault == DlmsFault.Refused)
            {
                // Another key is in use.
            }
        }

        return working;
    }

    private static async Task<Opened> OpenAsync(int port, SecretBytes encryption, SecretBytes authentication)
    {
        var counter =
            await MeterClient.ReadCounterAsync(await ConnectAsync(port, 16), TestContext.Current.CancellationToken);
        var settings = new ClientOptions
        {
            Mechanism = AuthenticationMechanism.HighLevelGmac,
            EncryptionKey = encryption,
            AuthenticationKey = authentication,
            Title = SystemTitle.Create("KIL", 1),
            FirstCounter = counter + 1,
        };
        return new Opened(
            await DlmsClient.OpenAsync(await ConnectAsync(port, 1), settings, TestContext.Current.CancellationToken));
    }

    private static async Task<IDlmsTransport> ConnectAsync(int port, ushort sap)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port);
        return new WrapperTransport(new NetworkStream(socket, ownsSocket: true), sap);
    }

    private static Process Start(string argument)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "OpenSts.Cosem.Host.dll"));
        start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private sealed record Opened(DlmsClient Client) : IDisposable
    {
        public void Dispose() => Client.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
