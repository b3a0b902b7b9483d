using System.Net;
using System.Net.Sockets;
using OpenSts.Cosem.Framing;

namespace OpenSts.Cosem.Server;

/// <summary>A server on a TCP port, with the wrapper or with HDLC.</summary>
public sealed class CosemListener : IAsyncDisposable
{
    /// <summary>The port of DLMS/COSEM.</summary>
    public const int UsualPort = 4059;

    // A connection that is alone waits in the read itself. With more of them the pool is faster: one wake-up serves several (bench/results/2026-11-21-cosem.md).
    private const int OwnThreads = 1;
    private readonly TcpListener _listener;
    private readonly Func<IServerSession> _open;
    private readonly TimeSpan _patience;
    private readonly SemaphoreSlim _places;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _accepting;
    private readonly ServingThreads _threads = new(OwnThreads);

    /// <summary>Listens.</summary>
    /// <param name="endpoint">Where; port 0 for any that is free.</param>
    /// <param name="open">A session for each connection.</param>
    /// <param name="maximumConnections">Further connections are closed at once.</param>
    /// <param name="patience">How long a silence is borne; three minutes where null.</param>
    /// <exception cref="SocketException">The port cannot be had.</exception>
    public CosemListener(IPEndPoint endpoint, Func<IServerSession> open, int maximumConnections = 4096, TimeSpan? patience = null)
    {
        _open = open;
        _patience = patience ?? TimeSpan.FromMinutes(3);
        _places = new SemaphoreSlim(maximumConnections);
        _listener = new TcpListener(endpoint);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>How many connections are open.</summary>
    public int Connections => _connections;

    /// <summary>Ends every connection and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        _listener.Stop();
        await _accepting.ConfigureAwait(false);
        SpinWait wait = default;
        while (Volatile.Read(ref _connections) > 0 && wait.Count < 2000)
            wait.SpinOnce();
        _listener.Dispose();
        _threads.Dispose();
    }

    private int _connections;

    private async Task AcceptAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptSocketAsync(_ending.Token).ConfigureAwait(false);
                if (!_places.Wait(0))
                    socket.Dispose();
                else if (!_threads.TryRun(thread => ServeAsync(socket, thread)))
                    _ = ServeAsync(socket, null);
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

    private async Task ServeAsync(Socket socket, Thread? thread)
    {
        Interlocked.Increment(ref _connections);
        try
        {
            socket.NoDelay = true;
            using var stream = thread is null ? new NetworkStream(socket, ownsSocket: true) : Attentive(socket, thread);
            using var ended = _ending.Token.UnsafeRegister(open => ((Socket)open!).Dispose(), socket);
            using var session = _open();
            await ServerPump.RunAsync(stream, session, _patience, _ending.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of one connection is no matter of the others.
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
            _places.Release();
        }
    }

    private AttentiveStream Attentive(Socket socket, Thread thread)
    {
        socket.ReceiveTimeout = socket.SendTimeout = _patience == Timeout.InfiniteTimeSpan ? 0 : (int)_patience.TotalMilliseconds;
        return new AttentiveStream(socket, thread);
    }
}
