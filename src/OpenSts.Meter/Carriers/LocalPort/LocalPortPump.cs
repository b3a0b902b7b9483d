namespace OpenSts.Meter.Carriers.LocalPort;

/// <summary>Moves octets between a line and a meter's port.</summary>
public static class LocalPortPump
{
    /// <summary>Serves until the line closes or is told to stop.</summary>
    /// <param name="line">The line.</param>
    /// <param name="server">The session.</param>
    /// <param name="clock">Monotonic time.</param>
    /// <param name="replyDelay">How long an answer waits: 200 ms to 1500 ms on an optical head, zero on a network.</param>
    /// <param name="report">Told when a token could not be made durable; the meter then has not accepted it and the port goes on.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task ServeAsync(Stream line, LocalPortSession server, TimeProvider clock, TimeSpan replyDelay, Action<IOException> report, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(report);
        var buffer = new byte[ControlCharacters.Longest];
        var start = clock.GetTimestamp();
        while (await ReadAsync(line, buffer, stop).ConfigureAwait(false) is > 0 and var length)
        {
            var reply = server.Receive(buffer.AsSpan(0, length), clock.GetElapsedTime(start));
            if (reply.Length > 0)
            {
                if (replyDelay > TimeSpan.Zero)
                    await Task.Delay(replyDelay, clock, stop).ConfigureAwait(false);
                await line.WriteAsync(reply, stop).ConfigureAwait(false);
                await line.FlushAsync(stop).ConfigureAwait(false);
            }

            try
            {
                _ = server.Work();
            }
            catch (IOException error)
            {
                report(error);
            }
        }
    }

    private static async Task<int> ReadAsync(Stream line, byte[] buffer, CancellationToken stop)
    {
        try
        {
            return await line.ReadAsync(buffer, stop).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // A pseudo-terminal whose other side closed reads as an error, a connection that was cut too: the line is gone.
            return 0;
        }
    }
}
