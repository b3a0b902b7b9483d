using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OpenSts.SecureStorage;

namespace OpenSts.SecurityModule.Transport;

/// <summary>
/// One host on a stream: reads requests while earlier answers wait for the disk, and sends answers in the order of the
/// requests.
/// </summary>
internal sealed class ModuleConnection(SoftwareSecurityModule module, Func<ModuleSession> newSession,
    ServerLimits limits, ILogger logger) : IDisposable
{
    private const int ReadRoom = 16 * 1024;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _stopReading = new();
    private long _heard = Environment.TickCount64;

    /// <summary>When the host was last heard, by <see cref="Environment.TickCount64"/>.</summary>
    public long Heard => Volatile.Read(ref _heard);

    /// <summary>Ends the connection from outside.</summary>
    public void Close()
    {
        StopReading();
        Cancel(_stop);
    }

    /// <summary>Takes no more requests; those that have arrived are answered, then the connection ends.</summary>
    public void StopReading() => Cancel(_stopReading);

    public void Dispose()
    {
        _stop.Dispose();
        _stopReading.Dispose();
    }

    /// <summary>Does what has to be done before the first request, within the time of a request.</summary>
    public async Task<T> InTimeAsync<T>(Func<CancellationToken, ValueTask<T>> work)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(limits.RequestTime);
        return await work(limit.Token).ConfigureAwait(false);
    }

    /// <summary>Serves until the host leaves, breaks off, is too slow, or the connection is closed.</summary>
    /// <param name="stream">The caller disposes it.</param>
    /// <param name="canWaitEmpty">True where a read of nothing waits for octets: then an idle host takes no
    /// buffer.</param>
    public async Task ServeAsync(Stream stream, bool canWaitEmpty)
    {
        var portions = Channel.CreateBounded<AnswerPortion>(
            new BoundedChannelOptions(limits.PortionsInFlight) { SingleReader = true, SingleWriter = true });
        var sending = SendAsync(stream, portions.Reader);
        try
        {
            await ReadAsync(stream, canWaitEmpty, portions.Writer).ConfigureAwait(false);
        }
        catch (Exception error) when (IsTheOtherSide(error))
        {
            // The host left, or was too slow.
        }
        finally
        {
            _ = portions.Writer.TryComplete();
            await sending.ConfigureAwait(false);
        }
    }

    private static bool IsTheOtherSide(Exception error) =>
        error is IOException or SocketException or OperationCanceledException or ObjectDisposedException
            or ChannelClosedException;

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The connection ended by itself meanwhile.
        }
    }

    private async Task ReadAsync(Stream stream, bool canWaitEmpty, ChannelWriter<AnswerPortion> portions)
    {
        using var timeout = new OperationTimeout(limits.RequestTime, _stopReading.Token);
        ModuleSession? session = null;
        var begun = 0L;
        while (true)
        {
            var cancellation = _stopReading.Token;
            if (session is { IsInsideRequest: true })
            {
                var left = limits.RequestTime - TimeSpan.FromMilliseconds(Environment.TickCount64 - begun);
                if (left <= TimeSpan.Zero)
                    return;
                cancellation = timeout.Start(left);
            }

            if (canWaitEmpty)
                _ = await stream.ReadAsync(Memory<byte>.Empty, cancellation).ConfigureAwait(false);
            var octets = ArrayPool<byte>.Shared.Rent(ReadRoom);
            AnswerPortion? portion = null;
            try
            {
                var read = await stream.ReadAsync(octets, cancellation).ConfigureAwait(false);
                if (read == 0)
                    return;
                timeout.Stop();
                Volatile.Write(ref _heard, Environment.TickCount64);
                session ??= newSession();
                var wasInside = session.IsInsideRequest;
                portion = new AnswerPortion();
                portion.Entry = session.Receive(octets.AsSpan(0, read), portion);
                if (!wasInside || portion.Octets.Length > 0)
                    begun = Environment.TickCount64;
            }
            catch
            {
                portion?.Dispose();
                throw;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(octets, clearArray: false);
            }

            if (portion.Octets.Length == 0)
                portion.Dispose();
            else if (!portions.TryWrite(portion))
                await WriteAsync(portions, portion).ConfigureAwait(false);
            if (session.IsOver)
                return;
        }
    }

    private async Task WriteAsync(ChannelWriter<AnswerPortion> portions, AnswerPortion portion)
    {
        try
        {
            await portions.WriteAsync(portion, _stop.Token).ConfigureAwait(false);
        }
        catch
        {
            portion.Dispose();
            throw;
        }
    }

    private async Task SendAsync(Stream stream, ChannelReader<AnswerPortion> portions)
    {
        using var timeout = new OperationTimeout(limits.AnswerTime, _stop.Token);
        try
        {
            while (await portions.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
            {
                while (portions.TryRead(out var portion))
                {
                    using (portion)
                    {
                        if (portion.Entry != 0)
                            await module.WhenDurableAsync(portion.Entry).ConfigureAwait(false);
                        await stream.WriteAsync(portion.Octets, timeout.Start(limits.AnswerTime))
                            .ConfigureAwait(false);
                        timeout.Stop();
                    }
                }
            }
        }
        catch (Exception error) when (IsTheOtherSide(error) || error is StorageException)
        {
            // What was issued and is not durable is not answered: the host sees the connection end, and the next
            // request that the module failed.
            if (error is StorageException)
                TransportLog.LogBroken(logger, error.Message);
            Close();
        }
        finally
        {
            while (portions.TryRead(out var portion))
                portion.Dispose();
        }
    }
}
