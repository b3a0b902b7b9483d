using OpenSts.Cosem.Client;
using OpenSts.Cosem.Link;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Values;
using OpenSts.Metering;

namespace OpenSts.Cosem.Tests;

/// <summary>
/// A meter at the other end of a line is the same meter: every attribute reads the same, every token is answered the
/// same.
/// </summary>
public class LinkTests
{
    [Fact]
    public async Task LinkedMeter_ReadOverCosem_ShowsWhatTheMeterItselfShows()
    {
        using var fixture = new MeterFixture();
        var (there, back) = (new System.IO.Pipelines.Pipe(), new System.IO.Pipelines.Pipe());
        var serving = MeterLink.ServeAsync(fixture.Meter, new StreamReader(there.Reader.AsStream()),
            new StreamWriter(back.Writer.AsStream()), TestContext.Current.CancellationToken);
        var linked = await LinkedMeter.ConnectAsync(new StreamReader(back.Reader.AsStream()),
            new StreamWriter(there.Writer.AsStream()), cancellation: TestContext.Current.CancellationToken);
        using var other = new MeterFixture(meter: linked);
        await using var near = await fixture.ManageAsync();
        await using var far = await other.ManageAsync();
        var token = fixture.Credit();
        Assert.Equal(TokenResultOf(await far.EnterAsync(token)), TokenResult.Accept);
        Assert.Equal(TokenResultOf(await near.EnterAsync(token)), TokenResult.UsedError);
        Assert.Equal(TokenResultOf(await far.EnterAsync(Token66.Parse("70630503470028726115"))), TokenResult.CrcError);
        Assert.Equal(ActionResult.Success,
            (await far.CallAsync(
            new MethodCall(new MemberReference(70, Obis.DisconnectControl, 1), CosemValue.Int8(0)))).Result);
        List<string> Text(List<(MemberReference, ReadResult)> read) =>
            [.. read.Where(each => each.Item1.ClassId is not (15 or 64 or 1))
            .Select(each => $"{each.Item1}: {each.Item2.Error} {each.Item2.Value}")];
        var (ours, theirs) = (new List<(MemberReference, ReadResult)>(), new List<(MemberReference, ReadResult)>());
        await foreach (var each in near.DumpAsync())
            ours.Add(each);
        await foreach (var each in far.DumpAsync())
            theirs.Add(each);
        Assert.Equal(Text(ours), Text(theirs));
        Assert.Equal(20, ours.Select(each => each.Item1.Name).Distinct().Count());
        Assert.True(await linked.IsConnectedAsync(TestContext.Current.CancellationToken));
        there.Writer.Complete();
        await serving;
        // Nobody at the other end.
        await Assert.ThrowsAsync<IOException>(() => LinkedMeter.ConnectAsync(new StringReader(""), new StringWriter(),
            cancellation: TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("hello", "cannot be read", Label = "no line of the link")]
    [InlineData("""{"Operation":"Enter"}""", "lacks what Enter needs", Label = "a question that lacks its answer")]
    [InlineData("null", "holds nothing", Label = "nothing")]
    public async Task Meter_AskedNonsense_EndsTheLink(string line, string said)
    {
        using var fixture = new MeterFixture();
        var error = await Assert.ThrowsAnyAsync<IOException>(() => MeterLink.ServeAsync(fixture.Meter,
            new StringReader(line), new StringWriter(), TestContext.Current.CancellationToken));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Empty((await fixture.Meter.ReadAsync(TestContext.Current.CancellationToken)).TokenLog);
    }

    private static TokenResult? TokenResultOf((ActionResult Result, GatewayStatus? Status) answer) =>
        answer.Status?.Result;
}
