using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using OpenSts.Cosem.Link;
using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Objects;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Listening;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;

namespace OpenSts.Cosem.Tests;

/// <summary>A meter that does not answer, or fails, is a matter of the requests that need it.</summary>
public class SlowMeterTests
{
    private static readonly MemberReference Credit = new(111, PaymentObis.Account, 5);
    private static readonly MemberReference Name = new(1, Obis.LogicalDeviceName, 2);

    [Fact]
    public async Task MeterThatDoesNotAnswer_LeavesOtherConnectionsServed()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var behind = new MeterFixture();
        var (there, back) = (new Pipe(), new Pipe());
        var gate = new GatedMeter(behind.Meter);
        _ = MeterLink.ServeAsync(gate, new StreamReader(there.Reader.AsStream()),
            new StreamWriter(back.Writer.AsStream()), cancellation);
        using var linked = await LinkedMeter.ConnectAsync(
            new StreamReader(back.Reader.AsStream()), new StreamWriter(there.Writer.AsStream()),
                cancellation: cancellation);
        using var fixture = new MeterFixture(meter: linked);
        await using var listener =
            new DlmsListener(new IPEndPoint(IPAddress.Loopback, 0), () => new WrapperServerSession(fixture.Server));
        await using var first =
            await MeterFixture.OpenAsync(fixture.ManagementSettings(), await ConnectAsync(listener, 1));
        await using var second = await MeterFixture.OpenAsync(new ClientOptions(), await ConnectAsync(listener, 16));
        gate.Close();
        var reading = first.GetAsync(Credit).AsTask();
        // The listener's one thread answers what needs no meter, again and again, while the meter does not answer.
        for (var i = 0; i < 20; i++)
            Assert.Equal(DataAccessResult.Success, (await second.GetAsync(Name)).Error);
        Assert.False(reading.IsCompleted);
        gate.Open();
        Assert.Equal(CosemValue.Int32(0), (await reading).Value);
        there.Writer.Complete();
    }

    [Fact]
    public async Task MeterThatNeverAnswers_IsATemporaryFailureAfterTheTimeout()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var behind = new MeterFixture();
        var (there, back) = (new Pipe(), new Pipe());
        var gate = new GatedMeter(behind.Meter);
        _ = MeterLink.ServeAsync(gate, new StreamReader(there.Reader.AsStream()),
            new StreamWriter(back.Writer.AsStream()), cancellation);
        using var linked = await LinkedMeter.ConnectAsync(
            new StreamReader(back.Reader.AsStream()), new StreamWriter(there.Writer.AsStream()),
                TimeSpan.FromMilliseconds(200), cancellation);
        using var fixture = new MeterFixture(meter: linked);
        await using var client = await fixture.ManageAsync();
        gate.Close();
        Assert.Equal(DataAccessResult.TemporaryFailure, (await client.GetAsync(Credit)).Error);
        Assert.Equal(DataAccessResult.TemporaryFailure, (await client.GetAsync(Credit)).Error);
        Assert.Contains("did not answer in time", Assert.Single(fixture.Log.Errors.Take(1)).Message,
            StringComparison.Ordinal);
        // The late answer is not taken for that of a later request.
        gate.Open();
        Assert.Equal((ActionResult.Success, 3), Status(await client.EnterAsync(behind.Credit())));
        Assert.Equal(CosemValue.Int32(100), (await client.GetAsync(Credit)).Value);
    }

    [Fact]
    public async Task MeterWhoseDiskIsFull_IsATemporaryFailureAndLogged()
    {
        using var behind = new MeterFixture();
        var meter = new GatedMeter(behind.Meter) { Failure = new IOException("No space left on device") };
        using var fixture = new MeterFixture(meter: meter);
        await using var client = await fixture.ManageAsync();
        Assert.Equal(ActionResult.TemporaryFailure, (await client.EnterAsync(behind.Credit())).Result);
        Assert.Equal(DataAccessResult.TemporaryFailure, (await client.GetAsync(Credit)).Error);
        Assert.Equal(2, fixture.Log.Errors.Count());
        meter.Failure = new InvalidOperationException("a fault of the program");
        Assert.Equal(DataAccessResult.OtherReason, (await client.GetAsync(Credit)).Error);
        Assert.Equal(DataAccessResult.Success, (await client.GetAsync(Name)).Error);
        meter.Failure = null;
        Assert.Equal(DataAccessResult.Success, (await client.GetAsync(Credit)).Error);
    }

    private static (ActionResult Result, int? Code) Status(
        (ActionResult Result, Client.GatewayStatus? Status) answer) => (answer.Result, answer.Status?.StatusCode);

    private static async Task<IDlmsTransport> ConnectAsync(DlmsListener listener, ushort sap)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(listener.Endpoint, TestContext.Current.CancellationToken);
        return new WrapperTransport(new NetworkStream(socket, ownsSocket: true), sap);
    }

    /// <summary>A meter that answers only while it is open, or fails.</summary>
    private sealed class GatedMeter(ICosemMeter meter) : ICosemMeter
    {
        private TaskCompletionSource _gate = Opened();

        public Exception? Failure { get; set; }

        public MeterNameplate Nameplate => meter.Nameplate;

        public void Close() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Open() => _gate.TrySetResult();

        public async ValueTask<MeterReading> ReadAsync(CancellationToken cancellation)
        {
            await PassAsync();
            return await meter.ReadAsync(cancellation);
        }

        public async ValueTask<TokenVerdict> EnterAsync(TokenEntry entry, CancellationToken cancellation)
        {
            await PassAsync();
            return await meter.EnterAsync(entry, cancellation);
        }

        public ValueTask<bool> SwitchAsync(bool connect, CancellationToken cancellation) =>
            meter.SwitchAsync(connect, cancellation);

        public ValueTask<bool> SetTimeAsync(DateTimeOffset time, CancellationToken cancellation) =>
            meter.SetTimeAsync(time, cancellation);

        public ValueTask<bool> SetLowCreditThresholdAsync(long units, CancellationToken cancellation) =>
            meter.SetLowCreditThresholdAsync(units, cancellation);

        private Task PassAsync() => Failure is { } failure ? Task.FromException(failure) : _gate.Task;

        private static TaskCompletionSource Opened()
        {
            var gate = new TaskCompletionSource();
            gate.SetResult();
            return gate;
        }
    }
}
