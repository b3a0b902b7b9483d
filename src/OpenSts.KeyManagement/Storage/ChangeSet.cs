using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OpenSts.KeyManagement.Records;

namespace OpenSts.KeyManagement.Storage;

/// <summary>A kind of record: its name in the store, its id and its form.</summary>
internal sealed record RecordKind<T>(string Name, Func<T, string> IdOf, JsonTypeInfo<T> Form)
    where T : class;

/// <summary>All kinds of records.</summary>
internal static class RecordKinds
{
    public static readonly RecordKind<CentreIdentity> Identity =
        new("identity", _ => "self", RecordJson.Default.CentreIdentity);
    public static readonly RecordKind<CentreKey> CentreKeys =
        new("centrekey", key => FormattableString.Invariant($"{key.Sequence:D4}"), RecordJson.Default.CentreKey);
    public static readonly RecordKind<Officer> Officers =
        new("officer", officer => officer.Name, RecordJson.Default.Officer);
    public static readonly RecordKind<SgcUser> Users = new("user", user => user.Id, RecordJson.Default.SgcUser);
    public static readonly RecordKind<SupplyGroup> Groups =
        new("group", group => group.Code, RecordJson.Default.SupplyGroup);
    public static readonly RecordKind<CentreVendingKey> Keys =
        new("key", key => key.Id, RecordJson.Default.CentreVendingKey);
    public static readonly RecordKind<RegisteredModule> Modules =
        new("module", module => module.Id, RecordJson.Default.RegisteredModule);
    public static readonly RecordKind<Authorisation> Authorisations =
        new("authorisation", authorisation => authorisation.Id, RecordJson.Default.Authorisation);
    public static readonly RecordKind<LoadFile> Files = new("file", file => file.Id, RecordJson.Default.LoadFile);
    public static readonly RecordKind<SourceCentre> Sources =
        new("sender", sender => sender.Kmcid, RecordJson.Default.SourceCentre);
    public static readonly RecordKind<PendingChange> Changes =
        new("change", change => FormattableString.Invariant($"{change.Number:D6}"), RecordJson.Default.PendingChange);
    public static readonly RecordKind<KeySealing> Sealing = new("sealing", _ => "self", RecordJson.Default.KeySealing);

    /// <summary>Reads a record's JSON; null where its kind is of another edition.</summary>
    public static object? Read(string kind, string body)
    {
        object? As<T>(RecordKind<T> known)
            where T : class => known.Name == kind ? JsonSerializer.Deserialize(body, known.Form) : null;

        return As(Identity) ?? As(CentreKeys) ?? As(Officers) ?? As(Users) ?? As(Groups) ?? As(Keys) ?? As(Modules)
            ?? As(Authorisations) ?? As(Files) ?? As(Sources) ?? As(Changes) ?? As(Sealing);
    }
}

/// <summary>
/// The records as they will be after a change; nothing of it is in the store before it is committed.
/// </summary>
internal sealed class ChangeSet(RecordSet records)
{
    private readonly Dictionary<(string Kind, string Id), (object Value, string Body)> _written = [];

    public IEnumerable<(string Kind, string Id, object Value, string Body)> Written =>
        _written.Select(entry => (entry.Key.Kind, entry.Key.Id, entry.Value.Value, entry.Value.Body));

    public T? Find<T>(RecordKind<T> kind, string id)
        where T : class =>
            _written.TryGetValue((kind.Name, id), out var written) ? (T)written.Value : records.Find(kind, id);

    public IEnumerable<T> All<T>(RecordKind<T> kind)
        where T : class
    {
        foreach (var record in records.All(kind))
            yield return _written.TryGetValue((kind.Name, kind.IdOf(record)), out var written) ? (T)written.Value
                : record;
        foreach (var ((name, id), written) in _written)
        {
            if (name == kind.Name && records.Find(kind, id) is null)
                yield return (T)written.Value;
        }
    }

    public void Put<T>(RecordKind<T> kind, T record)
        where T : class =>
            _written[(kind.Name, kind.IdOf(record))] = (record, JsonSerializer.Serialize(record, kind.Form));
}
