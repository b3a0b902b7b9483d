using OpenSts.Cosem.Objects;
using OpenSts.Cosem.Tests;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Framing;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Tests;

public class HdlcTests
{
    [Theory]
    [InlineData("SNRM of the public client", "7EA00703219 30F017E", HdlcKind.SetNormalResponseMode)]
    [InlineData("UA with parameters", "7EA01E210373C37A81801205018006018007040000000108040000000 1533B7E",
        HdlcKind.Acknowledge)]
    public void Frame_Published_IsReadAndWritten(string description, string hex, HdlcKind kind)
    {
        hex = hex.Replace(" ", "", StringComparison.Ordinal);
        var receiver = new HdlcReceiver();
        receiver.Add(Convert.FromHexString(hex));
        Assert.True(receiver.TryTake(out var frame), description);
        Assert.Equal(kind, frame.Kind);
        var writer = new WireWriter();
        frame.Write(writer);
        Assert.Equal(hex, Convert.ToHexString(writer.Written));
        if (kind == HdlcKind.Acknowledge)
        {
            Assert.True(HdlcParameters.TryRead(frame.Information, out var parameters));
            Assert.Equal(frame.Information, parameters.ToArray());
        }
    }

    [Fact]
    public void Receiver_NoiseSharedFlagsAndBrokenFrames_GivesTheGoodOnes()
    {
        var good = new WireWriter();
        new HdlcFrame([3], [0x21], HdlcFrame.Snrm, false, []).Write(good);
        var broken = good.Written.ToArray();
        broken[4] ^= 1;
        // The flag between two frames is one and the same.
        byte[] stream = [1, 2, 0x7E, 3, .. broken, .. good.Written[1..], .. good.Written[1..], 0x7E, 0x7E,
            .. good.Written, 0x7E, 0xA7];
        foreach (var chunk in (int[])[1, 2, 7, stream.Length])
        {
            var receiver = new HdlcReceiver();
            var frames = 0;
            foreach (var part in stream.Chunk(chunk))
            {
                receiver.Add(part);
                while (receiver.TryTake(out _))
                    frames++;
            }

            Assert.Equal(3, frames);
        }
    }

    [Theory]
    [InlineData("the usual 128", 128, 128)]
    [InlineData("the shortest", 32, 32)]
    [InlineData("the longest", 2030, 2030)]
    [InlineData("one long, one short", 2030, 40)]
    public async Task Segments_OfEachLength_CarryTheObjectList(string description, int transmit, int receive)
    {
        _ = description;
        using var fixture = new MeterFixture();
        var transport =
            fixture.Transport(1, true, new HdlcParameters(transmit, receive), new HdlcParameters(receive, transmit));
        await using var client = await MeterFixture.OpenAsync(fixture.ManagementSettings(), transport);
        Assert.Equal(fixture.Server.Objects.Count, (await client.ListAsync()).Count);
        Assert.Equal(3, (await client.EnterAsync(fixture.Credit())).Status!.StatusCode);
        Assert.All(fixture.Wire, each => Assert.True(each.Answer.Length <= Math.Min(receive, 2030) + 14));
    }

    [Fact]
    public async Task Frame_WhoseAnswerIsLost_IsRepeatedAndServedOnce()
    {
        using var fixture = new MeterFixture();
        var stream = new LoopStream(new HdlcServerSession(fixture.Server));
        var transport = new HdlcTransport(stream, new HdlcClientSession(1, 1, 17), TimeSpan.FromMilliseconds(250));
        await using var client = await MeterFixture.OpenAsync(fixture.ManagementSettings(), transport);
        stream.Lost = 2;
        Assert.Equal(3, (await client.EnterAsync(fixture.Credit(10))).Status!.StatusCode);
        Assert.Single((await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).TokenLog);
        Assert.Equal((Int128)10, (await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).Credit);
        stream.Lost = 3;
        var error = await Assert.ThrowsAsync<DlmsException>(async () => await client.ReadStatusAsync());
        Assert.Equal(DlmsFault.Connection, error.Fault);
    }

    [Fact]
    public async Task Server_BeforeSnrmForAnotherClientOrAnotherAddress_AnswersDmOrNothing()
    {
        using var fixture = new MeterFixture();
        using var session = new HdlcServerSession(fixture.Server, physicalAddress: 17);
        byte[] server = [2, 0x23];
        // RR, DISC and I before SNRM.
        foreach (var control in (byte[])[0x11, HdlcFrame.Disc, 0x10])
            Assert.Equal(HdlcKind.DisconnectedMode,
                (await AskAsync(session, new HdlcFrame(server, [0x21], control, false, [])))!.Kind);
        Assert.Null(await AskAsync(session, new HdlcFrame([2, 0x25], [0x21], HdlcFrame.Snrm, false, [])));
        Assert.Null(await AskAsync(session, new HdlcFrame([4, 0x23], [0x21], HdlcFrame.Snrm, false, [])));
        Assert.Equal(HdlcKind.DisconnectedMode,
            (await AskAsync(session, new HdlcFrame(server, [0x77], HdlcFrame.Snrm, false, [])))!.Kind);
        Assert.Equal(HdlcKind.DisconnectedMode,
            (await AskAsync(session, new HdlcFrame(server, [0x21], HdlcFrame.Snrm, false, [0x81])))!.Kind);
        Assert.Equal(HdlcKind.Acknowledge,
            (await AskAsync(session, new HdlcFrame(server, [0x21], HdlcFrame.Snrm, false, [])))!.Kind);
        Assert.Equal(HdlcKind.DisconnectedMode,
            (await AskAsync(session, new HdlcFrame(server, [3], HdlcFrame.Snrm, false, [])))!.Kind);
        Assert.Equal(HdlcKind.ReceiveReady,
            (await AskAsync(session, new HdlcFrame(server, [0x21], 0x11, false, [])))!.Kind);
        Assert.Equal(HdlcKind.Acknowledge,
            (await AskAsync(session, new HdlcFrame(server, [0x21], HdlcFrame.Disc, false, [])))!.Kind);
        Assert.Equal(HdlcKind.Acknowledge,
            (await AskAsync(session, new HdlcFrame(server, [3], HdlcFrame.Snrm, false, [])))!.Kind);
    }

    [Fact]
    public async Task Server_ApduBeyondItsLimitInSegments_NeverGathersIt()
    {
        using var fixture = new MeterFixture();
        using var session = new HdlcServerSession(fixture.Server);
        _ = await AskAsync(session, new HdlcFrame([3], [0x21], HdlcFrame.Snrm, false, []));
        for (var i = 0; i < 1000; i++)
        {
            var answer = await AskAsync(session,
                new HdlcFrame([3], [0x21], (byte)(0x10 | ((i & 7) << 1)), i < 999, [0xE6, 0xE6, 0, .. new byte[120]]));
            Assert.Equal(HdlcKind.ReceiveReady, answer!.Kind);
        }

        // The link goes on: a good request is served.
        var request = new WireWriter();
        request.Bytes([0xE6, 0xE6, 0]);
        request.Bytes(Convert.FromHexString("601DA109060760857405080101BE10040E01000000065F1F0400007E1F04B0"));
        var response = await AskAsync(session, new HdlcFrame([3], [0x21], 0x10, false, request.Written.ToArray()));
        Assert.Equal([0xE6, 0xE7, 0, 0x61], response!.Information[..4]);
    }

    [Fact]
    public async Task Serial_OctetByOctet_Works()
    {
        using var fixture = new MeterFixture();
        var stream = new LoopStream(new HdlcServerSession(fixture.Server), chunk: 1);
        await using var client = await MeterFixture.OpenAsync(fixture.ManagementSettings(),
            new HdlcTransport(stream, new HdlcClientSession(1)));
        Assert.Equal(CosemValue.Int32(0), (await client.GetAsync(new MemberReference(111, PaymentObis.Account, 5)))
            .Value);
    }

    private static async Task<HdlcFrame?> AskAsync(HdlcServerSession session, HdlcFrame frame)
    {
        var octets = new WireWriter();
        frame.Write(octets);
        var answer = new WireWriter();
        Assert.True(await session.ReceiveAsync(octets.WrittenMemory, answer, TestContext.Current.CancellationToken));
        var receiver = new HdlcReceiver();
        receiver.Add(answer.Written);
        return receiver.TryTake(out var read) ? read : null;
    }
}
