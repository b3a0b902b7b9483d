using System.Buffers;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Listening;

/// <summary>Moves octets between a stream and a session.</summary>
public static class ServerPump
{
    private const int BufferOctets = 1024;

    /// <summary>Serves until the stream ends, the session gives up, or nothing has come for too long.</summary>
    /// <param name="stream">The stream; stays the caller's.</param>
    /// <param name="session">The session; stays the caller's.</param>
    /// <param name="timeout">How long a silence, or a peer that does not take its answers, is borne.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="IOException">The stream failed, or a counter could not be kept.</exception>
    public static async Task RunAsync(Stream stream, IServerSession session, TimeSpan timeout, CancellationToken cancellation)
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
                timer.CancelAfter(timeout);
                var count = await stream.ReadAsync(buffer, timer.Token).ConfigureAwait(false);
                if (count == 0)
                    return;
                answer.Clear();
                var goesOn = await session.ReceiveAsync(buffer.AsMemory(0, count), answer, cancellation).ConfigureAwait(false);
                if (answer.Length > 0)
                    await stream.WriteAsync(answer.WrittenMemory, timer.Token).ConfigureAwait(false);
                if (!goesOn)
                    return;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Nobody there any more.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }
}
