namespace OpenSts.Vending.Data.Vends;

/// <summary>Requests that arrive while a batch commits form the next batch.</summary>
/// <param name="commit">Does the work of a batch and completes each of its requests; it throws nothing.</param>
/// <param name="most">The most requests of a batch.</param>
internal sealed class GroupCommit<T>(Func<IReadOnlyList<T>, Task> commit, int most)
{
    private readonly Lock _lock = new();
    private List<T> _waiting = [];
    private bool _busy;

    /// <summary>Adds a request; it is done at once where no batch is under way, otherwise with the next.</summary>
    public void Add(T item)
    {
        lock (_lock)
        {
            _waiting.Add(item);
            if (_busy)
                return;
            _busy = true;
        }

        _ = Task.Run(WorkAsync);
    }

    private async Task WorkAsync()
    {
        while (Take() is { Count: > 0 } batch)
            await commit(batch).ConfigureAwait(false);
    }

    private List<T> Take()
    {
        lock (_lock)
        {
            var batch = _waiting.Count <= most ? _waiting : _waiting.GetRange(0, most);
            _waiting = _waiting.Count <= most ? [] : _waiting.GetRange(most, _waiting.Count - most);
            _busy = batch.Count > 0;
            return batch;
        }
    }
}
