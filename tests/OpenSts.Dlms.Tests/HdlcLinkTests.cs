using Microsoft.Extensions.Time.Testing;
using OpenSts.Cosem.Tests;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Framing;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Tests;

/// <summary>The inactivity time-out of a link, and negotiated windows.</summary>
public sealed class HdlcLinkTests : IDisposable
{
    private static readonly byte[] Public = [0x21];
    private static readonly byte[] Management = [3];
    private readonly MeterFixture _fixture = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly HdlcServerSession _session;

    public HdlcLinkTests() => _session = new HdlcServerSession(_fixture.Server, clock: _clock);

    public void Dispose()
    {
        _session.Dispose();
        _fixture.Dispose();
    }

    [Fact]
    public async Task Link_OfAClientThatLeftWithoutDisc_IsFreeAfterTheTimeout()
    {
        Assert.Equal(HdlcKind.Acknowledge, await AskAsync(Public, HdlcFrame.Snrm));
        _clock.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal(HdlcKind.DisconnectedMode, await AskAsync(Management, HdlcFrame.Snrm));
        // The frames of another client do not restart the time-out.
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HdlcKind.Acknowledge, await AskAsync(Management, HdlcFrame.Snrm));
        // The first client has no link any more.
        Assert.Equal(HdlcKind.DisconnectedMode, await AskAsync(Public, 0x11));
    }

    [Fact]
    public async Task Link_WithFramesOfItsClient_StaysOpen()
    {
        Assert.Equal(HdlcKind.Acknowledge, await AskAsync(Public, HdlcFrame.Snrm));
        for (var i = 0; i < 3; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(100));
            Assert.Equal(HdlcKind.ReceiveReady, await AskAsync(Public, 0x11));
        }

        Assert.Equal(HdlcKind.DisconnectedMode, await AskAsync(Management, HdlcFrame.Snrm));
    }

    [Fact]
    public async Task Link_WithBrokenFramesOfItsClient_EndsAtTheTimeout()
    {
        Assert.Equal(HdlcKind.Acknowledge, await AskAsync(Public, HdlcFrame.Snrm));
        _clock.Advance(TimeSpan.FromSeconds(100));
        var broken = new WireWriter();
        new HdlcFrame([3], Public, 0x11, false, []).Write(broken);
        var octets = broken.Written.ToArray();
        octets[^2] ^= 1;
        await _session.ReceiveAsync(octets, new WireWriter(), TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(HdlcKind.Acknowledge, await AskAsync(Management, HdlcFrame.Snrm));
    }

    [Fact]
    public async Task Link_OfASilentClient_RefusesItsLateFrame()
    {
        Assert.Equal(HdlcKind.Acknowledge, await AskAsync(Public, HdlcFrame.Snrm));
        _clock.Advance(TimeSpan.FromSeconds(121));
        Assert.Equal(HdlcKind.DisconnectedMode, await AskAsync(Public, 0x11));
    }

    [Theory]
    [InlineData("nothing proposed", "", "8180140501800601800704000000010804 00000001")]
    [InlineData("longer fields and windows", "81801405020200 06020200 070400000003 080400000005",
        "818016 05020200 06020200 070400000005 080400000003")]
    [InlineData("more than this end supports", "818016 0502FFFF 0602FFFF 070400000007 080400000007",
        "818016 050207EE 060207EE 070400000007 080400000007")]
    public async Task Parameters_OfTheClient_AreNegotiated(string proposal, string proposed, string agreed)
    {
        Assert.NotNull(proposal);
        var information = Hex(proposed);
        if (information.Length > 0)
            information[2] = (byte)(information.Length - 3);
        var answer = (await SendAsync(new HdlcFrame([3], Public, HdlcFrame.Snrm, false, information))).Single();
        var expected = Hex(agreed);
        expected[2] = (byte)(expected.Length - 3);
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(answer.Information));
    }

    [Fact]
    public async Task Answer_WithAWindowOfThree_SendsThreeFramesAndResumesWhereOneWasLost()
    {
        // 64 octets and three frames to the client.
        _ = await SendAsync(
            new HdlcFrame([3], Public, HdlcFrame.Snrm, false, Hex("8180 12 050180 060140 070400000001 080400000003")));
        var response = await SendAsync(new HdlcFrame([3], Public, 0x10, false,
            Hex("E6E600 601DA109060760857405080101BE10040E01000000065F1F0400007E1F04B0")));
        Assert.Single(response);
        // The object list of the public client.
        var frames =
            await SendAsync(new HdlcFrame([3], Public, 0x32, false, Hex("E6E600 C001C1000F0000280000FF0200")));
        Assert.Equal([1, 2, 3], frames.Select(each => each.SendNumber));
        Assert.Equal([false, false, true], frames.Select(each => each.IsPollOrFinal));
        Assert.All(frames, each => Assert.True(each.IsSegmented && each.Information.Length == 64));
        // Frame 2 was lost: it and what follows comes again.
        var again = await SendAsync(new HdlcFrame([3], Public, (2 << 5) | 0x11, false, []));
        Assert.Equal([2, 3, 4], again.Select(each => each.SendNumber));
        Assert.Equal(frames[1].Information, again[0].Information);
        Assert.All(await SendAsync(new HdlcFrame([3], Public, (5 << 5) | 0x11, false, [])),
            each => Assert.InRange(each.SendNumber, 5, 7));
    }

    [Fact]
    public async Task Request_InSegmentsOfAWindow_IsAnsweredOnceAtItsEnd()
    {
        _ = await SendAsync(
            new HdlcFrame([3], Public, HdlcFrame.Snrm, false, Hex("8180 12 050140 060180 070400000007 080400000001")));
        var apdu = Hex("E6E600 601DA109060760857405080101BE10040E01000000065F1F0400007E1F04B0");
        Assert.Empty(await SendAsync(new HdlcFrame([3], Public, 0x00, true, apdu[..10])));
        Assert.Empty(await SendAsync(new HdlcFrame([3], Public, 0x02, true, apdu[10..20])));
        var answer = (await SendAsync(new HdlcFrame([3], Public, 0x14, false, apdu[20..]))).Single();
        Assert.Equal([0xE6, 0xE7, 0, 0x61], answer.Information[..4]);
        Assert.Equal(3, answer.ReceiveNumber);
    }

    [Theory]
    [InlineData(32, 7)]
    [InlineData(64, 3)]
    [InlineData(128, 1)]
    [InlineData(2030, 7)]
    public async Task Client_WithWindowsOfEachSizeAndLostAnswers_ReadsTheObjectList(int length, int window)
    {
        var stream = new LoopStream(new HdlcServerSession(_fixture.Server));
        var link = new HdlcClientSession(1, 1, 17, new HdlcParameters(length, length, window, window));
        await using var client = await MeterFixture.OpenAsync(_fixture.ManagementSettings(),
            new HdlcTransport(stream, link, TimeSpan.FromMilliseconds(200)));
        stream.Lost = 1;
        Assert.Equal(_fixture.Server.Objects.Count, (await client.ListAsync()).Count);
        Assert.Equal(3, (await client.EnterAsync(_fixture.Credit())).Status!.StatusCode);
        Assert.Equal(CosemType.OctetString, (await client.GetAsync(new MemberReference(1, Obis.LogicalDeviceName, 2)))
            .Value.Type);
    }

    private async Task<HdlcKind?> AskAsync(byte[] client, byte control) =>
        (await SendAsync(new HdlcFrame([3], client, control, false, []))).FirstOrDefault()?.Kind;

    private async Task<List<HdlcFrame>> SendAsync(HdlcFrame frame)
    {
        var octets = new WireWriter();
        frame.Write(octets);
        var answer = new WireWriter();
        Assert.True(await _session.ReceiveAsync(octets.WrittenMemory, answer, TestContext.Current.CancellationToken));
        var receiver = new HdlcReceiver();
        receiver.Add(answer.Written);
        var frames = new List<HdlcFrame>();
        while (receiver.TryTake(out var read))
            frames.Add(read);
        return frames;
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));
}
