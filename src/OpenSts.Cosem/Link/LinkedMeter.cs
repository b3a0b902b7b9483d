using System.Text.Json;
using OpenSts.Cosem.Meters;

namespace OpenSts.Cosem.Link;

/// <summary>
/// A meter in another process, over two streams of lines. One request at a time; others wait their turn without
/// holding a thread.
/// </summary>
public sealed class LinkedMeter : ICosemMeter, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly TextReader _responses;
    private readonly TextWriter _requests;
    private readonly TimeSpan _timeout;

    private LinkedMeter(TextReader responses, TextWriter requests, TimeSpan timeout)
    {
        (_responses, _requests, _timeout) = (responses, requests, timeout);
        Nameplate = null!;
    }

    /// <inheritdoc/>
    public MeterNameplate Nameplate { get; private set; }

    /// <summary>Asks the meter for its nameplate.</summary>
    /// <param name="responses">Lines from the meter.</param>
    /// <param name="requests">Lines to the meter.</param>
    /// <param name="timeout">The longest wait for one answer; 30 seconds where null.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="IOException">The meter's process has ended, does not answer in time, or sent something
    /// else.</exception>
    public static async Task<LinkedMeter> ConnectAsync(
        TextReader responses, TextWriter requests, TimeSpan? timeout = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(responses);
        ArgumentNullException.ThrowIfNull(requests);
        var meter = new LinkedMeter(responses, requests, timeout ?? TimeSpan.FromSeconds(30));
        try
        {
            var response = await meter.SendAsync(new LinkRequest(LinkOperation.Nameplate), cancellation)
                .ConfigureAwait(false);
            meter.Nameplate = (response.Nameplate ?? throw Incomplete()).ToNameplate();
            return meter;
        }
        catch
        {
            meter.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<MeterReading> ReadAsync(CancellationToken cancellation) =>
        ((await SendAsync(new LinkRequest(LinkOperation.Read), cancellation).ConfigureAwait(false)).Reading
            ?? throw Incomplete()).ToReading();

    /// <inheritdoc/>
    /// <remarks>The answer has the result only; what the token says is in the readings after it.</remarks>
    public async ValueTask<TokenVerdict> EnterAsync(TokenEntry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var request = new LinkRequest(LinkOperation.Enter)
        {
            Digits = entry.Digits,
            Received = entry.Received,
            Method = entry.Method,
        };
        return new TokenVerdict((await SendAsync(request, cancellation).ConfigureAwait(false)).Result
            ?? throw Incomplete(), null);
    }

    /// <inheritdoc/>
    public ValueTask<bool> SwitchAsync(bool connect, CancellationToken cancellation) =>
        DoAsync(new LinkRequest(LinkOperation.Switch) { Connect = connect }, cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> SetTimeAsync(DateTimeOffset time, CancellationToken cancellation) =>
        DoAsync(new LinkRequest(LinkOperation.SetTime) { Time = time }, cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> SetLowCreditThresholdAsync(long units, CancellationToken cancellation) =>
        DoAsync(new LinkRequest(LinkOperation.SetLowCreditThreshold) { Units = units }, cancellation);

    /// <summary>
    /// Asks for the nameplate again; false once the meter's process has ended. A meter that is busy counts as present.
    /// </summary>
    public async Task<bool> IsConnectedAsync(CancellationToken cancellation)
    {
        if (_turn.CurrentCount == 0)
            return true;
        try
        {
            return (await SendAsync(new LinkRequest(LinkOperation.Nameplate), cancellation).ConfigureAwait(false))
                .Nameplate is not null;
        }
        catch (IOException error)
        {
            return error.InnerException is TimeoutException;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async ValueTask<bool> DoAsync(LinkRequest request, CancellationToken cancellation) =>
        (await SendAsync(request, cancellation).ConfigureAwait(false)).IsDone ?? throw Incomplete();

    private async Task<LinkResponse> SendAsync(LinkRequest request, CancellationToken cancellation)
    {
        if (!await _turn.WaitAsync(_timeout, cancellation).ConfigureAwait(false))
            throw Late();
        // The exchange goes on when the caller stops waiting: its answer would otherwise be taken for that of the next
        // request.
        var exchange = ExchangeAsync(request);
        try
        {
            return await exchange.WaitAsync(_timeout, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw Late();
        }
    }

    private async Task<LinkResponse> ExchangeAsync(LinkRequest request)
    {
        try
        {
            await _requests.WriteLineAsync(JsonSerializer.Serialize(request, LinkContext.Default.LinkRequest))
                .ConfigureAwait(false);
            await _requests.FlushAsync().ConfigureAwait(false);
            var line = await _responses.ReadLineAsync().ConfigureAwait(false)
                ?? throw new IOException("the meter's process has ended");
            var response = JsonSerializer.Deserialize(line, LinkContext.Default.LinkResponse) ?? throw Incomplete();
            return response.Fault is null ? response : throw new IOException(response.Fault);
        }
        catch (JsonException)
        {
            throw Incomplete();
        }
        finally
        {
            _turn.Release();
        }
    }

    private static IOException Incomplete() => new("the meter's process sent an answer that does not fit the request");

    private static IOException Late() => new("the meter's process did not answer in time", new TimeoutException());
}
