using OpenSts.KeyLoading;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;
using OpenSts.KeyManagement.Users;

namespace OpenSts.KeyManagement.Groups;

/// <summary>Changes of supply groups.</summary>
internal sealed class GroupChanges(CentreContext centre, ChangeSet changes)
{
    private readonly UserChanges _users = new(centre, changes);

    public string Create(CreateGroup r)
    {
        if (!SupplyGroupCode.TryParse(r.Code, out _, out _))
            throw new RefusalException(CentreVerdict.Format, $"code held {r.Code}; permitted: 6 digits");
        FieldRules.RequireText("name", r.Name);
        if (r.Cluster is < 0 or > 255)
            throw new RefusalException(CentreVerdict.Format, $"cluster held {r.Cluster}; permitted: 0 to 255");
        if (changes.Find(RecordKinds.Groups, r.Code) is { } present)
            throw new RefusalException(CentreVerdict.Exists,
                $"group {r.Code} exists, at home at centre {present.Home}");
        if (r.UniversalDefault && changes.All(RecordKinds.Groups)
            .FirstOrDefault(group => group.UniversalDefault && group.Cluster == r.Cluster) is { } universal)
            throw new RefusalException(CentreVerdict.Exists,
                $"the universal default group of cluster {r.Cluster} is {universal.Code}");
        var owner = _users.RequireActive("owner", r.Owner);
        changes.Put(RecordKinds.Groups, new SupplyGroup
        {
            Code = r.Code,
            Name = r.Name,
            Owner = owner.Id,
            Cluster = r.Cluster,
            UniversalDefault = r.UniversalDefault,
            Home = centre.Kmcid,
            Version = 1,
            LastSerial = 0,
            LastRevision = 0,
            Created = centre.Now,
        });
        return $"group {r.Code} of user {owner.Id} '{owner.Name}' created";
    }

    public string Change(ChangeGroup r)
    {
        var group = HomeGroup(r.Code);
        FieldRules.RequireText("name", r.Name);
        // A group stays with a suspended user whatever else is changed, and is not given to one.
        var present = changes.Find(RecordKinds.Users, group.Owner)!;
        var owner = r.Owner == present.Id || (r.Owner == present.Name && present.State != UserState.Closed) ? present
            : _users.RequireActive("owner", r.Owner);
        changes.Put(RecordKinds.Groups, group with { Name = r.Name, Owner = owner.Id, Version = group.Version + 1 });
        return $"group {r.Code} is '{r.Name}' of user {owner.Id} '{owner.Name}'";
    }

    public string Move(MoveGroup r)
    {
        var group = HomeGroup(r.Code);
        if (!CentreCertificate.IsKmcid(r.Home) || r.Home == centre.Kmcid)
            throw new RefusalException(CentreVerdict.Format,
                $"home held {r.Home}; permitted: the six capitals and digits of another centre");
        if (!changes.All(RecordKinds.Authorisations)
            .Any(a => a.Subject == r.Code && !a.Revoked && changes.Find(RecordKinds.Modules, a.Module)
            is { Revoked: false, Kind: ModuleKind.Centre } peer && peer.Owner == r.Home))
            throw new RefusalException(CentreVerdict.ModuleRule,
                $"centre {r.Home} is not registered here as a receiver of group {r.Code}");
        changes.Put(RecordKinds.Groups, group with { Home = r.Home, Version = group.Version + 1 });
        return $"group {r.Code} is at home at centre {r.Home}; it changes nothing there before it has taken the next "
            + "file";
    }

    /// <summary>The group, where this centre may change it and its user may have something new.</summary>
    public SupplyGroup ServedGroup(string code)
    {
        var group = HomeGroup(code);
        _users.RequireActiveOwner(group);
        return group;
    }

    /// <summary>The group, where this centre may change it.</summary>
    public SupplyGroup HomeGroup(string code)
    {
        var group = changes.Find(RecordKinds.Groups, code)
            ?? throw new RefusalException(CentreVerdict.Unknown, $"there is no group {code}");
        return group.Home == centre.Kmcid ? group
            : throw new RefusalException(CentreVerdict.HomeElsewhere,
            $"group {code} is at home at centre {group.Home}, this is centre {centre.Kmcid}");
    }
}
