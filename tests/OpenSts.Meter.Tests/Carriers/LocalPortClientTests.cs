using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;
using OpenSts.Meter.Carriers.LocalPort;
using OpenSts.Metering;
using OpenSts.SerialPorts;

namespace OpenSts.Meter.Tests.Carriers;

/// <summary>Client and meter over a line in memory.</summary>
public class LocalPortClientTests
{
    [Fact]
    public async Task Client_AgainstTheServer_ReadsAndEnters()
    {
        var meter = new PaymentMeter(NewMeters.Record(), NewMeters.Clock());
        var (ours, theirs) = Line.Pair();
        using var stop = new CancellationTokenSource();
        var server = new LocalPortSession(meter, new LocalPortSettings());
        var serving = LocalPortPump.ServeAsync(
            theirs, server, TimeProvider.System, TimeSpan.Zero, NullLogger.Instance, stop.Token);
        var client = new LocalPortClient(ours, ParityHandling.ByTheLine, TimeProvider.System)
        {
            PollInterval = TimeSpan.FromMilliseconds(1)
        };
        var token = TestContext.Current.CancellationToken;
        Assert.Equal(new LocalPortIdentity("00", "OS10"), await client.SignOnAsync(token));
        Assert.Equal(TokenResult.Accept, await client.EnterAsync(Token66.Parse(NewMeters.Published), token));
        Assert.Equal(TokenResult.UsedError, await client.EnterAsync(Token66.Parse(NewMeters.Published), token));
        Assert.Equal(["00000001"], await client.ReadAsync(0x2010, 1, token));
        Assert.Equal(["01", "02"], await client.ReadAsync(0xF001, 2, token));
        Assert.Null(await client.ReadAsync(0x2FFF, 1, token));
        await client.BreakAsync(token);
        await stop.CancelAsync();
        await serving;
        Assert.Equal(TokenCarrierType.VirtualLocal, meter.Record.LastToken!.Carrier);
    }

    [Fact]
    public async Task Client_EchoOfAnOpticalHead_IsPassedOver()
    {
        var (ours, theirs) = Line.Pair();
        var client = new LocalPortClient(ours, ParityHandling.ByTheLine, TimeProvider.System);
        var token = TestContext.Current.CancellationToken;
        var asking = client.ReadAsync(0x2010, 1, token);
        var sent = new byte[10];
        await theirs.ReadExactlyAsync(sent, token);
        await theirs.WriteAsync(sent, token);
        await theirs.WriteAsync("\u0002(0000000A)\u0003"u8.ToArray(), token);
        await theirs.WriteAsync(new byte[] { 0x73 }, token);
        Assert.Equal(["0000000A"], await asking);
    }

    [Fact]
    public async Task Client_SilentMeter_AsksFourTimesAndSaysSo()
    {
        var (ours, theirs) = Line.Pair();
        var client = new LocalPortClient(ours, ParityHandling.ByTheLine, TimeProvider.System)
        {
            AnswerTimeout = TimeSpan.FromMilliseconds(20)
        };
        var token = TestContext.Current.CancellationToken;
        var error = await Assert.ThrowsAsync<LocalPortException>(() => client.SignOnAsync(token));
        Assert.Contains("4 times", error.Message, StringComparison.Ordinal);
        var asked = new byte[20];
        await theirs.ReadExactlyAsync(asked, token);
        Assert.Equal("/?!\r\n/?!\r\n/?!\r\n/?!\r\n"u8.ToArray(), asked);
    }

    [Fact]
    public async Task SignOnAsync_SilentMeterOnASerialLine_TimesOutAsOnANetwork()
    {
        using var terminal = PseudoTerminal.Create();
        Assert.True(SerialPortSettings.TryParse(terminal.DeviceName, "2400,7E1", out var settings));
        using var line = SerialLine.Open(settings);
        var client = new LocalPortClient(line.Stream, ParityHandling.InTheEighthBit, TimeProvider.System)
        {
            AnswerTimeout = TimeSpan.FromMilliseconds(100)
        };
        var started = TimeProvider.System.GetTimestamp();
        var error = await Assert.ThrowsAsync<LocalPortException>(
            () => client.SignOnAsync(TestContext.Current.CancellationToken));
        Assert.Contains("4 times", error.Message, StringComparison.Ordinal);
        Assert.InRange(
            TimeProvider.System.GetElapsedTime(started), TimeSpan.FromMilliseconds(390), TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("02 28 30 31 29 03 04", Label = "a wrong check")]
    [InlineData("02 30 31 03 02", Label = "no brackets")]
    public async Task Client_DamagedAnswer_IsAnError(string answer)
    {
        var (ours, theirs) = Line.Pair();
        var client = new LocalPortClient(ours, ParityHandling.ByTheLine, TimeProvider.System);
        var asking = client.ReadAsync(0x2010, 1, TestContext.Current.CancellationToken);
        await theirs.WriteAsync(
            Convert.FromHexString(answer.Replace(" ", "", StringComparison.Ordinal)),
            TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<LocalPortException>(() => asking);
    }

    /// <summary>Two ends of a line in memory.</summary>
    private sealed class Line(PipeReader input, PipeWriter output) : Stream
    {
        private readonly Stream _input = input.AsStream();
        private readonly Stream _output = output.AsStream();

        public static (Stream Ours, Stream Theirs) Pair()
        {
            var (there, back) = (new Pipe(), new Pipe());
            return (new Line(back.Reader, there.Writer), new Line(there.Reader, back.Writer));
        }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => _output.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => _input.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _input.ReadAsync(buffer, cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => _output.Write(buffer, offset, count);

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default) => _output.WriteAsync(buffer, cancellationToken);
    }
}
