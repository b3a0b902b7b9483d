using OpenSts.Cosem.Objects;
using OpenSts.Cosem.Tests;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Framing;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Tests;

/// <summary>Whole exchanges with clock and challenges injected, octet for octet.</summary>
public class RecordingTests
{
    [Fact]
    public async Task Management_OverTheWrapper_IsTheRecording()
    {
        using var fixture = new MeterFixture();
        using var client = new ClientAssociation(fixture.ManagementSettings(), destination => destination.Fill(0x5A));
        using var session = new WrapperServerSession(fixture.Server);
        var wire = new List<string>();
        var writer = new WireWriter();
        client.WriteRequest(writer);
        client.Accept(await ExchangeAsync(writer.Written.ToArray()));
        Assert.True(
            client.AcceptAnswer(((ActionResponse)await AskAsync(new ActionRequest(0xC1, client.Answer()))).Result));
        var token = Token66.Parse("59534445952817713349");
        var enter = new MethodCall(new MemberReference(115, PaymentObis.TokenGateway, 1),
            CosemValue.OctetString(System.Text.Encoding.ASCII.GetBytes(token.ToString())));
        Assert.Equal(ActionResult.Success, ((ActionResponse)await AskAsync(new ActionRequest(0xC2, enter)))
            .Result.Result);
        Assert.Equal("{3, 00000001}",
            ((GetResponse)await AskAsync(new GetRequest(0xC3,
            new AttributeRequest(new MemberReference(115, PaymentObis.TokenGateway, 6), null))))
            .Result.Value.ToString());
        Assert.Equal("125",
            ((GetResponse)await AskAsync(new GetRequest(0xC4,
            new AttributeRequest(new MemberReference(111, PaymentObis.Account, 5), null)))).Result.Value.ToString());
        writer.Clear();
        Release.WriteRequest(writer);
        _ = await ExchangeAsync(writer.Written.ToArray());
        Assert.Equal(Recording("management.txt", wire), wire);

        async Task<ServiceResponse> AskAsync(ServiceRequest request)
        {
            writer.Clear();
            writer.Request(request);
            return client.Open(await ExchangeAsync(client.Protect(writer.Written).ToArray()));
        }

        async Task<byte[]> ExchangeAsync(byte[] apdu)
        {
            var framed = new WireWriter();
            new WrapperHeader(1, 1, (ushort)apdu.Length).Write(framed);
            framed.Bytes(apdu);
            var answer = new WireWriter();
            Assert.True(
                await session.ReceiveAsync(framed.WrittenMemory, answer, TestContext.Current.CancellationToken));
            wire.Add($"> {Convert.ToHexString(framed.Written)}");
            wire.Add($"< {Convert.ToHexString(answer.Written)}");
            return answer.Written[WrapperHeader.Octets..].ToArray();
        }
    }

    [Fact]
    public async Task Public_OverHdlc_IsTheRecording()
    {
        using var fixture = new MeterFixture();
        var wire = new List<string>();
        using var session = new HdlcServerSession(fixture.Server);
        var link = new HdlcClientSession(16, proposal: HdlcParameters.Default);
        using var client = new ClientAssociation(new ClientOptions());
        await RunAsync(link.Open);
        var apdu = new WireWriter();
        client.WriteRequest(apdu);
        await RunAsync(writer => link.Send(apdu.Written, writer));
        client.Accept(link.Apdu.Span);
        foreach (var member in (MemberReference[])[new(1, Obis.LogicalDeviceName, 2), new(8, Obis.Clock, 2),
            new(15, Obis.Association, 2)])
        {
            apdu.Clear();
            apdu.Request(new GetRequest(0xC1, new AttributeRequest(member, null)));
            await RunAsync(writer => link.Send(apdu.Written, writer));
            Assert.Equal(DataAccessResult.Success, Assert.IsType<GetResponse>(client.Open(link.Apdu.Span))
                .Result.Error);
        }

        await RunAsync(link.Close);
        Assert.Equal(Recording("public-hdlc.txt", wire), wire);

        async Task RunAsync(Action<WireWriter> begin)
        {
            var send = new WireWriter();
            begin(send);
            for (var isDone = false; !isDone;)
            {
                var answer = new WireWriter();
                Assert.True(
                    await session.ReceiveAsync(send.WrittenMemory, answer, TestContext.Current.CancellationToken));
                wire.Add($"> {Convert.ToHexString(send.Written)}");
                wire.Add($"< {Convert.ToHexString(answer.Written)}");
                send.Clear();
                isDone = link.Receive(answer.Written, send);
            }
        }
    }

    // OPENSTS_RECORD writes the recordings anew: look at them before they are kept.
    private static string[] Recording(string name, List<string> wire)
    {
        var path = TestFiles.Path($"tests/OpenSts.Dlms.Tests/Recordings/{name}");
        if (Environment.GetEnvironmentVariable("OPENSTS_RECORD") is not null)
            File.WriteAllLines(path, wire);
        return File.ReadAllLines(path);
    }
}
