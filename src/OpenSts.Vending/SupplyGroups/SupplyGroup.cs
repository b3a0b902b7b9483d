namespace OpenSts.Vending.SupplyGroups;

/// <summary>When a meter whose key is not the group's current one is given a key change set.</summary>
public enum KeyChangePolicy
{
    /// <summary>With its next vend, before the credit token.</summary>
    WithNextVend,

    /// <summary>Only when somebody asks for it; vends go on under the old key.</summary>
    Separately,

    /// <summary>By the field team; a vend is refused until the change is confirmed.</summary>
    FieldTeam,
}

/// <summary>A vending key as the vending server knows it: its attributes and the register of the module that holds
/// it.</summary>
public sealed record SupplyGroupKey
{
    /// <summary>The highest register of a module.</summary>
    public const int MaxRegister = 999;

    public required KeyRevisionNumber KeyRevisionNumber { get; init; }

    /// <summary>The type of decoder key it is for.</summary>
    public required KeyType KeyType { get; init; }

    public required KeyExpiryNumber KeyExpiryNumber { get; init; }

    public required BaseDate BaseDate { get; init; }

    /// <summary>The module's register, 1 to 999.</summary>
    public required int Register { get; init; }

    /// <summary>The last instant at which the module makes tokens with it; null where the module names none.</summary>
    public DateTimeOffset? IssuedUntil { get; init; }

    /// <summary>Days until the key makes no more tokens: the earlier of its expiry number, its base date and the
    /// module's limit.</summary>
    public int? DaysLeft(DateTimeOffset now)
    {
        DateTimeOffset? end = KeyExpiryNumber.LastMinute(BaseDate) is { } expiry && expiry < BaseDate.LastMinute
            ? expiry : BaseDate.LastMinute;
        if (IssuedUntil is { } until && until < end)
            end = until;
        return (int)Math.Floor((end.Value - now).TotalDays);
    }
}

/// <summary>Meters that share vending keys.</summary>
public sealed record SupplyGroup
{
    public required SupplyGroupCode Code { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>The revision that new keys of its meters have.</summary>
    public required KeyRevisionNumber CurrentKeyRevision { get; init; }

    public required KeyChangePolicy KeyChangePolicy { get; init; }

    /// <summary>At most one for each revision and type.</summary>
    public required IReadOnlyList<SupplyGroupKey> Keys { get; init; }

    /// <summary>The key of that revision and type, or null.</summary>
    public SupplyGroupKey? Key(KeyRevisionNumber revision, KeyType keyType) =>
        Keys.FirstOrDefault(key => key.KeyRevisionNumber == revision && key.KeyType == keyType);

    /// <summary>The first rule that the group breaks, or null.</summary>
    public Refusal? Refuses()
    {
        if (Keys.GroupBy(key => (key.KeyRevisionNumber, key.KeyType)).Any(same => same.Count() > 1))
            return new Refusal(
                ErrorCodes.FieldInvalid, "keys", RefusalArgument.Text("rule", "one-key-per-revision-and-type"));
        if (Keys.Any(key => key.Register is < 1 or > SupplyGroupKey.MaxRegister))
            return new Refusal(ErrorCodes.FieldInvalid, "keys", RefusalArgument.Text("rule", "register-1-to-999"));
        return Keys.Any(key => key.KeyRevisionNumber == CurrentKeyRevision)
            ? null
            : new Refusal(
                ErrorCodes.FieldInvalid, "currentKeyRevision", RefusalArgument.Text("rule", "revision-of-a-key"));
    }
}
