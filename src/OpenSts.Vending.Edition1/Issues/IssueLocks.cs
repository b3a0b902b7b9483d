namespace OpenSts.Vending.Issues;

/// <summary>One at a time for each id: two requests with one id in this process do not ask the module twice.</summary>
internal sealed class IssueLocks
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Waiting> _held = new(StringComparer.Ordinal);

    /// <summary>Waits until nobody else has the id; dispose lets it go.</summary>
    public async Task<IDisposable> EnterAsync(string id)
    {
        Waiting waiting;
        lock (_gate)
        {
            if (!_held.TryGetValue(id, out waiting!))
                _held.Add(id, waiting = new Waiting());
            waiting.Count++;
        }

        await waiting.Turn.WaitAsync().ConfigureAwait(false);
        return new Held(this, id, waiting);
    }

    private void Leave(string id, Waiting waiting)
    {
        _ = waiting.Turn.Release();
        lock (_gate)
        {
            if (--waiting.Count == 0)
                _ = _held.Remove(id);
        }
    }

    private sealed class Waiting
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public int Count { get; set; }
    }

    private sealed class Held(IssueLocks locks, string id, Waiting waiting) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                locks.Leave(id, waiting);
        }
    }
}
