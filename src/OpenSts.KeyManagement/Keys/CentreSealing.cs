using OpenSts.KeyManagement.Groups;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;
using OpenSts.Pkcs11;

namespace OpenSts.KeyManagement.Keys;

/// <summary>
/// What seals the centre's keys: the master key alone, or over it a key that never leaves a PKCS#11 token.
/// </summary>
/// <remarks>
/// With a token, whoever takes the database and everything that opens it still has no key without the token; and no
/// key of the token is ever in this process. A key that is being put into a file is: it is opened for that file and
/// cleared.
/// </remarks>
public sealed class CentreSealing
{
    private readonly CentreContext _centre;
    private readonly CentreStore _store;

    internal CentreSealing(CentreContext centre) => (_centre, _store) = (centre, centre.Store);

    /// <summary>The name of the token's key; null where the master key alone seals.</summary>
    public string? TokenKey => _store.Sealing?.TokenKey;

    /// <summary>Seals every key anew with a token's key, in one step. Both officers are present.</summary>
    /// <param name="first">An officer.</param>
    /// <param name="second">Another.</param>
    /// <param name="token">Stays open as long as the centre.</param>
    /// <param name="name">The key's name on the token; it is made there where there is none.</param>
    /// <returns>How many keys were sealed.</returns>
    /// <remarks>An older copy of the database is sealed as it was.</remarks>
    /// <exception cref="TokenException">The token failed; nothing was changed.</exception>
    public CentreAnswer<int> ByToken(OfficerKey first, OfficerKey second, Pkcs11Token token, string name) =>
        RefusalException.Catch(() =>
    {
        ArgumentNullException.ThrowIfNull(token);
        var actors = _centre.RequireTwo(first, second);
        FieldRules.RequireText("name of the key", name);
        if (TokenKey is { } present)
            throw new RefusalException(CentreVerdict.Exists,
                $"the keys are sealed by the token's key '{present}'; seal them by the master key first");
        var seal = _store.NewSeal(token, name);
        return Reseal(actors, new KeySealing { TokenKey = name, Probe = seal.Probe() }, seal, seal.Wrap);
    });

    /// <summary>
    /// Seals every key anew with the master key alone, in one step. Both officers are present, and so is the token.
    /// </summary>
    public CentreAnswer<int> ByMasterKey(OfficerKey first, OfficerKey second) => RefusalException.Catch(() =>
    {
        var actors = _centre.RequireTwo(first, second);
        if (TokenKey is null)
            throw new RefusalException(CentreVerdict.Exists, "the keys are sealed by the master key alone");
        return Reseal(actors, new KeySealing { TokenKey = "", Probe = "" }, null, _store.WrapByMaster);
    });

    private delegate string Wrapping(ReadOnlySpan<byte> key, string binding);

    private int Reseal(string actors, KeySealing sealing, TokenSeal? seal, Wrapping wrap)
    {
        var count = 0;
        string Again(string wrapped, string binding)
        {
            using var key = _store.Unwrap(wrapped, binding);
            count++;
            using var lease = key.Lease();
            return wrap(lease.Span, binding);
        }

        _store.Reseal(actors, seal is null ? "keys sealed by the master key alone"
            : $"keys sealed by key '{sealing.TokenKey}' of a token", seal, changes =>
        {
            changes.Put(RecordKinds.Sealing, sealing);
            var identity = _centre.Identity;
            changes.Put(RecordKinds.Identity,
                identity with { Wrapped = Again(identity.Wrapped, CentreContext.ReceiverBinding(identity.Kmcid)) });
            foreach (var key in _store.All(RecordKinds.Keys).Where(key => key.Wrapped.Length > 0))
                changes.Put(RecordKinds.Keys, key with { Wrapped = Again(key.Wrapped, key.Binding) });
            foreach (var key in _store.All(RecordKinds.CentreKeys))
                changes.Put(RecordKinds.CentreKeys,
                    key with { Wrapped = Again(key.Wrapped, AgreementKeys.BindingOf(key)) });
            foreach (var sender in _store.All(RecordKinds.Sources).Where(sender => sender.Wrapped.Length > 0))
                changes.Put(RecordKinds.Sources,
                    sender with { Wrapped = Again(sender.Wrapped, GroupExchange.RequestBinding(sender.Request)) });
        });
        return count;
    }
}
