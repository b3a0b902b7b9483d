using System.Diagnostics;
using System.Net.Sockets;

namespace OpenSts.Cli.Bench;

/// <summary>
/// A TCP connection that is used by one thread. Reads of that thread block; while it is the only open connection of
/// the process, a read polls the socket for 50 microseconds before it blocks.
/// </summary>
/// <remarks>
/// The server of this machine answers within some ten microseconds. To wake a blocked thread, or a continuation on the
/// thread pool, takes several times as long, and the benchmark would measure that instead of the server. Reads of any
/// other thread are asynchronous as usual.
/// </remarks>
internal sealed class PollingStream : NetworkStream
{
    private const int MaximumSkipped = 16;
    private static readonly long PollTime = Stopwatch.Frequency / 20_000;
    private static int _openCount;
    private readonly Thread _owner;
    private int _failedPolls;
    private int _pollsToSkip;
    private bool _isClosed;

    /// <summary>A connection.</summary>
    /// <param name="socket">The stream disposes it. Its timeouts apply to reads and writes.</param>
    /// <param name="owner">The thread whose reads and writes block.</param>
    public PollingStream(Socket socket, Thread owner)
        : base(socket, ownsSocket: true)
    {
        _owner = owner;
        Interlocked.Increment(ref _openCount);
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Thread.CurrentThread != _owner)
            return base.ReadAsync(buffer, cancellationToken);
        // Several polling threads would take the processors from the server. After a failed poll, polls are skipped.
        if (_pollsToSkip > 0)
            _pollsToSkip--;
        else if (Volatile.Read(ref _openCount) == 1)
            _pollsToSkip = _failedPolls = TryPoll(Socket) ? 0 : Math.Min(_failedPolls + 1, MaximumSkipped);
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
            Interlocked.Decrement(ref _openCount);
        _isClosed = true;
        base.Dispose(disposing);
    }

    /// <summary>Polls a socket for 50 microseconds; false where nothing was received.</summary>
    public static bool TryPoll(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        try
        {
            var end = Stopwatch.GetTimestamp() + PollTime;
            while (socket.Available == 0)
            {
                if (Stopwatch.GetTimestamp() >= end)
                    return false;
                _ = Thread.Yield();
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The read that follows throws the stream's own exception.
        }

        return true;
    }
}
