using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace OpenSts.Meter.Carriers.LocalPort;

/// <summary>A meter's local port on TCP: a session for each connection, all of them with one meter.</summary>
public sealed partial class LocalPortServer : IDisposable
{
    private readonly TcpListener _listener;
    private readonly PaymentMeter _meter;
    private readonly LocalPortSettings _settings;
    private readonly TimeSpan _replyDelay;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    /// <summary>Listens; connections are served by <see cref="RunAsync"/>.</summary>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public LocalPortServer(
        IPEndPoint address, PaymentMeter meter, LocalPortSettings settings, TimeSpan replyDelay, TimeProvider clock,
        ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(settings);
        _listener = new TcpListener(address);
        _meter = meter;
        _settings = settings;
        _replyDelay = replyDelay;
        _clock = clock;
        _logger = logger;
        _listener.Start();
        Address = (IPEndPoint)_listener.LocalEndpoint;
    }

    /// <summary>The address listened on, with the port that the system chose for port 0.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Serves connections until it is cancelled; then waits until the sessions have ended.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var sessions = new HashSet<Task>();
        try
        {
            while (true)
            {
                var connection = await _listener.AcceptTcpClientAsync(cancellation).ConfigureAwait(false);
                sessions.RemoveWhere(session => session.IsCompleted);
                sessions.Add(ServeAsync(connection, cancellation));
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Task.WhenAll(sessions).ConfigureAwait(false);
        }
    }

    /// <summary>Stops listening.</summary>
    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(TcpClient connection, CancellationToken cancellation)
    {
        using (connection)
        {
            var client = $"{connection.Client.RemoteEndPoint}";
            LogConnected(_logger, client);
            try
            {
                await LocalPortPump.ServeAsync(
                    connection.GetStream(), new LocalPortSession(_meter, _settings), _clock, _replyDelay, _logger,
                    cancellation)
                    .ConfigureAwait(false);
                LogDisconnected(_logger, client);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                LogDisconnected(_logger, client);
            }
            catch (Exception error) when (error is IOException or SocketException)
            {
                LogConnectionLost(_logger, client, error.Message);
            }
#pragma warning disable CA1031 // One session's fault ends that session: the meter and the other sessions go on.
            catch (Exception error)
#pragma warning restore CA1031
            {
                LogFault(_logger, client, error);
            }
        }
    }

    [LoggerMessage(1010, LogLevel.Debug, "{Client} connected")]
    private static partial void LogConnected(ILogger logger, string client);

    [LoggerMessage(1011, LogLevel.Debug, "{Client} disconnected")]
    private static partial void LogDisconnected(ILogger logger, string client);

    [LoggerMessage(1012, LogLevel.Information, "The connection of {Client} was lost: {Reason}")]
    private static partial void LogConnectionLost(ILogger logger, string client, string reason);

    [LoggerMessage(1013, LogLevel.Error, "The session of {Client} ended with a fault")]
    private static partial void LogFault(ILogger logger, string client, Exception error);
}
