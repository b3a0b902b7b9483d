using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;
using OpenSts.KeyManagement.Users;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement.Modules;

/// <summary>The modules and other centres that may get files, by their certificates.</summary>
public sealed class ModuleRegistry
{
    private readonly CentreContext _centre;
    private readonly CentreStore _store;

    internal ModuleRegistry(CentreContext centre) => (_centre, _store) = (centre, centre.Store);

    /// <summary>All, by number.</summary>
    public IEnumerable<RegisteredModule> All => _store.All(RecordKinds.Modules);

    /// <summary>
    /// Registers a module, or takes a later certificate of one that is known. It holds nothing before it is
    /// authorised.
    /// </summary>
    /// <param name="officer">Who registers it.</param>
    /// <param name="line">Its certificate, signed by the root.</param>
    /// <param name="owner">The number or name of the user that runs it; for a centre its KMCID.</param>
    public CentreAnswer<RegisteredModule> Register(OfficerKey officer, string line, string owner) =>
        RefusalException.Catch(() =>
    {
        var name = _centre.Require(officer);
        if (!ModuleCertificate.TryParse(line, out var certificate, out var problem))
            throw new RefusalException(CentreVerdict.Format, problem);
        if (!certificate.IsSignedBy(_centre.Root))
            throw new RefusalException(CentreVerdict.Certificate,
                $"the certificate of module {certificate.ModuleId} is not signed by root {_centre.Root.Name}");
        if (certificate.NotAfter <= _centre.Now)
            throw new RefusalException(CentreVerdict.Time,
                $"the certificate of module {certificate.ModuleId} ended at {ConcatLine.Time(certificate.NotAfter)}");
        if (certificate.Kind == ModuleKind.Centre && !CentreCertificate.IsKmcid(owner))
            throw new RefusalException(CentreVerdict.Format,
                $"owner held {owner}; a centre's owner is its KMCID, six capitals and digits");
        var present = _store.Find(RecordKinds.Modules, certificate.ModuleId);
        // Another key under a known number would be another device.
        if (present is not null && (!ModuleCertificate.TryParse(present.Certificate, out var known, out _)
            || !known.Key.Equals(certificate.Key)))
            throw new RefusalException(CentreVerdict.Exists,
                $"module {certificate.ModuleId} is registered with another key");
        return _store.Change(name,
            module =>
            $"module {module.Id} registered, {StoredNames.Of(module.Kind)}, of {module.Owner}, key "
                + $"{certificate.Key.Identifier}", changes =>
        {
            var user = certificate.Kind == ModuleKind.Centre ? owner
                : new UserChanges(_centre, changes).RequireActive("owner", owner).Id;
            var module = (present
                ?? new RegisteredModule
                {
                    Id = certificate.ModuleId,
                    Certificate = "",
                    Kind = certificate.Kind,
                    Owner = user,
                }) with
            { Certificate = certificate.Line, Kind = certificate.Kind, Owner = user };
            changes.Put(RecordKinds.Modules, module);
            return module;
        });
    });
}
