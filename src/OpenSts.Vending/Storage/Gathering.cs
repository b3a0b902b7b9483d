namespace OpenSts.Vending.Storage;

/// <summary>Gathers what comes while the store is busy and hands it over together: one commit for many.</summary>
/// <param name="commit">Does the work of some items; it is called for one group at a time and throws nothing.</param>
/// <param name="most">The most items of a group.</param>
internal sealed class Gathering<T>(Action<IReadOnlyList<T>> commit, int most)
{
    private readonly Lock _gate = new();
    private List<T> _waiting = [];
    private bool _busy;

    /// <summary>Adds an item; it is handed over at once where nothing is on its way, and otherwise with the next group.</summary>
    public void Add(T item)
    {
        lock (_gate)
        {
            _waiting.Add(item);
            if (_busy)
                return;
            _busy = true;
        }

        _ = ThreadPool.UnsafeQueueUserWorkItem(_ => Work(), null);
    }

    private void Work()
    {
        while (Take() is { Count: > 0 } group)
            commit(group);
    }

    private List<T> Take()
    {
        lock (_gate)
        {
            var group = _waiting.Count <= most ? _waiting : _waiting.GetRange(0, most);
            _waiting = _waiting.Count <= most ? [] : _waiting.GetRange(most, _waiting.Count - most);
            _busy = group.Count > 0;
            return group;
        }
    }
}
