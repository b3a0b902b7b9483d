using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Groups;
using OpenSts.KeyManagement.Keys;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;

namespace OpenSts.KeyManagement.Modules;

/// <summary>Gives a manufacturing module what it needs to build meters, in one change.</summary>
/// <remarks>
/// A meter is built with a DITK of its maker and leaves the factory under a DDTK, DUTK or DCTK. The keys reach the
/// module by a key load file, as every other: nobody sees them, and they carry no credit.
/// </remarks>
internal sealed class ProductionKeys(CentreContext centre, CentreStore store, ChangeSet changes)
{
    public string Provide(ProvideProductionKeys r)
    {
        var module = changes.Find(RecordKinds.Modules, r.Module)
            ?? throw new RefusalException(CentreVerdict.Unknown, $"there is no module {r.Module}");
        if (module.Revoked || module.Kind != ModuleKind.Manufacturing)
            throw new RefusalException(CentreVerdict.ModuleRule,
                $"module {module.Id} is {(module.Revoked ? "revoked" : "no manufacturing module")}; permitted: a "
                    + "manufacturing module");
        if (r.Dkga is not (DecoderKeyGenerationAlgorithm.Dkga02 or DecoderKeyGenerationAlgorithm.Dkga04))
            throw new RefusalException(CentreVerdict.KeyRule, "algorithm: permitted are DKGA02 and DKGA04");
        var groups = new GroupChanges(centre, changes);
        if (changes.Find(RecordKinds.Groups, r.Code) is null)
            _ = groups.Create(new CreateGroup(r.Code, r.Name, module.Owner));
        var group = groups.ServedGroup(r.Code);
        if (group.Owner != module.Owner)
            throw new RefusalException(CentreVerdict.UserRule,
                $"group {r.Code} belongs to user {group.Owner}, module {module.Id} to {module.Owner}; permitted: a "
                    + "group of the module's user");
        var initialization = Key(r, KeyType.Initialization);
        var defaults = Key(r, KeyType.Default);
        foreach (var key in (CentreVendingKey[])[initialization, defaults])
        {
            changes.Put(RecordKinds.Authorisations, new Authorisation
            {
                Module = module.Id,
                Subject = key.Id,
                UnitLimit = 0,
                CurrencyLimit = 0,
                Subclasses = 0,
                Until = r.Expiry,
            });
        }

        return $"module {module.Id} may hold {initialization.Id}, initialization, check value "
            + $"{initialization.CheckValue}, and {defaults.Id}, default, check value {defaults.CheckValue}, of group "
            + $"{r.Code}";
    }

    // The group's present key of the type, or a new one.
    private CentreVendingKey Key(ProvideProductionKeys r, KeyType type) =>
        KeyStages.Default(r.Code, type, changes.All(RecordKinds.Keys))
        ?? new KeyChanges(centre, store, changes)
            .GenerateProduction(changes.Find(RecordKinds.Groups, r.Code)!, type, r);
}
