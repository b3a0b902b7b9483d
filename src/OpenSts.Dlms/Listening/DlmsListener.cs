using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenSts.Dlms.Server;

namespace OpenSts.Dlms.Listening;

/// <summary>A server on a TCP port, with the wrapper or with HDLC.</summary>
public sealed class DlmsListener : IAsyncDisposable, IDisposable
{
    /// <summary>The port of DLMS/COSEM.</summary>
    public const int UsualPort = 4059;

    private readonly IConnectionLoop _serving;

    /// <summary>Listens.</summary>
    /// <param name="endpoint">Where; port 0 for any that is free.</param>
    /// <param name="open">A session for each connection.</param>
    /// <param name="maximumConnections">Further connections are closed at once.</param>
    /// <param name="idleTimeout">How long a connection without traffic stays open; three minutes where null.</param>
    /// <param name="logger">Takes the exceptions of sessions; none where null.</param>
    /// <exception cref="SocketException">The port cannot be had.</exception>
    /// <exception cref="IOException">The system has no descriptor left.</exception>
    public DlmsListener(IPEndPoint endpoint, Func<IServerSession> open, int maximumConnections = 4096,
        TimeSpan? idleTimeout = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        var listener = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(endpoint);
            listener.Listen();
            Endpoint = (IPEndPoint)listener.LocalEndPoint!;
            var limit = idleTimeout ?? TimeSpan.FromMinutes(3);
            var log = logger ?? NullLogger.Instance;
            _serving = OperatingSystem.IsLinux()
                ? new EpollConnectionLoop(listener, open, maximumConnections, limit, log)
                : new TaskConnectionLoop(listener, open, maximumConnections, limit, log);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>How many connections are open.</summary>
    public int Connections => _serving.Count;

    /// <summary>Ends every connection and stops listening.</summary>
    public ValueTask DisposeAsync() => _serving.DisposeAsync();

    /// <summary>Asks every connection to end and stops listening, without waiting for it.</summary>
    public void Dispose() => _ = _serving.DisposeAsync().AsTask();
}
