using Microsoft.Extensions.Logging;

namespace OpenSts.Meter.Carriers.LocalPort;

/// <summary>Moves octets between a line and a meter's session at the local port.</summary>
public static partial class LocalPortPump
{
    /// <summary>Serves until the line closes or it is cancelled.</summary>
    /// <param name="line">The line.</param>
    /// <param name="session">The meter's session.</param>
    /// <param name="clock">Monotonic time.</param>
    /// <param name="replyDelay">How long an answer waits: 200 ms to 1500 ms on an optical head, zero on a
    /// network.</param>
    /// <param name="logger">Gets an error when a token could not be made durable: the meter has not accepted it, and
    /// the port goes on.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task ServeAsync(
        Stream line,
        LocalPortSession session,
        TimeProvider clock,
        TimeSpan replyDelay,
        ILogger logger,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(logger);
        var buffer = new byte[ControlCharacters.LongestMessage];
        var start = clock.GetTimestamp();
        while (await ReadAsync(line, buffer, logger, cancellation).ConfigureAwait(false) is > 0 and var length)
        {
            var reply = session.Receive(buffer.AsSpan(0, length), clock.GetElapsedTime(start));
            if (reply.Length > 0)
            {
                if (replyDelay > TimeSpan.Zero)
                    await Task.Delay(replyDelay, clock, cancellation).ConfigureAwait(false);
                await line.WriteAsync(reply, cancellation).ConfigureAwait(false);
                await line.FlushAsync(cancellation).ConfigureAwait(false);
            }

            try
            {
                _ = session.Work();
            }
            catch (IOException error)
            {
                LogNotDurable(logger, error);
            }
        }
    }

    private static async Task<int> ReadAsync(
        Stream line, byte[] buffer, ILogger logger, CancellationToken cancellation)
    {
        try
        {
            return await line.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // A pseudo-terminal whose other side closed reads as an error, and so does a connection that was cut.
            LogLineClosed(logger, error.Message);
            return 0;
        }
    }

    [LoggerMessage(1001, LogLevel.Error, "A token was not accepted: the meter's record could not be made durable")]
    private static partial void LogNotDurable(ILogger logger, Exception error);

    [LoggerMessage(1002, LogLevel.Debug, "The line closed: {Reason}")]
    private static partial void LogLineClosed(ILogger logger, string reason);
}
