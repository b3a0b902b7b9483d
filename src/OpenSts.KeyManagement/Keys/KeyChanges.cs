using OpenSts.KeyManagement.Groups;
using OpenSts.KeyManagement.Records;
using OpenSts.KeyManagement.Storage;
using OpenSts.Keys;
using OpenSts.Secrets;
using OpenSts.Sts6;

namespace OpenSts.KeyManagement.Keys;

/// <summary>Changes of vending keys.</summary>
internal sealed class KeyChanges(CentreContext centre, CentreStore store, ChangeSet changes)
{
    private readonly GroupChanges _groups = new(centre, changes);

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

    /// <summary>
    /// A key that codes meters before they have a key of a supply group; for manufacturing modules only.
    /// </summary>
    public CentreVendingKey GenerateProduction(SupplyGroup group, KeyType type, ProvideProductionKeys r)
    {
        RequireTimes(r.BaseYear, 255, r.Expiry, 365);
        return NewKey(group, type, r.Dkga, r.BaseYear, 255, centre.Now, r.Expiry, 365);
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
        if (VendingKeyGenerator.IsWeak(octets))
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
        if (KeyExpiryNumber.FromNumber(r.Ken).HasExpired(BaseDate.FromYear(key.BaseYear), centre.Now))
            RequireNoCredit(key, r.StopCredit, $"key expiry number {r.Ken} has passed");
        changes.Put(RecordKinds.Keys, key with { Expiry = r.Expiry, RefreshDays = r.RefreshDays, Ken = r.Ken });
        Touch(group);
        return $"key {key.Id} until {ConcatLine.Time(r.Expiry)}, {r.RefreshDays} days each, KEN {r.Ken}";
    }

    public string Replace(ReplaceKey r)
    {
        var (key, group) = HomeKey(r.Key);
        _ = _groups.ServedGroup(key.Sgc);
        FieldRules.RequireText("reason", r.Reason);
        if (key.State != KeyState.Active)
            throw new RefusalException(CentreVerdict.KeyRule,
                $"key {key.Id} is {StoredNames.Of(key.State)}; only an active key is replaced");
        RequireTimes(r.BaseYear, r.Ken, r.Expiry, key.RefreshDays);
        if (r.BaseYear < key.BaseYear)
            throw new RefusalException(CentreVerdict.KeyRule,
                $"no meter goes from base date {key.BaseYear} back to {r.BaseYear}");
        var dkga = r.Dkga ?? key.Dkga;
        if (dkga is not (DecoderKeyGenerationAlgorithm.Dkga02 or DecoderKeyGenerationAlgorithm.Dkga04))
            throw new RefusalException(CentreVerdict.KeyRule, "algorithm: permitted are DKGA02 and DKGA04");
        var begin = BaseDate.FromYear(r.BaseYear).Start;
        var activation = r.Activation ?? (begin > centre.Now && begin < r.Expiry ? begin : centre.Now);
        if (r.Activation is not null && activation < begin)
            throw new RefusalException(CentreVerdict.Time,
                $"activation held {ConcatLine.Time(activation)}; permitted: from the beginning of base date "
                    + $"{r.BaseYear} on");
        if (activation >= r.Expiry)
            throw new RefusalException(CentreVerdict.Time,
                $"the key would end at {ConcatLine.Time(r.Expiry)}, before it begins at {ConcatLine.Time(activation)}");
        // What is the default stays so until somebody says otherwise, also where that was never said before.
        if (KeyStages.Default(key.Sgc, key.KeyType, changes.All(RecordKinds.Keys)) is { IsDefault: false } present)
            changes.Put(RecordKinds.Keys, present with { IsDefault = true });
        var fresh = NewKey(group, key.KeyType, dkga, r.BaseYear, r.Ken, activation, r.Expiry, key.RefreshDays);
        var copied = 0;
        foreach (var authorisation in changes.All(RecordKinds.Authorisations)
            .Where(a => a.Subject == key.Id && !a.Revoked && a.Until > centre.Now).ToList())
        {
            changes.Put(RecordKinds.Authorisations, authorisation with { Subject = fresh.Id });
            copied++;
        }

        var text =
            $"key {fresh.Id}, revision {fresh.Krn}, check value {fresh.CheckValue}, replaces {key.Id}, revision "
                + $"{key.Krn}; {copied} authorisations copied";
        if (!r.StopCredit)
            return text
                + $"; both vend, and {KeyStages.Default(key.Sgc, key.KeyType, changes.All(RecordKinds.Keys))!.Id} "
                + "stays the default";
        var uses = KeyUse.Of(changes, key, centre.Now);
        SetDefault(fresh);
        changes.Put(RecordKinds.Keys, key with { State = KeyState.Retiring, Reason = r.Reason, IsDefault = false });
        return text + Stopped(uses);
    }

    public string MakeDefault(MakeKeyDefault r)
    {
        var (key, group) = HomeKey(r.Key);
        _ = _groups.ServedGroup(key.Sgc);
        if (key.State != KeyState.Active)
            throw new RefusalException(CentreVerdict.KeyRule,
                $"key {key.Id} is {StoredNames.Of(key.State)}; permitted: an active key");
        RequireBegun(key);
        var present = KeyStages.Default(key.Sgc, key.KeyType, changes.All(RecordKinds.Keys))!;
        if (present.Id == key.Id && present.IsDefault)
            throw new RefusalException(CentreVerdict.Exists,
                $"key {key.Id} is the default of group {key.Sgc} already");
        if (present.Id != key.Id)
            RequireSellable(KeyUse.Of(changes, present, centre.Now), key);
        SetDefault(key);
        Touch(group);
        return $"key {key.Id}, revision {key.Krn}, is the default of group {key.Sgc}"
            + (present.Id == key.Id ? "" : $"; key {present.Id}, revision {present.Krn}, goes on vending");
    }

    public string LimitToSets(LimitKeyToSets r)
    {
        var (key, group) = HomeKey(r.Key);
        FieldRules.RequireText("reason", r.Reason);
        if (key.State != KeyState.Active)
            throw new RefusalException(CentreVerdict.KeyRule,
                $"key {key.Id} is {StoredNames.Of(key.State)}; permitted: an active key");
        var uses = KeyUse.Of(changes, key, centre.Now);
        if (!r.StopCredit && uses.Count > 0)
        {
            var successor = KeyStages.Default(key.Sgc, key.KeyType, changes.All(RecordKinds.Keys));
            if (successor is null || successor.Id == key.Id)
                RequireNoCredit(key, stopCredit: false,
                    "it is the default key of its group; another is made the default first");
            RequireBegun(successor!);
            RequireSellable(uses, successor!);
        }

        changes.Put(RecordKinds.Keys, key with { State = KeyState.Retiring, Reason = r.Reason, IsDefault = false });
        Touch(group);
        return $"key {key.Id}, revision {key.Krn}, serves key change sets only" + Stopped(uses);
    }

    public string Revoke(RevokeKey r)
    {
        var (key, group) = HomeKey(r.Key);
        FieldRules.RequireText("reason", r.Reason);
        var uses = KeyUse.Of(changes, key, centre.Now);
        changes.Put(RecordKinds.Keys,
            key with { State = KeyState.Revoked, Reason = r.Reason, Wrapped = "", IsDefault = false });
        Touch(group);
        return $"key {key.Id} revoked, its octets erased" + Stopped(uses);
    }

    private static string Stopped(List<KeyUse> uses) => uses.Count == 0 ? "" : $". Stopped: {string.Join("; ", uses)}";

    private void SetDefault(CentreVendingKey key)
    {
        foreach (var other in changes.All(RecordKinds.Keys)
            .Where(other => other.Sgc == key.Sgc && other.KeyType == key.KeyType && other.IsDefault
            && other.Id != key.Id).ToList())
            changes.Put(RecordKinds.Keys, other with { IsDefault = false });
        changes.Put(RecordKinds.Keys, key with { IsDefault = true });
    }

    // Sales stop where a module may no longer sell under a key in use.
    private void RequireNoCredit(CentreVendingKey key, bool stopCredit, string why)
    {
        var uses = KeyUse.Of(changes, key, centre.Now);
        if (uses.Count > 0 && !stopCredit)
            throw new RefusalException(CentreVerdict.KeyRule,
                $"sales under key {key.Id} would stop, because {why}: {string.Join("; ", uses)}. If that is wanted: "
                    + "--stop-credit");
    }

    private void RequireBegun(CentreVendingKey key)
    {
        var begin = BaseDate.FromYear(key.BaseYear).Start;
        if (key.Activation > centre.Now || begin > centre.Now)
            throw new RefusalException(CentreVerdict.Time,
                $"key {key.Id} begins at {ConcatLine.Time(key.Activation > begin ? key.Activation : begin)}; until "
                    + "then meters stay on the present key");
    }

    private void RequireSellable(List<KeyUse> uses, CentreVendingKey successor)
    {
        var missing = uses.Where(use => !KeyUse.CanSell(changes, use.Module, successor, centre.Now))
            .Select(use => use.Module).ToList();
        if (missing.Count > 0)
        {
            throw new RefusalException(CentreVerdict.ModuleRule,
                $"{ChangeText.Some("module", missing)} {(missing.Count == 1 ? "has" : "have")} not confirmed a file with key {successor.Id} "
                + "and a limit for it; sales there would stop. Authorise and refresh them first, or withdraw the old "
                + "key from them");
        }
    }

    private CentreVendingKey NewKey(SupplyGroup group, KeyType type, DecoderKeyGenerationAlgorithm dkga, int baseYear,
        int ken, DateTimeOffset activation, DateTimeOffset expiry, int refreshDays)
    {
        var krn = (group.LastRevision % 9) + 1;
        RequireFree(group.Code, krn);
        using var octets = VendingKeyGenerator.Create(dkga);
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
        key = key with { Wrapped = store.Wrap(lease.Span, key.Binding) };
        changes.Put(RecordKinds.Keys, key);
        changes.Put(RecordKinds.Groups,
            group with { LastSerial = group.LastSerial + 1, LastRevision = krn, Version = group.Version + 1 });
        return key;
    }

    // STS: revisions count up and wrap from 9 to 1; a meter in the field could hold the old one until it is revoked.
    private void RequireFree(string sgc, int krn)
    {
        if (changes.All(RecordKinds.Keys)
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
        var key = changes.Find(RecordKinds.Keys, id)
            ?? throw new RefusalException(CentreVerdict.Unknown,
            $"there is no key {id}; a key's id is such as 123456-0001");
        var group = _groups.HomeGroup(key.Sgc);
        return key.State != KeyState.Revoked ? (key, group)
            : throw new RefusalException(CentreVerdict.KeyRule, $"key {id} is revoked: {key.Reason}");
    }

    private void Touch(SupplyGroup group) =>
        changes.Put(RecordKinds.Groups, group with { Version = group.Version + 1 });
}
