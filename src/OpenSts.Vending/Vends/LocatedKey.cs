using OpenSts.Vending.Meters;
using OpenSts.Vending.SupplyGroups;

namespace OpenSts.Vending.Vends;

/// <summary>A meter's key with where the module keeps its vending key.</summary>
/// <param name="Key">The meter's side.</param>
/// <param name="Group">The group's side: register, expiry, base date.</param>
internal sealed record LocatedKey(MeterKey Key, SupplyGroupKey Group)
{
    /// <summary>Finds the register of a key.</summary>
    public static Result<LocatedKey> Find(IReadOnlyDictionary<SupplyGroupCode, SupplyGroup> groups, MeterKey key)
    {
        if (!groups.TryGetValue(key.SupplyGroup, out var group))
            return new Refusal(ErrorCodes.SupplyGroupUnknown, "meter",
                RefusalArgument.Text("supplyGroup", key.SupplyGroup.ToString()));
        return group.Key(key.KeyRevisionNumber, key.KeyType) is { } located
            ? new LocatedKey(key, located)
            : new Refusal(ErrorCodes.KeyUnknown, "meter", Name(key));
    }

    /// <summary>The refusal of a key that makes no credit or management tokens any more, or null.</summary>
    public Refusal? Refuses(TokenIdentifier tid, DateTimeOffset now)
    {
        if (!Group.KeyExpiryNumber.Serves(tid))
            return Expired(Group.KeyExpiryNumber.LastMinute(Group.BaseDate));
        return Group.IssuedUntil is { } until && now > until ? Expired(until) : null;
    }

    /// <summary>The order of a key change set to another key.</summary>
    public Result<TokenOrder> ChangeTo(LocatedKey to, PaymentMeter meter, DateTimeOffset now)
    {
        if (!Key.KeyType.MayChangeTo(to.Key.KeyType))
        {
            return new Refusal(
                ErrorCodes.KeyChangeNotPermitted, "to", RefusalArgument.Text("from", Key.KeyType.Abbreviation()),
                RefusalArgument.Text("to", to.Key.KeyType.Abbreviation()));
        }

        if (to.Group.KeyExpiryNumber.HasExpired(to.Group.BaseDate, now) || now > to.Group.IssuedUntil)
            return to.Expired(to.Group.IssuedUntil
                ?? to.Group.KeyExpiryNumber.LastMinute(to.Group.BaseDate)) with
            { Field = "to" };
        return new TokenOrder
        {
            Purpose = TokenPurpose.KeyChange,
            Register = Group.Register,
            ToRegister = to.Group.Register,
            Key = Key,
            ToKey = to.Key,
            BaseDate = Group.BaseDate.Year,
            Count = meter.KeyChangeSetLength(to.Key),
        };
    }

    private Refusal Expired(DateTimeOffset? lastMinute) => new(ErrorCodes.KeyExpired, "meter",
        [Name(Key), .. lastMinute is { } last ? [RefusalArgument.Time("lastMinute", last)]
            : Array.Empty<RefusalArgument>()]);

    private static RefusalArgument Name(MeterKey key) =>
        RefusalArgument.Text("key", $"{key.SupplyGroup} {key.KeyRevisionNumber} {key.KeyType.Abbreviation()}");
}
