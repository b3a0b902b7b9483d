using OpenSts.KeyManagement.Store;
using OpenSts.Keys;
using OpenSts.SecurityModule.Loading;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.KeyManagement;

/// <summary>Does a change in a draft; the first rule it breaks is a <see cref="RefusalException"/>.</summary>
internal sealed class ChangeExecution(KeyCentre centre, CentreStore store, Draft draft)
{
    /// <summary>Does it and says in one sentence what was done.</summary>
    public string Execute(ChangeRequest request) => request switch
    {
        CreateGroup r => Create(r),
        ChangeGroup r => Change(r),
        MoveGroup r => Move(r),
        GenerateKey r => Generate(r),
        ImportLaboratoryKey r => Import(r),
        ChangeKey r => Change(r),
        ReplaceKey r => Replace(r),
        RevokeKey r => Revoke(r),
        Authorise r => Authorise(r),
        RevokeAuthorisation r => Revoke(r),
        RevokeModule r => Revoke(r),
        EnrolOfficer r => Enrol(r),
        RemoveOfficer r => Remove(r),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static RefusalException No(CentreVerdict verdict, string text) => new(verdict, text);

    private string Create(CreateGroup r)
    {
        if (!SupplyGroupCode.TryParse(r.Code, out _, out _))
            throw No(CentreVerdict.Format, $"code held {r.Code}; permitted: 6 digits");
        Approvals.RequireText("name", r.Name);
        Approvals.RequireText("owner", r.Owner);
        if (r.Cluster is < 0 or > 255)
            throw No(CentreVerdict.Format, $"cluster held {r.Cluster}; permitted: 0 to 255");
        if (draft.Find(Kinds.Groups, r.Code) is { } present)
            throw No(CentreVerdict.Exists, $"group {r.Code} exists, at home at centre {present.Home}");
        if (r.UniversalDefault && draft.All(Kinds.Groups).FirstOrDefault(group => group.UniversalDefault && group.Cluster == r.Cluster) is { } universal)
            throw No(CentreVerdict.Exists, $"the universal default group of cluster {r.Cluster} is {universal.Code}");
        draft.Put(Kinds.Groups, new SupplyGroup
        {
            Code = r.Code,
            Name = r.Name,
            Owner = r.Owner,
            Cluster = r.Cluster,
            UniversalDefault = r.UniversalDefault,
            Home = centre.Kmcid,
            Version = 1,
            LastSerial = 0,
            LastRevision = 0,
            Created = centre.Now,
        });
        return $"group {r.Code} created";
    }

    private string Change(ChangeGroup r)
    {
        var group = HomeGroup(r.Code);
        Approvals.RequireText("name", r.Name);
        Approvals.RequireText("owner", r.Owner);
        draft.Put(Kinds.Groups, group with { Name = r.Name, Owner = r.Owner, Version = group.Version + 1 });
        return $"group {r.Code} is '{r.Name}' of {r.Owner}";
    }

    private string Move(MoveGroup r)
    {
        var group = HomeGroup(r.Code);
        if (!CentreCertificate.IsKmcid(r.Home) || r.Home == centre.Kmcid)
            throw No(CentreVerdict.Format, $"home held {r.Home}; permitted: the six capitals and digits of another centre");
        if (!draft.All(Kinds.Authorisations).Any(a => a.Subject == r.Code && !a.Revoked && draft.Find(Kinds.Modules, a.Module) is { Revoked: false, Kind: ModuleKind.Centre } peer && peer.Owner == r.Home))
            throw No(CentreVerdict.ModuleRule, $"centre {r.Home} is not registered here as a receiver of group {r.Code}");
        draft.Put(Kinds.Groups, group with { Home = r.Home, Version = group.Version + 1 });
        return $"group {r.Code} is at home at centre {r.Home}; it changes nothing there before it has taken the next file";
    }

    private string Generate(GenerateKey r)
    {
        var group = HomeGroup(r.Sgc);
        if (r.KeyType is not (KeyType.Default or KeyType.Unique or KeyType.Common))
            throw No(CentreVerdict.KeyRule, "key type: permitted are default, unique and common");
        if (group.UniversalDefault && r.KeyType != KeyType.Default)
            throw No(CentreVerdict.KeyRule, $"group {r.Sgc} is a universal default group; it has default keys only");
        if (r.Dkga is not (DecoderKeyGenerationAlgorithm.Dkga02 or DecoderKeyGenerationAlgorithm.Dkga04))
            throw No(CentreVerdict.KeyRule, "algorithm: permitted are DKGA02 and DKGA04");
        RequireTimes(r.BaseYear, r.Ken, r.Expiry, r.RefreshDays);
        if (r.Activation >= r.Expiry)
            throw No(CentreVerdict.Time, $"the key would end at {ConcatLine.Time(r.Expiry)}, before it begins at {ConcatLine.Time(r.Activation)}");
        var key = NewKey(group, r.KeyType, r.Dkga, r.BaseYear, r.Ken, r.Activation, r.Expiry, r.RefreshDays);
        return $"key {key.Id} of group {r.Sgc}, revision {key.Krn}, check value {key.CheckValue}";
    }

    private string Import(ImportLaboratoryKey r)
    {
        var group = HomeGroup(r.Sgc);
        RequireTimes(r.BaseYear, r.Ken, r.Expiry, 30);
        if (r.Krn is < 1 or > 9 || r.KeyType is not (KeyType.Default or KeyType.Unique or KeyType.Common))
            throw No(CentreVerdict.KeyRule, "a revision is 1 to 9, a key type default, unique or common");
        RequireFree(r.Sgc, r.Krn);
        using var octets = store.Master.Unwrap(r.Wrapped, $"laboratory {r.Sgc} {r.Krn} {r.CheckValue}");
        if (VendingKeyMaker.IsWeak(octets.Span))
            throw No(CentreVerdict.KeyRule, "the key is one of the weak or semi-weak keys of DES");
        _ = Keep(group, r.Krn, r.KeyType, DecoderKeyGenerationAlgorithm.Dkga02, r.BaseYear, r.Ken, r.Activation, r.Expiry, 30, octets, laboratory: true);
        return $"laboratory key {r.CheckValue} is revision {r.Krn} of group {r.Sgc}";
    }

    private string Change(ChangeKey r)
    {
        var (key, group) = HomeKey(r.Key);
        RequireTimes(key.BaseYear, r.Ken, r.Expiry, r.RefreshDays);
        draft.Put(Kinds.Keys, key with { Expiry = r.Expiry, RefreshDays = r.RefreshDays, Ken = r.Ken });
        Touch(group);
        return $"key {key.Id} until {ConcatLine.Time(r.Expiry)}, {r.RefreshDays} days each, KEN {r.Ken}";
    }

    private string Replace(ReplaceKey r)
    {
        var (key, group) = HomeKey(r.Key);
        Approvals.RequireText("reason", r.Reason);
        if (key.State != KeyState.Active)
            throw No(CentreVerdict.KeyRule, $"key {key.Id} is {key.State}; only an active key is replaced");
        RequireTimes(r.BaseYear, r.Ken, r.Expiry, key.RefreshDays);
        if (r.BaseYear < key.BaseYear)
            throw No(CentreVerdict.KeyRule, $"no meter goes from base date {key.BaseYear} back to {r.BaseYear}");
        var fresh = NewKey(group, key.KeyType, key.Dkga, r.BaseYear, r.Ken, centre.Now, r.Expiry, key.RefreshDays);
        draft.Put(Kinds.Keys, key with { State = KeyState.Retiring, Reason = r.Reason });
        var copied = 0;
        foreach (var authorisation in draft.All(Kinds.Authorisations).Where(a => a.Subject == key.Id && !a.Revoked && a.Until > centre.Now).ToList())
        {
            draft.Put(Kinds.Authorisations, authorisation with { Subject = fresh.Id });
            copied++;
        }

        return $"key {fresh.Id}, revision {fresh.Krn}, check value {fresh.CheckValue}, replaces {key.Id}, revision {key.Krn}; {copied} authorisations copied";
    }

    private string Revoke(RevokeKey r)
    {
        var (key, group) = HomeKey(r.Key);
        Approvals.RequireText("reason", r.Reason);
        draft.Put(Kinds.Keys, key with { State = KeyState.Revoked, Reason = r.Reason, Wrapped = "" });
        Touch(group);
        return $"key {key.Id} revoked, its octets erased";
    }

    private string Authorise(Authorise r)
    {
        if (r.Modules.Count == 0 || r.Subjects.Count == 0 || (long)r.Modules.Count * r.Subjects.Count > 100_000)
            throw No(CentreVerdict.Format, $"{r.Modules.Count} modules and {r.Subjects.Count} keys: permitted are one or more of each, 100000 permissions in all");
        if (r.Subclasses is < 0 or > KeyCard.AllSubclasses)
            throw No(CentreVerdict.Format, "subclasses: permitted is a list of 0 to 7");
        if (r.Until <= centre.Now)
            throw No(CentreVerdict.Time, $"until held {ConcatLine.Time(r.Until)}; permitted: a time to come");
        var sells = r.Subclasses != 0 || r.UnitLimit != 0 || r.CurrencyLimit != 0;
        foreach (var module in r.Modules.Select(Module))
        {
            if (module.Revoked)
                throw No(CentreVerdict.ModuleRule, $"module {module.Id} is revoked: {module.Reason}");
            if (sells && module.Kind == ModuleKind.Manufacturing)
                throw No(CentreVerdict.ModuleRule, $"module {module.Id} is a manufacturing module; its limits and subclasses are 0 and none");
            foreach (var subject in r.Subjects)
            {
                if (module.Kind == ModuleKind.Centre)
                    _ = HomeGroup(subject);
                else
                    RequireAuthorisable(subject, sells);
                draft.Put(Kinds.Authorisations, new Authorisation { Module = module.Id, Subject = subject, UnitLimit = r.UnitLimit, CurrencyLimit = r.CurrencyLimit, Subclasses = r.Subclasses, Until = r.Until });
            }
        }

        return $"{Approvals.Some("module", r.Modules)} may hold {Approvals.Some("", r.Subjects)}";
    }

    private void RequireAuthorisable(string id, bool sells)
    {
        var key = draft.Find(Kinds.Keys, id) ?? throw No(CentreVerdict.Unknown, $"there is no key {id}; a module is authorised for keys, such as 123456-0001");
        if (key.State == KeyState.Revoked)
            throw No(CentreVerdict.KeyRule, $"key {key.Id} is revoked");
        if (sells && !key.KeyType.MayCarryCredit())
            throw No(CentreVerdict.KeyRule, $"key {key.Id} is a default key, which carries no credit; its limits and subclasses are 0 and none");
    }

    private string Revoke(RevokeAuthorisation r)
    {
        Approvals.RequireText("reason", r.Reason);
        var authorisation = draft.Find(Kinds.Authorisations, $"{r.Module}/{r.Subject}") is { Revoked: false } found
            ? found
            : throw No(CentreVerdict.Unknown, $"module {r.Module} is not authorised for {r.Subject}");
        draft.Put(Kinds.Authorisations, authorisation with { Revoked = true });
        return $"module {r.Module} holds {r.Subject} until its next file";
    }

    private string Revoke(RevokeModule r)
    {
        Approvals.RequireText("reason", r.Reason);
        var module = Module(r.Module);
        draft.Put(Kinds.Modules, module with { Revoked = true, Reason = r.Reason });
        return $"module {r.Module} gets no file any more; what it holds ends with its dates of issue";
    }

    private string Enrol(EnrolOfficer r)
    {
        if (!Officer.IsName(r.Name) || !PublicPoint.TryParse(r.PublicKey, out _))
            throw No(CentreVerdict.Format, "an officer has a name of 1 to 40 letters, digits, spaces, dots and dashes, and a public key of 98 hexadecimal capitals");
        if (draft.All(Kinds.Officers).Any(officer => string.Equals(officer.Name, r.Name, StringComparison.OrdinalIgnoreCase) || officer.PublicKey == r.PublicKey))
            throw No(CentreVerdict.Exists, $"there is or was an officer {r.Name}, or one with this key");
        draft.Put(Kinds.Officers, new Officer { Name = r.Name, PublicKey = r.PublicKey, Enrolled = centre.Now });
        return $"{r.Name} is an officer";
    }

    private string Remove(RemoveOfficer r)
    {
        Approvals.RequireText("reason", r.Reason);
        var officer = draft.Find(Kinds.Officers, r.Name) is { Removed: false } found ? found : throw No(CentreVerdict.Unknown, $"there is no officer {r.Name}");
        if (draft.All(Kinds.Officers).Count(other => !other.Removed) <= 2)
            throw No(CentreVerdict.UnknownOfficer, "two officers must stay: one could do nothing");
        draft.Put(Kinds.Officers, officer with { Removed = true });
        return $"{r.Name} is no officer any more";
    }

    private CentreVendingKey NewKey(SupplyGroup group, KeyType type, DecoderKeyGenerationAlgorithm dkga, int baseYear, int ken, DateTimeOffset activation, DateTimeOffset expiry, int refreshDays)
    {
        var krn = (group.LastRevision % 9) + 1;
        RequireFree(group.Code, krn);
        using var octets = VendingKeyMaker.Create(dkga);
        return Keep(group, krn, type, dkga, baseYear, ken, activation, expiry, refreshDays, octets, laboratory: false);
    }

    private CentreVendingKey Keep(SupplyGroup group, int krn, KeyType type, DecoderKeyGenerationAlgorithm dkga, int baseYear, int ken, DateTimeOffset activation, DateTimeOffset expiry, int refreshDays, LockedBytes octets, bool laboratory)
    {
        using var vendingKey = Hazmat.ImportVendingKey(octets.Span);
        var key = new CentreVendingKey
        {
            Id = FormattableString.Invariant($"{group.Code}-{group.LastSerial + 1:D4}"),
            Sgc = group.Code,
            Krn = krn,
            KeyType = type,
            Dkga = dkga,
            BaseYear = baseYear,
            Ken = ken,
            Activation = activation,
            Expiry = expiry,
            RefreshDays = refreshDays,
            CheckValue = KeyCheckValue.Of(vendingKey),
            State = KeyState.Active,
            Created = centre.Now,
            Laboratory = laboratory,
            Wrapped = "",
        };
        key = key with { Wrapped = store.Master.Wrap(octets.Span, key.Place) };
        draft.Put(Kinds.Keys, key);
        draft.Put(Kinds.Groups, group with { LastSerial = group.LastSerial + 1, LastRevision = krn, Version = group.Version + 1 });
        return key;
    }

    // STS: revisions count up and wrap from 9 to 1; a meter in the field could hold the old one until it is revoked.
    private void RequireFree(string sgc, int krn)
    {
        if (draft.All(Kinds.Keys).FirstOrDefault(key => key.Sgc == sgc && key.Krn == krn && key.State != KeyState.Revoked) is { } holder)
            throw No(CentreVerdict.RevisionInUse, $"revision {krn} of group {sgc} is key {holder.Id}, {holder.State}; it is revoked before the revision is used again");
    }

    private void RequireTimes(int baseYear, int ken, DateTimeOffset expiry, int refreshDays)
    {
        if (!BaseDate.TryFromYear(baseYear, out _))
            throw No(CentreVerdict.Format, $"base date held {baseYear}; permitted: 1993, 2014, 2035");
        if (ken is < 0 or > 255)
            throw No(CentreVerdict.Format, $"key expiry number held {ken}; permitted: 0 to 255");
        if (refreshDays is < 1 or > 3650)
            throw No(CentreVerdict.Format, $"refresh days held {refreshDays}; permitted: 1 to 3650");
        if (expiry <= centre.Now || expiry.Year > 2200)
            throw No(CentreVerdict.Time, $"expiry held {ConcatLine.Time(expiry)}; permitted: a time to come");
    }

    private SupplyGroup HomeGroup(string code)
    {
        var group = draft.Find(Kinds.Groups, code) ?? throw No(CentreVerdict.Unknown, $"there is no group {code}");
        return group.Home == centre.Kmcid ? group : throw No(CentreVerdict.HomeElsewhere, $"group {code} is at home at centre {group.Home}, this is centre {centre.Kmcid}");
    }

    private (CentreVendingKey Key, SupplyGroup Group) HomeKey(string id)
    {
        var key = draft.Find(Kinds.Keys, id) ?? throw No(CentreVerdict.Unknown, $"there is no key {id}; a key's id is such as 123456-0001");
        var group = HomeGroup(key.Sgc);
        return key.State != KeyState.Revoked ? (key, group) : throw No(CentreVerdict.KeyRule, $"key {id} is revoked: {key.Reason}");
    }

    private RegisteredModule Module(string id) => draft.Find(Kinds.Modules, id) ?? throw No(CentreVerdict.Unknown, $"there is no module {id}");

    private void Touch(SupplyGroup group) => draft.Put(Kinds.Groups, group with { Version = group.Version + 1 });
}
