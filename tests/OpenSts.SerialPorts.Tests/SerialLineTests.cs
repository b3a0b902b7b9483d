using System.Diagnostics;

namespace OpenSts.SerialPorts.Tests;

public class SerialLineTests
{
    [Fact]
    public async Task Stream_BothDirectionsOverAPseudoTerminal_CarriesEveryOctet()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var every = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        using var terminal = PseudoTerminal.Create();
        using var line = Open(terminal);
        Assert.True(line.IsPseudoTerminal);
        await terminal.Stream.WriteAsync(every, cancellation);
        var received = new byte[256];
        await line.Stream.ReadExactlyAsync(received, cancellation);
        Assert.Equal(every, received);
        Array.Reverse(every);
        await line.Stream.WriteAsync(every, cancellation);
        await terminal.Stream.ReadExactlyAsync(received, cancellation);
        Assert.Equal(every, received);
    }

    [Fact]
    public async Task ReadAsync_NothingArrivesAndTheTokenIsCancelled_EndsAtOnceOnBothSides()
    {
        using var terminal = PseudoTerminal.Create();
        using var line = Open(terminal);
        foreach (var stream in (Stream[])[line.Stream, terminal.Stream])
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            var clock = Stopwatch.StartNew();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                async () => await stream.ReadExactlyAsync(new byte[1], timeout.Token));
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        }

        // A cancelled read takes nothing with it.
        await terminal.Stream.WriteAsync(new byte[] { 7 }, TestContext.Current.CancellationToken);
        var octet = new byte[1];
        await line.Stream.ReadExactlyAsync(octet, TestContext.Current.CancellationToken);
        Assert.Equal(7, octet[0]);
    }

    [Theory]
    [InlineData("/dev/no-such-device")]
    [InlineData("/dev/null")]
    public void Open_NoSerialDevice_NamesTheDeviceAndTheSettings(string device)
    {
        Assert.True(SerialPortSettings.TryParse(device, "9600,8N1", out var settings));
        var error = Assert.Throws<IOException>(() => SerialLine.Open(settings));
        Assert.StartsWith(
            $"{device} cannot be opened as a serial line with {device}:9600,8N1: ", error.Message,
            StringComparison.Ordinal);
    }

    private static SerialLine Open(PseudoTerminal terminal) =>
        SerialPortSettings.TryParse(terminal.DeviceName, "9600,7E1", out var settings)
            ? SerialLine.Open(settings)
            : throw new InvalidOperationException(terminal.DeviceName);
}
