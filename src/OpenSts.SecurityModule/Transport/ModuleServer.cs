using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenSts.SerialPorts;
using OpenSts.Sts6;
using OpenSts.Sts6.Client;

namespace OpenSts.SecurityModule.Transport;

/// <summary>Offers a module to hosts: TCP, Unix sockets, serial lines.</summary>
/// <param name="module">Answers; stays open until this is disposed.</param>
/// <param name="protocol">What hosts speak.</param>
/// <param name="limits">What a host may take; null for the usual.</param>
/// <param name="logger">Gets what ended a connection and was not its host; never what was sent.</param>
public sealed class ModuleServer(SoftwareSecurityModule module, SessionProtocol protocol = SessionProtocol.Sts6, ServerLimits? limits = null, ILogger? logger = null) : IAsyncDisposable
{
    private const string DefaultLineSettings = "9600,8N1";
    private readonly ILogger _logger = logger ?? NullLogger.Instance;
    private readonly ServerLimits _limits = limits ?? new ServerLimits();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ModuleConnection, Task> _connections = new();
    private readonly ConcurrentBag<Socket> _listeners = [];
    private readonly ConcurrentBag<Task> _loops = [];

    /// <summary>Open connections.</summary>
    public int Connections => _connections.Count;

    /// <summary>Listens for TCP. Beyond this machine only with TLS.</summary>
    /// <param name="endpoint">Port 0 for any free one.</param>
    /// <param name="framing">How lines are told apart.</param>
    /// <param name="tls">Null for none. Belongs to the caller.</param>
    /// <returns>The port.</returns>
    /// <exception cref="InvalidOperationException">Other machines could connect without showing a certificate.</exception>
    public int ListenTcp(IPEndPoint endpoint, SessionFraming framing, MutualTls? tls = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (tls is null && !IPAddress.IsLoopback(endpoint.Address))
            throw new InvalidOperationException($"{endpoint} is open to other machines: that needs TLS with certificates on both sides.");
        var listener = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        Listen(listener, endpoint, framing, tls);
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    /// <summary>Listens on a Unix socket; bare lines. The system says which user a client is: all but those permitted are turned away.</summary>
    /// <param name="path">A socket that no process answers any more is replaced.</param>
    /// <param name="users">Users by number who may connect beside the module's own user; null for none.</param>
    /// <exception cref="IOException">Another process listens there.</exception>
    public void ListenUnix(string path, IReadOnlyCollection<uint>? users = null)
    {
        // A socket that nobody answers was left behind by a process that was killed.
        if (File.Exists(path))
        {
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                probe.Connect(new UnixDomainSocketEndPoint(path));
                throw new IOException($"Another process listens on {path}.");
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused)
            {
                File.Delete(path);
            }
        }

        Listen(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new UnixDomainSocketEndPoint(path), SessionFraming.Lines, null, new UnixPeers(users ?? []));
    }

    /// <summary>Serves a serial line or pseudo-terminal; bare lines at 9600 baud.</summary>
    public void OpenSerial(string path)
    {
        if (!SerialPortSettings.TryParse(path, DefaultLineSettings, out var settings))
            throw new IOException($"'{path}' is not {SerialPortSettings.Form}.");
        var line = SerialLine.Open(settings);
        _loops.Add(Task.Run(async () =>
        {
            using (line)
            {
                try
                {
                    await ServeAsync(SessionFraming.Lines, false, connection => connection.ServeAsync(line.Stream, canWaitEmpty: false)).ConfigureAwait(false);
                }
                catch (Exception error)
                {
                    TransportLog.SerialEnded(_logger, path, $"{error.GetType().Name}\n{error.StackTrace}");
                }
            }
        }));
    }

    /// <summary>Stops listening and reading, answers every request that has arrived, and closes the connections.</summary>
    /// <param name="timeout">Connections that are not done by then are closed all the same.</param>
    public async Task DrainAsync(TimeSpan timeout)
    {
        await StopListeningAsync().ConfigureAwait(false);
        foreach (var connection in _connections.Keys)
            connection.StopReading();
        try
        {
            await Task.WhenAll(_connections.Values).WaitAsync(timeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Their hosts do not read: closed by DisposeAsync.
        }
    }

    /// <summary>Stops listening, then closes every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopListeningAsync().ConfigureAwait(false);
        foreach (var connection in _connections.Keys)
            connection.Close();
        await Task.WhenAll(_connections.Values).ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task StopListeningAsync()
    {
        if (!_stop.IsCancellationRequested)
            await _stop.CancelAsync().ConfigureAwait(false);
        while (_listeners.TryTake(out var listener))
        {
            var path = listener.LocalEndPoint is UnixDomainSocketEndPoint unix ? unix.ToString() : null;
            listener.Dispose();
            if (path is not null)
                File.Delete(path);
        }
    }

    private void Listen(Socket listener, EndPoint endpoint, SessionFraming framing, MutualTls? tls, UnixPeers? peers = null)
    {
        const int backlog = 1024;
        try
        {
            listener.Bind(endpoint);
            if (endpoint is UnixDomainSocketEndPoint && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(endpoint.ToString()!, peers!.SocketMode);
            listener.Listen(backlog);
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        _listeners.Add(listener);
        _loops.Add(AcceptAsync(listener, framing, tls, peers));
    }

    private async Task AcceptAsync(Socket listener, SessionFraming framing, MutualTls? tls, UnixPeers? peers)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
                if (peers is not null && !peers.Permits(socket, out var user))
                {
                    TransportLog.UserRefused(_logger, user);
                    socket.Dispose();
                    continue;
                }

                if (_connections.Count >= _limits.Connections)
                    _connections.Keys.MinBy(connection => connection.Heard)?.Close();
                _ = HostAsync(socket, framing, tls);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException error)
            {
                // A host that left before it was taken, or no file left for it: neither ends the others.
                TransportLog.NotAccepted(_logger, error.SocketErrorCode);
                await Task.Delay(TimeSpan.FromMilliseconds(10)).ConfigureAwait(false);
            }
        }
    }

    private async Task HostAsync(Socket socket, SessionFraming framing, MutualTls? tls)
    {
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            if (socket.ProtocolType == ProtocolType.Tcp)
            {
                socket.NoDelay = true;
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
            }

            await ServeAsync(framing, true, async connection =>
            {
                if (tls is not null)
                    stream = await connection.InTimeAsync(limit => tls.AcceptAsync(stream, limit)).ConfigureAwait(false);
                await connection.ServeAsync(stream, canWaitEmpty: true).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        catch (Exception error) when (error is AuthenticationException or IOException or SocketException or OperationCanceledException)
        {
            if (error is AuthenticationException)
                TransportLog.TlsRefused(_logger, error.Message);
        }
        catch (Exception error)
        {
            // A fault of ours ends this connection, not the others. The message could hold what was sent: it is left out.
            TransportLog.SessionFailed(_logger, error.GetType().Name, error.StackTrace);
        }
        finally
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task ServeAsync(SessionFraming framing, bool isExact, Func<ModuleConnection, Task> serve)
    {
        using var connection = new ModuleConnection(module, () => new ModuleSession(module, framing, protocol) { HangsUpOnStrangers = isExact }, _limits, _logger);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = _connections.TryAdd(connection, ended.Task);
        try
        {
            if (!_stop.IsCancellationRequested)
                await serve(connection).ConfigureAwait(false);
        }
        finally
        {
            _ = _connections.TryRemove(connection, out _);
            ended.SetResult();
        }
    }
}
