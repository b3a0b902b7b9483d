using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Documents;

/// <summary>A resource with the number of its version, which is its ETag.</summary>
/// <param name="Id">Its identity within its kind.</param>
/// <param name="Version">1 for the first, one more for every change.</param>
/// <param name="Value">The resource.</param>
public sealed record Versioned<T>(string Id, long Version, T Value);

/// <summary>The small resources that are looked up by identity: supply groups, tariffs, vendors, operators and the like.</summary>
/// <typeparam name="T">The resource.</typeparam>
public sealed class DocumentTable<T>(string kind)
    where T : class
{
    /// <summary>The resource, or null.</summary>
    public Versioned<T>? Find(IStoreSession session, string id)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.First("SELECT id, version, body FROM documents WHERE kind = $1 AND id = $2", Read, kind, id);
    }

    /// <summary>Up to <paramref name="count"/> resources behind an identity, in the order of identities.</summary>
    public List<Versioned<T>> List(IStoreSession session, string after = "", int count = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Query("SELECT id, version, body FROM documents WHERE kind = $1 AND id > $2 ORDER BY id LIMIT $3", Read, kind, after, count);
    }

    /// <summary>Adds a resource; false where the identity is taken.</summary>
    public bool TryAdd(IStoreSession session, string id, T value)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Execute("INSERT INTO documents (kind, id, version, body) VALUES ($1, $2, 1, $3) ON CONFLICT DO NOTHING", kind, id, StoredJson.Write(value)) == 1;
    }

    /// <summary>Replaces a resource; false where its version is not that one any more.</summary>
    public bool TryReplace(IStoreSession session, string id, long version, T value)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Execute("UPDATE documents SET version = version + 1, body = $4 WHERE kind = $1 AND id = $2 AND version = $3",
            kind, id, version, StoredJson.Write(value)) == 1;
    }

    /// <summary>Removes a resource; false where there is none.</summary>
    public bool Remove(IStoreSession session, string id)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Execute("DELETE FROM documents WHERE kind = $1 AND id = $2", kind, id) == 1;
    }

    private static Versioned<T> Read(ISqlRow row) => new(row.Text(0), row.Number(1), StoredJson.Read<T>(row.Text(2)));
}
