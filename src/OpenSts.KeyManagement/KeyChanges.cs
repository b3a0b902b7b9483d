using OpenSts.KeyManagement.Store;
using OpenSts.Keys;
using OpenSts.SecureStorage;
using OpenSts.Secrets;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement;

/// <summary>Changes of vending keys.</summary>
internal sealed class KeyChanges(KeyCentre centre, CentreStore store, Draft draft)
{
    private readonly GroupChanges _groups = new(centre, draft);

    public string Generate(GenerateKey r)
    {
        var group = _groups.ServedGroup(r.Sgc);
        if (r.KeyType is not (KeyType.Default or KeyType.Unique or KeyType.Common))
            throw new RefusalException(CentreVerdict.KeyRule, "key type: permitted are default, unique and common");
        if (group.UniversalDefault && r.KeyType != KeyType.Default)
            throw new RefusalException(CentreVerdict.KeyRule,
                $"group {r.Sgc} is a universal default group; it has default keys only");
        if (r.Dkga is not (DecoderKeyGenerationAlgorithm.Dkga02 or DecoderKeyGenerationAlgorithm.Dkga04))
            throw new RefusalException(CentreVerdict.KeyRule, "algorithm: permitted are DKGA02 and DKGA04");
        RequireTimes(r.BaseYear, r.Ken, r.Expiry, r.RefreshDays);
        if (r.Activation >= r.Expiry)
            throw new RefusalException(CentreVerdict.Time,
                $"the key would end at {ConcatLine.Time(r.Expiry)}, before it begins at "
                    + $"{ConcatLine.Time(r.Activation)}");
        var key = NewKey(group, r.KeyType, r.Dkga, r.BaseYear, r.Ken, r.Activation, r.Expiry, r.RefreshDays);
        return $"key {key.Id} of group {r.Sgc}, revision {key.Krn}, check value {key.CheckValue}";
    }

    public string Import(ImportLaboratoryKey r)
    {
        var group = _groups.ServedGroup(r.Sgc);
        RequireTimes(r.BaseYear, r.Ken, r.Expiry, 30);
        if (r.Krn is < 1 or > 9 || r.KeyType is not (KeyType.Default or KeyType.Unique or KeyType.Common))
            throw new RefusalException(CentreVerdict.KeyRule,
                "a revision is 1 to 9, a key type default, unique or common");
        RequireFree(r.Sgc, r.Krn);
        using var octets = store.Unwrap(r.Wrapped, $"laboratory {r.Sgc} {r.Krn} {r.CheckValue}");
        if (VendingKeyMaker.IsWeak(octets))
            throw new RefusalException(CentreVerdict.KeyRule, "the key is one of the weak or semi-weak keys of DES");
        _ = Keep(group, r.Krn, r.KeyType, DecoderKeyGenerationAlgorithm.Dkga02, r.BaseYear, r.Ken, r.Activation,
            r.Expiry, 30, octets, laboratory: true);
        return $"laboratory key {r.CheckValue} is revision {r.Krn} of group {r.Sgc}";
    }

    public string Change(ChangeKey r)
    {
        var (key, group) = HomeKey(r.Key);
        _ = _groups.ServedGroup(key.Sgc);
        RequireTimes(key.BaseYear, r.Ken, r.Expiry, r.RefreshDays);
        draft.Put(Kinds.Keys, key with { Expiry = r.Expiry, RefreshDays = r.RefreshDays, Ken = r.Ken });
        Touch(group);
        return $"key {key.Id} until {ConcatLine.Time(r.Expiry)}, {r.RefreshDays} days each, KEN {r.Ken}";
    }

    public string Replace(ReplaceKey r)
    {
        var (key, group) = HomeKey(r.Key);
        _ = _groups.ServedGroup(key.Sgc);
        Approvals.RequireText("reason", r.Reason);
        if (key.State != KeyState.Active)
            throw new RefusalException(CentreVerdict.KeyRule,
                $"key {key.Id} is {key.State}; only an active key is replaced");
        RequireTimes(r.BaseYear, r.Ken, r.Expiry, key.RefreshDays);
        if (r.BaseYear < key.BaseYear)
            throw new RefusalException(CentreVerdict.KeyRule,
                $"no meter goes from base date {key.BaseYear} back to {r.BaseYear}");
        var fresh = NewKey(group, key.KeyType, key.Dkga, r.BaseYear, r.Ken, centre.Now, r.Expiry, key.RefreshDays);
        draft.Put(Kinds.Keys, key with { State = KeyState.Retiring, Reason = r.Reason });
        var copied = 0;
        foreach (var authorisation in draft.All(Kinds.Authorisations)
            .Where(a => a.Subject == key.Id && !a.Revoked && a.Until > centre.Now).ToList())
        {
            draft.Put(Kinds.Authorisations, authorisation with { Subject = fresh.Id });
            copied++;
        }

        return $"key {fresh.Id}, revision {fresh.Krn}, check value {fresh.CheckValue}, replaces {key.Id}, revision "
            + $"{key.Krn}; {copied} authorisations copied";
    }

    public string Revoke(RevokeKey r)
    {
        var (key, group) = HomeKey(r.Key);
        Approvals.RequireText("reason", r.Reason);
        draft.Put(Kinds.Keys, key with { State = KeyState.Revoked, Reason = r.Reason, Wrapped = "" });
        Touch(group);
        return $"key {key.Id} revoked, its octets erased";
    }

    private CentreVendingKey NewKey(SupplyGroup group, KeyType type, DecoderKeyGenerationAlgorithm dkga, int baseYear,
        int ken, DateTimeOffset activation, DateTimeOffset expiry, int refreshDays)
    {
        var krn = (group.LastRevision % 9) + 1;
        RequireFree(group.Code, krn);
        using var octets = VendingKeyMaker.Create(dkga);
        return Keep(group, krn, type, dkga, baseYear, ken, activation, expiry, refreshDays, octets, laboratory: false);
    }

    private CentreVendingKey Keep(SupplyGroup group, int krn, KeyType type, DecoderKeyGenerationAlgorithm dkga,
        int baseYear, int ken, DateTimeOffset activation, DateTimeOffset expiry, int refreshDays, SecretBytes octets,
        bool laboratory)
    {
        using var lease = octets.Lease();
        using var vendingKey = Hazmat.ImportVendingKey(lease.Span);
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
        key = key with { Wrapped = store.Wrap(lease.Span, key.Place) };
        draft.Put(Kinds.Keys, key);
        draft.Put(Kinds.Groups,
            group with { LastSerial = group.LastSerial + 1, LastRevision = krn, Version = group.Version + 1 });
        return key;
    }

    // STS: revisions count up and wrap from 9 to 1; a meter in the field could hold the old one until it is revoked.
    private void RequireFree(string sgc, int krn)
    {
        if (draft.All(Kinds.Keys)
            .FirstOrDefault(key => key.Sgc == sgc && key.Krn == krn && key.State != KeyState.Revoked) is { } holder)
            throw new RefusalException(CentreVerdict.RevisionInUse,
                $"revision {krn} of group {sgc} is key {holder.Id}, {holder.State}; it is revoked before the revision "
                    + "is used again");
    }

    private void RequireTimes(int baseYear, int ken, DateTimeOffset expiry, int refreshDays)
    {
        if (!BaseDate.TryFromYear(baseYear, out _))
            throw new RefusalException(CentreVerdict.Format,
                $"base date held {baseYear}; permitted: 1993, 2014, 2035");
        if (ken is < 0 or > 255)
            throw new RefusalException(CentreVerdict.Format, $"key expiry number held {ken}; permitted: 0 to 255");
        if (refreshDays is < 1 or > 3650)
            throw new RefusalException(CentreVerdict.Format, $"refresh days held {refreshDays}; permitted: 1 to 3650");
        if (expiry <= centre.Now || expiry.Year > 2200)
            throw new RefusalException(CentreVerdict.Time,
                $"expiry held {ConcatLine.Time(expiry)}; permitted: a time to come");
    }

    private (CentreVendingKey Key, SupplyGroup Group) HomeKey(string id)
    {
        var key = draft.Find(Kinds.Keys, id) ?? throw new RefusalException(CentreVerdict.Unknown,
            $"there is no key {id}; a key's id is such as 123456-0001");
        var group = _groups.HomeGroup(key.Sgc);
        return key.State != KeyState.Revoked ? (key, group)
            : throw new RefusalException(CentreVerdict.KeyRule, $"key {id} is revoked: {key.Reason}");
    }

    private void Touch(SupplyGroup group) => draft.Put(Kinds.Groups, group with { Version = group.Version + 1 });
}
