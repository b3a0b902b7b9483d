using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Groups;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;
using OpenSts.KeyManagement.Users;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement.Modules;

/// <summary>Changes of what modules may hold, of modules and of officers.</summary>
internal sealed class AccessChanges(CentreContext centre, ChangeSet changes)
{
    private readonly GroupChanges _groups = new(centre, changes);
    private readonly UserChanges _users = new(centre, changes);

    public string Authorise(Authorise r)
    {
        if (r.Modules.Count == 0 || r.Subjects.Count == 0 || (long)r.Modules.Count * r.Subjects.Count > 100_000)
            throw new RefusalException(CentreVerdict.Format,
                $"{r.Modules.Count} modules and {r.Subjects.Count} keys: permitted are one or more of each, 100000 "
                    + "permissions in all");
        if (r.Subclasses is < 0 or > KeyCard.AllSubclasses)
            throw new RefusalException(CentreVerdict.Format, "subclasses: permitted is a list of 0 to 7");
        if (r.Until <= centre.Now)
            throw new RefusalException(CentreVerdict.Time,
                $"until held {ConcatLine.Time(r.Until)}; permitted: a time to come");
        var sells = r.Subclasses != 0 || r.UnitLimit != 0 || r.CurrencyLimit != 0;
        foreach (var module in r.Modules.Select(Module))
        {
            if (module.Revoked)
                throw new RefusalException(CentreVerdict.ModuleRule,
                    $"module {module.Id} is revoked: {module.Reason}");
            if (sells && module.Kind == ModuleKind.Manufacturing)
                throw new RefusalException(CentreVerdict.ModuleRule,
                    $"module {module.Id} is a manufacturing module; its limits and subclasses are 0 and none");
            _users.RequireActiveOwner(module);
            foreach (var subject in r.Subjects)
            {
                if (module.Kind == ModuleKind.Centre)
                    _ = _groups.ServedGroup(subject);
                else
                    RequireAuthorisable(subject, sells, module);
                changes.Put(RecordKinds.Authorisations,
                    new Authorisation
                    {
                        Module = module.Id,
                        Subject = subject,
                        UnitLimit = r.UnitLimit,
                        CurrencyLimit = r.CurrencyLimit,
                        Subclasses = r.Subclasses,
                        Until = r.Until,
                    });
            }
        }

        return $"{ChangeText.Some("module", r.Modules)} may hold {ChangeText.Some("", r.Subjects)}";
    }

    public string Revoke(RevokeAuthorisation r)
    {
        FieldRules.RequireText("reason", r.Reason);
        var authorisation = changes.Find(RecordKinds.Authorisations, $"{r.Module}/{r.Subject}")
            is { Revoked: false } found
            ? found
            : throw new RefusalException(CentreVerdict.Unknown,
                $"module {r.Module} is not authorised for {r.Subject}");
        changes.Put(RecordKinds.Authorisations, authorisation with { Revoked = true });
        return $"module {r.Module} holds {r.Subject} until its next file";
    }

    public string Revoke(RevokeModule r)
    {
        FieldRules.RequireText("reason", r.Reason);
        var module = Module(r.Module);
        changes.Put(RecordKinds.Modules, module with { Revoked = true, Reason = r.Reason });
        return $"module {r.Module} gets no file any more; what it holds ends with its dates of issue";
    }

    public string Enrol(EnrolOfficer r)
    {
        if (!Officer.IsName(r.Name))
            throw new RefusalException(CentreVerdict.Format,
                $"name held {r.Name}; permitted: 1 to 40 letters, digits, spaces, dots and dashes");
        if (!PublicPoint.TryParse(r.PublicKey, out _))
            throw new RefusalException(CentreVerdict.Format,
                $"public key held {r.PublicKey.Length} characters; permitted: a point of P-384, 98 hexadecimal "
                    + "capitals, as 'sts kmc officer new' prints it");
        if (changes.All(RecordKinds.Officers)
            .Any(officer => string.Equals(officer.Name, r.Name, StringComparison.OrdinalIgnoreCase)
            || officer.PublicKey == r.PublicKey))
            throw new RefusalException(CentreVerdict.Exists,
                $"there is or was an officer {r.Name}, or one with this key");
        changes.Put(RecordKinds.Officers,
            new Officer { Name = r.Name, PublicKey = r.PublicKey, Enrolled = centre.Now });
        return $"{r.Name} is an officer";
    }

    public string Remove(RemoveOfficer r)
    {
        FieldRules.RequireText("reason", r.Reason);
        var officer = changes.Find(RecordKinds.Officers, r.Name) is { Removed: false } found ? found
            : throw new RefusalException(CentreVerdict.Unknown, $"there is no officer {r.Name}");
        if (changes.All(RecordKinds.Officers).Count(other => !other.Removed) <= 2)
            throw new RefusalException(CentreVerdict.UnknownOfficer, "two officers must stay: one could do nothing");
        changes.Put(RecordKinds.Officers, officer with { Removed = true });
        return $"{r.Name} is no officer any more";
    }

    private void RequireAuthorisable(string id, bool sells, RegisteredModule module)
    {
        var key = changes.Find(RecordKinds.Keys, id)
            ?? throw new RefusalException(CentreVerdict.Unknown,
            $"there is no key {id}; a module is authorised for keys, such as 123456-0001");
        if (key.State == KeyState.Revoked)
            throw new RefusalException(CentreVerdict.KeyRule, $"key {key.Id} is revoked");
        _users.RequireActiveOwner(changes.Find(RecordKinds.Groups, key.Sgc)!);
        if (key.KeyType == KeyType.Initialization && module.Kind != ModuleKind.Manufacturing)
            throw new RefusalException(CentreVerdict.KeyRule,
                $"key {key.Id} is an initialization key; permitted are manufacturing modules, module {module.Id} is "
                    + "none");
        if (sells && !key.KeyType.MayCarryCredit())
            throw new RefusalException(CentreVerdict.KeyRule,
                $"key {key.Id} is a default key, which carries no credit; its limits and subclasses are 0 and none");
    }

    private RegisteredModule Module(string id) => changes.Find(RecordKinds.Modules, id)
        ?? throw new RefusalException(CentreVerdict.Unknown, $"there is no module {id}");
}
