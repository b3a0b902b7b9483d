using System.Net;
using System.Net.Sockets;

namespace OpenSts.SystemTests.Vending;

/// <summary>What a faulty line does with a connection.</summary>
public enum LineFate
{
    Pass,

    /// <summary>Closed before anything goes on.</summary>
    CloseAtOnce,

    /// <summary>The request arrives; its answer does not.</summary>
    SwallowAnswer,

    /// <summary>The answer breaks off in its middle.</summary>
    HalfAnswer,

    /// <summary>The request arrives; then there is silence.</summary>
    Silence,

    /// <summary>A proxy's own page comes in place of the answer; the request arrived.</summary>
    StrangersPage,
}

/// <summary>A line between client and server that loses answers: each connection has a fate.</summary>
internal sealed class FaultyLine : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _server;
    private readonly Func<LineFate> _fate;
    private readonly CancellationTokenSource _stop = new();

    public FaultyLine(Uri server, Func<LineFate> fate)
    {
        (_server, _fate) = (server, fate);
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var stop = _stop.Token;
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(stop), _fate(), stop);
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client, LineFate fate, CancellationToken stop)
    {
        try
        {
            using (client)
            {
                if (fate == LineFate.CloseAtOnce)
                    return;
                using var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, _server.Port, stop);
                var up = client.GetStream().CopyToAsync(server.GetStream(), stop);
                await AnswerAsync(server.GetStream(), client.GetStream(), fate, stop);
                // Disposing both ends the other direction.
                _ = up.ContinueWith(done => done.Exception, TaskScheduler.Default);
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private static async Task AnswerAsync(Stream from, Stream to, LineFate fate, CancellationToken stop)
    {
        if (fate == LineFate.Pass)
        {
            await from.CopyToAsync(to, stop);
            return;
        }

        var chunk = new byte[8192];
        var count = await from.ReadAsync(chunk, stop);
        if (fate == LineFate.HalfAnswer)
            await to.WriteAsync(chunk.AsMemory(0, count * 2 / 3), stop);
        else if (fate == LineFate.StrangersPage)
            await to.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 9\r\nConnection: close\r\n\r\n<p>gone.\n"u8.ToArray(), stop);
        else if (fate == LineFate.Silence)
            await Task.Delay(Timeout.Infinite, stop);
    }
}
