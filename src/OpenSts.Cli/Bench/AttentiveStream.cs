using System.Diagnostics;
using System.Net.Sockets;

namespace OpenSts.Cli.Bench;

/// <summary>
/// A TCP connection that has a thread of its own: that thread waits in the read itself, and while it is the only one
/// it looks a moment before it sleeps.
/// </summary>
/// <remarks>
/// One request follows the other within some ten microseconds on a fast line. A reader that goes to sleep at once is
/// woken over the event loop and the thread pool, which costs several times the work of an answer. Reads of any other
/// thread go that usual way.
/// </remarks>
internal sealed class AttentiveStream : NetworkStream
{
    private const int MostPassed = 16;
    private static readonly long LookFor = Stopwatch.Frequency / 20_000;
    private static int _open;
    private readonly Thread _owner;
    private int _missed;
    private int _toPass;
    private bool _isClosed;

    /// <summary>A connection.</summary>
    /// <param name="socket">The stream owns it. Its time-outs are those of reads and writes.</param>
    /// <param name="owner">The thread that may wait here.</param>
    public AttentiveStream(Socket socket, Thread owner)
        : base(socket, ownsSocket: true)
    {
        _owner = owner;
        Interlocked.Increment(ref _open);
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Thread.CurrentThread != _owner)
            return base.ReadAsync(buffer, cancellationToken);
        // Several would take the processors from the work. And where looking was in vain it is done more seldom.
        if (_toPass > 0)
            _toPass--;
        else if (Volatile.Read(ref _open) == 1)
            _toPass = _missed = Look(Socket) ? 0 : Math.Min(_missed + 1, MostPassed);
        return new ValueTask<int>(Read(buffer.Span));
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Thread.CurrentThread != _owner)
            return base.WriteAsync(buffer, cancellationToken);
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!_isClosed)
            Interlocked.Decrement(ref _open);
        _isClosed = true;
        base.Dispose(disposing);
    }

    /// <summary>Looks a moment; false where nothing came.</summary>
    public static bool Look(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        try
        {
            var end = Stopwatch.GetTimestamp() + LookFor;
            while (socket.Available == 0)
            {
                if (Stopwatch.GetTimestamp() >= end)
                    return false;
                _ = Thread.Yield();
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The read says the same, in the stream's own words.
        }

        return true;
    }
}
