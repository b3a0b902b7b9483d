namespace OpenSts.SecurityModule.Transport;

/// <summary>A limit of time for one operation after the other, without a timer of its own for each.</summary>
internal sealed class OperationTimeout(TimeSpan usual, CancellationToken outer) : IDisposable
{
    private CancellationTokenSource? _limit;

    /// <summary>A token that is cancelled after that time, or with the outer one.</summary>
    public CancellationToken Start(TimeSpan time)
    {
        _limit ??= CancellationTokenSource.CreateLinkedTokenSource(outer);
        _limit.CancelAfter(time < usual ? time : usual);
        return _limit.Token;
    }

    /// <summary>The operation ended in time.</summary>
    public void Stop()
    {
        if (_limit is null || _limit.TryReset())
            return;
        // A source linked to another one cannot be used again on every runtime; a spent one never.
        _limit.Dispose();
        _limit = null;
    }

    public void Dispose() => _limit?.Dispose();
}
