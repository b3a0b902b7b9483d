using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using OpenSts.Dlms.Server;

namespace OpenSts.Dlms.Listening;

/// <summary>
/// Serves the connections of a listening socket by tasks of the thread pool: what works on every system, at two
/// hand-overs a request.
/// </summary>
internal sealed class TaskConnectionLoop : IConnectionLoop
{
    private readonly Socket _listener;
    private readonly Func<IServerSession> _open;
    private readonly TimeSpan _idleTimeout;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _places;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _accepting;
    private int _count;

    /// <summary>Begins to serve.</summary>
    /// <param name="listener">The listening socket; it is closed at the end.</param>
    /// <param name="open">A session for each connection.</param>
    /// <param name="maximumConnections">Further connections are closed at once.</param>
    /// <param name="idleTimeout">How long a connection stays open that neither sends nor takes its answers.</param>
    /// <param name="logger">Takes the exceptions of sessions.</param>
    public TaskConnectionLoop(Socket listener, Func<IServerSession> open, int maximumConnections, TimeSpan idleTimeout,
        ILogger logger)
    {
        _listener = listener;
        _open = open;
        _idleTimeout = idleTimeout;
        _logger = logger;
        _places = new SemaphoreSlim(maximumConnections);
        _accepting = AcceptAsync();
    }

    /// <inheritdoc/>
    public int Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        SpinWait wait = default;
        while (Count > 0 && wait.Count < 2000)
            wait.SpinOnce();
    }

    private async Task AcceptAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_ending.Token).ConfigureAwait(false);
                if (_places.Wait(0))
                    _ = ServeAsync(socket);
                else
                    socket.Dispose();
            }
            catch (SocketException)
            {
                // A connection that ended before it began, or no descriptor left: a moment later there may be one.
                await Task.Delay(20).ConfigureAwait(false);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        Interlocked.Increment(ref _count);
        try
        {
            socket.NoDelay = true;
            using var stream = new NetworkStream(socket, ownsSocket: true);
            using var session = _open();
            _ = await ServerPump.RunAsync(stream, session, _idleTimeout, _logger, _ending.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException
            or IOException { InnerException: SocketException })
        {
            ListenerEvents.ConnectionEnded(_logger, error.Message);
        }
        catch (Exception error)
        {
            ListenerEvents.SessionFailed(_logger, error);
        }
        finally
        {
            Interlocked.Decrement(ref _count);
            _places.Release();
        }
    }
}
