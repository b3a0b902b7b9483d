using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenSts.Cosem.Meters;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Values;
using OpenSts.Dlms.Wire;

namespace OpenSts.Cosem.Server;

/// <summary>
/// Notifies a head end of a new alarm: lock-out after wrong tokens, by whatever way they came, tampering, the power
/// limit.
/// </summary>
/// <remarks>
/// The body of the DataNotification is a structure of the logical device name, the name of the Push setup and the
/// alarm register. It is sent for bits that were not set before, and again where the destination was not reached.
/// </remarks>
/// <param name="server">A server with keys and push options.</param>
/// <param name="meter">The meter whose alarms are watched.</param>
/// <param name="logger">Takes what goes wrong; none where null.</param>
public sealed class AlarmPush(DlmsServer server, ICosemMeter meter, ILogger? logger = null)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly PushOptions _options = server.Options.Push
        ?? throw new ArgumentException("The server has no push options.", nameof(server));
    private readonly NotificationSender _sender = new(server);
    private readonly ILogger _logger = logger ?? NullLogger.Instance;
    private MeterAlarms _known;

    /// <summary>Reads the meter and writes a frame where there is a new alarm.</summary>
    /// <returns>True where there is something to send.</returns>
    /// <exception cref="IOException">The invocation counter could not be stored, or the meter could not be
    /// read.</exception>
    public async ValueTask<bool> TryNotifyAsync(WireWriter destination, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var reading = await meter.ReadAsync(cancellation).ConfigureAwait(false);
        _known &= reading.Alarms;
        if (reading.Alarms == _known)
            return false;
        var isWritten = _sender.TryWrite(
            reading.Time,
            CosemValue.Structure(
                CosemValue.OctetString(Encoding.ASCII.GetBytes(server.Options.LogicalDeviceName)),
                CosemValue.Name(Obis.AlarmPush),
                CosemValue.UInt32((uint)reading.Alarms)),
            destination);
        // Only now: an alarm whose notification could not be written is tried again.
        _known = reading.Alarms;
        return isWritten;
    }

    /// <summary>Reads the meter once a second and sends what is new, until it is cancelled.</summary>
    /// <param name="connect">Connects to the destination.</param>
    /// <param name="clock">The time between readings and tries.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(Func<CancellationToken, ValueTask<Stream>> connect, TimeProvider clock,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(connect);
        var frame = new WireWriter();
        while (true)
        {
            frame.Clear();
            try
            {
                if (await TryNotifyAsync(frame, cancellation).ConfigureAwait(false))
                    await SendAsync(frame, connect, clock, cancellation).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // A full disk or a meter that is not there must not end the watch: the next reading tries again.
                AlarmEvents.NotificationFailed(_logger, error);
            }

            await Task.Delay(Interval, clock, cancellation).ConfigureAwait(false);
        }
    }

    private async Task SendAsync(WireWriter frame, Func<CancellationToken, ValueTask<Stream>> connect,
        TimeProvider clock, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt <= _options.Retries; attempt++)
        {
            if (attempt > 0)
                await Task.Delay(TimeSpan.FromSeconds(_options.RepetitionDelay), clock, cancellation)
                    .ConfigureAwait(false);
            try
            {
                var stream = await connect(cancellation).ConfigureAwait(false);
                await using (stream.ConfigureAwait(false))
                    await stream.WriteAsync(frame.WrittenMemory, cancellation).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (error is IOException or SocketException)
            {
                AlarmEvents.DestinationNotReached(_logger, _options.Destination, attempt + 1, _options.Retries
                    + 1, error.Message);
            }
        }
    }
}
