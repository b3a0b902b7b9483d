using System.Diagnostics;
using System.Net.Sockets;

namespace OpenSts.Cosem.Framing;

/// <summary>A TCP connection that has a thread of its own: that thread waits in the read itself, and looks a moment before it sleeps.</summary>
/// <remarks>
/// One request follows the other within some ten microseconds on a fast line. A reader that goes to sleep at once is woken over the event
/// loop and the thread pool, which costs several times the work of an answer. Reads of any other thread go that usual way.
/// </remarks>
/// <param name="socket">The connection; the stream owns it. Its time-outs are those of reads and writes.</param>
/// <param name="owner">The thread that may wait here.</param>
public sealed class AttentiveStream(Socket socket, Thread owner) : NetworkStream(socket, ownsSocket: true)
{
    // Of all readers one at a time looks; the others leave the processors to the work.
    private static readonly long LookFor = Stopwatch.Frequency / 20_000;
    private const int MostPassed = 16;
    private static int _looking;
    private int _missed;
    private int _toPass;

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Thread.CurrentThread != owner)
            return base.ReadAsync(buffer, cancellationToken);
        // Where looking was in vain it is done more seldom.
        if (_toPass > 0)
            _toPass--;
        else if (Interlocked.CompareExchange(ref _looking, 1, 0) == 0)
            _toPass = _missed = Look() ? 0 : Math.Min(_missed + 1, MostPassed);
        return new ValueTask<int>(Read(buffer.Span));
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Thread.CurrentThread != owner)
            return base.WriteAsync(buffer, cancellationToken);
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    private bool Look()
    {
        try
        {
            var end = Stopwatch.GetTimestamp() + LookFor;
            while (Socket.Available == 0)
            {
                if (Stopwatch.GetTimestamp() >= end)
                    return false;
                _ = Thread.Yield();
            }

            return true;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The read says the same, in the stream's own words.
            return true;
        }
        finally
        {
            Volatile.Write(ref _looking, 0);
        }
    }
}
