
namespace OpenSts.KeyManagement.Storage;

/// <summary>Records in memory: by kind and id, and all of a kind in the order of their ids.</summary>
internal sealed class RecordSet
{
    private readonly Dictionary<string, SortedDictionary<string, object>> _byKind = new(StringComparer.Ordinal);

    public T? Find<T>(RecordKind<T> kind, string id)
        where T : class => _byKind.TryGetValue(kind.Name, out var records) ? (T?)records.GetValueOrDefault(id) : null;

    public IEnumerable<T> All<T>(RecordKind<T> kind)
        where T : class => _byKind.TryGetValue(kind.Name, out var records) ? records.Values.Cast<T>() : [];

    /// <summary>Adds a record or puts it in the place of the one with its id.</summary>
    public void Keep(string kind, string id, object value)
    {
        if (!_byKind.TryGetValue(kind, out var records))
            _byKind[kind] = records = new SortedDictionary<string, object>(StringComparer.Ordinal);
        records[id] = value;
    }
}
