using System.Globalization;
using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Groups;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement.Modules;

/// <summary>Which keys go into a module's file, and what their cards say. What is not here is revoked there.</summary>
internal static class LoadFileContent
{
    /// <summary>Keys with their cards, in the order of their ids.</summary>
    public static List<(CentreVendingKey Key, KeyCard Card)> Of(
        CentreContext centre, ChangeSet changes, RegisteredModule module, IEnumerable<Authorisation> authorisations,
        LoadFile? last) =>
        module.Kind == ModuleKind.Centre ? ForCentre(centre, changes, authorisations)
            : ForModule(centre, changes, module, authorisations, last);

    private static List<(CentreVendingKey Key, KeyCard Card)> ForModule(
        CentreContext centre, ChangeSet changes, RegisteredModule module, IEnumerable<Authorisation> authorisations,
        LoadFile? last)
    {
        var now = centre.Now;
        var before = last?.EndsByKey() ?? [];
        var entries = new SortedDictionary<string, (CentreVendingKey, KeyCard)>(StringComparer.Ordinal);
        bool IsActive(string user) => changes.Find(RecordKinds.Users, user)!.State == UserState.Active;

        // For a suspended user nothing is new and nothing is renewed: what was in the module's last file stays, with
        // the date of issue it had there.
        void Add(CentreVendingKey key, SupplyGroup group, KeyCard card)
        {
            if (IsActive(group.Owner) && IsActive(module.Owner))
                entries[key.Id] = (key, card);
            else if (before.TryGetValue(key.Id, out var end))
                entries[key.Id] = (key, card with { IssuedUntil = end < card.IssuedUntil ? end : card.IssuedUntil });
        }

        foreach (var authorisation in authorisations)
        {
            if (changes.Find(RecordKinds.Keys, authorisation.Subject) is { } key && IsServed(key, now)
                && IsFor(key, module) && changes.Find(RecordKinds.Groups, key.Sgc) is { } group)
                Add(key, group, CardOf(key, group, module, authorisation, now));
        }

        // A meter can be built before its utility is known: every module of the cluster holds the universal default
        // key.
        foreach (var group in changes.All(RecordKinds.Groups).Where(group => group.UniversalDefault))
        {
            foreach (var key in changes.All(RecordKinds.Keys)
                .Where(key => key.Sgc == group.Code && IsServed(key, now) && !entries.ContainsKey(key.Id)))
                Add(key, group, CardOf(key, group, module, null, now));
        }

        return [.. entries.Values];
    }

    // An initialization key never leaves the factory.
    private static bool IsFor(CentreVendingKey key, RegisteredModule module) =>
        key.KeyType != KeyType.Initialization || module.Kind == ModuleKind.Manufacturing;

    private static bool IsServed(CentreVendingKey key, DateTimeOffset now) =>
        key.State != KeyState.Revoked && key.Expiry > now;

    private static KeyCard CardOf(CentreVendingKey key, SupplyGroup group, RegisteredModule module,
        Authorisation? authorisation, DateTimeOffset now)
    {
        var refresh = now.AddDays(key.RefreshDays);
        var end = authorisation is not null && authorisation.Until < key.Expiry ? authorisation.Until : key.Expiry;
        var sells = authorisation is not null && key.State == KeyState.Active && module.Kind == ModuleKind.Vending
            && key.KeyType.MayCarryCredit();
        return Card(key, group) with
        {
            IssuedUntil = refresh < end ? refresh : end,
            UnitLimit = sells ? authorisation!.UnitLimit : 0,
            CurrencyLimit = sells ? authorisation!.CurrencyLimit : 0,
            Subclasses = sells ? authorisation!.Subclasses : 0,
        };
    }

    private static List<(CentreVendingKey Key, KeyCard Card)> ForCentre(
        CentreContext centre, ChangeSet changes, IEnumerable<Authorisation> authorisations)
    {
        var entries = new List<(CentreVendingKey, KeyCard)>();
        foreach (var authorisation in authorisations.OrderBy(authorisation => authorisation.Subject,
            StringComparer.Ordinal))
        {
            // Also a group that has just moved away: its new home learns of it here.
            if (changes.Find(RecordKinds.Groups, authorisation.Subject) is not { } group
                || (group.Home != centre.Kmcid && !IsMoving(changes, group, authorisation)))
                continue;
            foreach (var key in changes.All(RecordKinds.Keys)
                .Where(key => key.Sgc == group.Code && key.State != KeyState.Revoked
                && key.KeyType != KeyType.Initialization))
            {
                var card = Card(key, group);
                entries.Add((key,
                    card with
                    {
                        More = card.More.AddRange(
                    GroupAttributes.Of(changes.Find(RecordKinds.Users, group.Owner)!, group, key))
                    }));
            }
        }

        return entries;
    }

    private static bool IsMoving(ChangeSet changes, SupplyGroup group, Authorisation authorisation) =>
        changes.Find(RecordKinds.Modules, authorisation.Module)?.Owner == group.Home;

    private static KeyCard Card(CentreVendingKey key, SupplyGroup group) => new()
    {
        ActiveFrom = key.Activation,
        BaseDate = BaseDate.FromYear(key.BaseYear),
        CurrencyLimit = 0,
        Cluster = group.Cluster,
        DecoderKeyGenerationAlgorithm = key.Dkga,
        IssuedUntil = key.Expiry,
        CheckValue = key.CheckValue,
        KeyExpiryNumber = KeyExpiryNumber.FromNumber(key.Ken),
        KeyRevisionNumber = KeyRevisionNumber.FromNumber(key.Krn),
        KeyType = key.KeyType,
        Subclasses = 0,
        SupplyGroupCode = SupplyGroupCode.FromNumber(int.Parse(key.Sgc, CultureInfo.InvariantCulture)),
        UnitLimit = 0,
        IsTest = key.Laboratory,
    };
}
