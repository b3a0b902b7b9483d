using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using OpenSts.Cosem.Client;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Framing;
using OpenSts.Dlms.Security;
using OpenSts.Secrets;

namespace OpenSts.Cli.Tests.Cosem;

/// <summary>The server as a process and the client as a command: over TCP, HDLC and a serial line.</summary>
public class CosemCommandTests
{
    private const string Key =
        "--pan 600727000000000009 --sgc 201457 --vending-key abababababababab949494949494949401234567";

    [Theory]
    [InlineData(false, Label = "the wrapper")]
    [InlineData(true, Label = "HDLC")]
    public void EnterReadListDump_OverEachLink_DoWhatTheySay(bool isHdlc)
    {
        using var meter = new ServedMeter(isHdlc ? "--hdlc-port" : "--port", "0");
        string[] link = ["--port", meter.Ports[0], .. isHdlc ? (string[])["--hdlc"] : []];
        var token = Token("12.5");
        var (exit, output, error) = Sts.Run(["cosem", "enter", token, "--laboratory", .. link]);
        Assert.Equal((0, ""), (exit, error));
        Assert.EndsWith("Accept", output.TrimEnd(), StringComparison.Ordinal);
        (exit, output, _) = Sts.Run(["cosem", "enter", token, "--form", "Binary", "--json", "--laboratory", .. link]);
        var answer = JsonNode.Parse(output)!;
        Assert.Equal((1, 6, "UsedError"),
            (exit, answer["statusCode"]!.GetValue<int>(), answer["result"]!.GetValue<string>()));
        (exit, output, _) = Sts.Run(["cosem", "read", "0-0:19.0.0.255", "5", "--json", "--laboratory", .. link]);
        answer = JsonNode.Parse(output)!;
        Assert.Equal((0, 125, "12.5 kWh"),
            (exit, answer["value"]!.GetValue<int>(), answer["shown"]!.GetValue<string>()));
        (exit, output, _) = Sts.Run(["cosem", "list", .. link]);
        Assert.Equal((0, 6), (exit, output.TrimEnd().Split('\n').Length));
        (exit, output, _) = Sts.Run(["cosem", "dump", "--json", "--laboratory", "--pdu", "300", .. link]);
        var lines = output.TrimEnd().Split('\n').Select(line => JsonNode.Parse(line)!.AsObject()).ToArray();
        Assert.Equal(0, exit);
        Assert.All(lines, line => Assert.False(line.ContainsKey("error")));
        Assert.Contains(lines, line => line["name"]!.GetValue<string>() == "supply_group_code"
            && line["value"]!.GetValue<int>() == 201457);
    }

    [Theory]
    [InlineData("read 0-0:19.0.0.255 --port 1", 1, "refused", Label = "no server")]
    [InlineData("read 0-0:19.0.0.255 5 --class 111 --port PORT", 1, "ReadWriteDenied", Label = "no keys")]
    [InlineData("read account --port PORT", 2, "A-B:C.D.E.F", Label = "no logical name")]
    [InlineData("enter 123 --port PORT", 2, "20 digits", Label = "no token")]
    [InlineData("list --sap 5 --port PORT", 1, "refused the association", Label = "unknown client")]
    [InlineData("list --hdlc --port PORT", 1, "ended", Label = "wrong protocol")]
    [InlineData("list --laboratory --suite 2 --port PORT", 2, "suite 0", Label = "keys of another suite")]
    [InlineData("list --laboratory --counter 0 --title 4F53430000000001 --port PORT", 1, "AuthenticationFailure",
        Label = "a client's counter that was used")]
    public void Command_ThatCannotBeDone_SaysWhyInALine(string command, int exit, string said)
    {
        using var meter = new ServedMeter("--port", "0");
        _ = Sts.Run("cosem", "list", "--laboratory", "--port", meter.Ports[0]);
        var answer =
            Sts.Run(["cosem", .. command.Replace("PORT", meter.Ports[0], StringComparison.Ordinal).Split(' ')]);
        Assert.Equal(exit, answer.Exit);
        Assert.Contains(said, answer.Error + answer.Output, StringComparison.OrdinalIgnoreCase);
        Assert.True(answer.Error.TrimEnd().Split('\n').Length <= 1, answer.Error);
    }

    [Fact]
    public async Task Serial_OverAPseudoTerminal_Enters()
    {
        using var line = new PseudoTerminal();
        using var meter = new ServedMeter("--device", line.Device);
        using var encryption = new SecretBytes(Convert.FromHexString("000102030405060708090A0B0C0D0E0F"));
        using var authentication = new SecretBytes(Convert.FromHexString("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"));
        var settings = new ClientOptions
        {
            Mechanism = AuthenticationMechanism.HighLevelGmac,
            EncryptionKey = encryption,
            AuthenticationKey = authentication,
            Title = SystemTitle.Create("TST", 1),
            FirstCounter = 1,
        };
        await using var client = await DlmsClient.OpenAsync(new HdlcTransport(line.Stream,
            new HdlcClientSession(1, 1, 17)), settings, TestContext.Current.CancellationToken);
        var (result, status) =
            await client.EnterAsync(Token66.Parse(Token("3")), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((ActionResult.Success, 3), (result, status!.StatusCode));
        Assert.Equal(20, (await client.ListAsync(TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task Recording_PlayedAfterAKill_IsRefused()
    {
        var counters = Path.Combine(Path.GetTempPath(), $"sts-counters-{Guid.NewGuid():N}");
        try
        {
            using var encryption = new SecretBytes(Convert.FromHexString("000102030405060708090A0B0C0D0E0F"));
            using var authentication = new SecretBytes(Convert.FromHexString("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"));
            using var client = new ClientAssociation(new ClientOptions
            {
                Mechanism = AuthenticationMechanism.HighLevelGmac,
                EncryptionKey = encryption,
                AuthenticationKey = authentication,
                Title = SystemTitle.Create("TST", 1),
                FirstCounter = 1,
            });
            var writer = new OpenSts.Dlms.Wire.WireWriter();
            client.WriteRequest(writer);
            using (var meter = new ServedMeter("--port", "0", "--counter-file", counters, "--new-counter-file"))
            {
                Assert.Equal(0xA2, (await AskAsync(meter, writer.Written.ToArray()))[13]);
                Assert.Equal(AssociationResult.RejectedPermanent,
                    AssociationResponse.TryRead(await AskAsync(meter, writer.Written.ToArray()))!.Result);
                meter.Kill();
            }

            using var again = new ServedMeter("--port", "0", "--counter-file", counters);
            Assert.Equal(AssociationResult.RejectedPermanent,
                AssociationResponse.TryRead(await AskAsync(again, writer.Written.ToArray()))!.Result);
            // The command learns from the server where to go on.
            Assert.Equal(0, Sts.Run("cosem", "read", "0-0:19.0.0.255", "5", "--laboratory", "--title",
                "5453540000000001", "--port", again.Ports[0]).Exit);
        }
        finally
        {
            File.Delete(counters);
        }
    }

    [Fact]
    public async Task Connections_SlowHalfOpenAndTooMany_LeaveTheOthersServed()
    {
        using var meter = new ServedMeter("--port", "0");
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < 500; i++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, int.Parse(meter.Ports[0]),
                    TestContext.Current.CancellationToken);
                // A header without its APDU, or half a header.
                _ = await socket.SendAsync(i % 2 == 0 ? new byte[] { 0, 1, 0, 16, 0, 1, 255, 255 }
                    : [0, 1, 0], TestContext.Current.CancellationToken);
            }

            Assert.Equal(0, Sts.Run("cosem", "read", "0-0:19.0.0.255", "5", "--laboratory", "--port", meter.Ports[0])
                .Exit);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private static async Task<byte[]> AskAsync(ServedMeter meter, byte[] apdu)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, int.Parse(meter.Ports[0]),
            TestContext.Current.CancellationToken);
        await using var transport = new WrapperTransport(new NetworkStream(socket), 1);
        return (await transport.ExchangeAsync(apdu, TestContext.Current.CancellationToken)).ToArray();
    }

    private static string Token(string amount)
    {
        var (_, output, _) = Sts.Run(["token", "credit", "--amount", amount, "--json", .. Key.Split(' ')]);
        return JsonNode.Parse(output)!["token"]!.GetValue<string>();
    }
}
