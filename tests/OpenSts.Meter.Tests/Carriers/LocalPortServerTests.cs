using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using OpenSts.Meter.Carriers.LocalPort;
using OpenSts.Metering;

namespace OpenSts.Meter.Tests.Carriers;

public class LocalPortServerTests
{
    private readonly RecordingLogger _logger = new();

    [Fact]
    public async Task RunAsync_SessionThatFails_IsLoggedWithItsReasonAndOthersGoOn()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var stop = new CancellationTokenSource();
        var store = new FaultyStore { Fault = new InvalidOperationException("the store is not there") };
        using var server = Server(new PaymentMeter(NewMeters.Record(), NewMeters.Clock(), store));
        var serving = server.RunAsync(stop.Token);

        using (var failing = await ConnectAsync(server))
            await Assert.ThrowsAsync<LocalPortException>(
                () => Client(failing).EnterAsync(Token66.Parse(NewMeters.Published), cancellation));
        await LoggedAsync(LogLevel.Error, "ended with a fault: the store is not there");

        // An error of the disk refuses the token; the same session goes on.
        store.Fault = new IOException("no space");
        using (var next = await ConnectAsync(server))
        {
            var client = Client(next);
            await Assert.ThrowsAsync<LocalPortException>(
                () => client.EnterAsync(Token66.Parse(NewMeters.Published), cancellation));
            await LoggedAsync(LogLevel.Error, "could not be made durable: no space");
            store.Fault = null;
            Assert.Equal(
                TokenResult.Accept, await client.EnterAsync(Token66.Parse(NewMeters.Published), cancellation));
        }

        await stop.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsSessionsThatWait()
    {
        using var stop = new CancellationTokenSource();
        using var server = Server(new PaymentMeter(NewMeters.Record(), NewMeters.Clock()));
        var serving = server.RunAsync(stop.Token);
        using var idle = await ConnectAsync(server);
        Assert.Equal(
            new LocalPortIdentity("00", "OS10"),
            await Client(idle).SignOnAsync(TestContext.Current.CancellationToken));
        await stop.CancelAsync();
        await serving.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(0, await idle.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    private LocalPortServer Server(PaymentMeter meter) =>
        new(
            new IPEndPoint(IPAddress.Loopback, 0), meter, new LocalPortSettings(), TimeSpan.Zero, TimeProvider.System,
            _logger);

    private static LocalPortClient Client(TcpClient connection) =>
        new(connection.GetStream(), ParityHandling.ByTheLine, TimeProvider.System)
        {
            AnswerTimeout = TimeSpan.FromSeconds(5),
            PollInterval = TimeSpan.FromMilliseconds(5),
            ResultTimeout = TimeSpan
            .FromMilliseconds(300),
        };

    private static async Task<TcpClient> ConnectAsync(LocalPortServer server)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(server.Address, TestContext.Current.CancellationToken);
        return connection;
    }

    private async Task LoggedAsync(LogLevel level, string text)
    {
        for (
            var i = 0; i < 200
                && !_logger.Entries.Any(e => e.Level == level && e.Text.Contains(text, StringComparison.Ordinal)); i++)
            await Task.Delay(25, TestContext.Current.CancellationToken);
        Assert.Contains(_logger.Entries, e => e.Level == level && e.Text.Contains(text, StringComparison.Ordinal));
    }

    private sealed class FaultyStore : IMeterStore
    {
        public Exception? Fault { get; set; }

        public void Save(MeterRecord record)
        {
            if (Fault is { } fault)
                throw fault;
        }
    }
}
