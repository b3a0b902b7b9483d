namespace OpenSts.Vending.Storage;

/// <summary>Tells those who waited for a group.</summary>
internal static class Gathering
{
    private const int Together = 16;

    /// <summary>Tells some of them after each other on one thread of the pool, so that not each wakes a thread for the little it does before it waits again.</summary>
    /// <param name="items">The group.</param>
    /// <param name="tell">Completes what an item's owner waits for, and goes on with the owner's work until it waits again.</param>
    public static void Tell<T>(IReadOnlyList<T> items, Action<T> tell)
    {
        foreach (var part in items.Chunk(Together))
        {
            _ = ThreadPool.UnsafeQueueUserWorkItem(_ =>
            {
                foreach (var item in part)
                    tell(item);
            }, null);
        }
    }
}

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
