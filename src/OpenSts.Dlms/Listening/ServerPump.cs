using System.Buffers;
using Microsoft.Extensions.Logging;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Listening;

/// <summary>Moves octets between a stream and a session.</summary>
public static class ServerPump
{
    private const int BufferOctets = 1024;

    /// <summary>Serves until the stream ends, the session ends or fails, or the stream is idle for too long.</summary>
    /// <param name="stream">The stream; stays the caller's.</param>
    /// <param name="session">The session; stays the caller's.</param>
    /// <param name="idleTimeout">How long the stream may be idle, or not take its answers.</param>
    /// <param name="logger">Takes the exception of a session.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>True where the session ended or failed and the stream can serve another one; false where the stream
    /// ended or was idle.</returns>
    /// <exception cref="IOException">The stream failed.</exception>
    public static async Task<bool> RunAsync(Stream stream, IServerSession session, TimeSpan idleTimeout,
        ILogger logger, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(session);
        var answer = new WireWriter();
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferOctets);
        try
        {
            while (true)
            {
                timer.CancelAfter(idleTimeout);
                var count = await stream.ReadAsync(buffer, timer.Token).ConfigureAwait(false);
                if (count == 0)
                    return false;
                answer.Clear();
                bool goesOn;
                try
                {
                    goesOn = await session.ReceiveAsync(buffer.AsMemory(0, count), answer, cancellation)
                        .ConfigureAwait(false);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    ListenerEvents.SessionFailed(logger, error);
                    return true;
                }

                if (answer.Length > 0)
                    await stream.WriteAsync(answer.WrittenMemory, timer.Token).ConfigureAwait(false);
                if (!goesOn)
                    return true;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }
}
