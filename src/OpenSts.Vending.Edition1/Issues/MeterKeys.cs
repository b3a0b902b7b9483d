using OpenSts.Vending.Documents;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Storage;
using OpenSts.Vending.SupplyGroups;

namespace OpenSts.Vending.Issues;

/// <summary>A meter's key with where the module keeps its vending key.</summary>
/// <param name="Key">The meter's side.</param>
/// <param name="Group">The group's side: register, expiry, base date.</param>
internal sealed record LocatedKey(MeterKey Key, SupplyGroupKey Group)
{
    /// <summary>The base date of its identifiers.</summary>
    public BaseDate BaseDate { get; } = BaseDate.FromYear(Group.BaseDate);

    /// <summary>Finds the register of a key.</summary>
    public static Verdict<LocatedKey> Find(IStoreSession session, MeterKey key) => Find(SupplyGroup.Table.Find(session, key.SupplyGroup.ToString())?.Value, key);

    /// <summary>Finds the register of a key.</summary>
    /// <param name="group">The key's supply group; null where it is not known.</param>
    /// <param name="key">The key.</param>
    public static Verdict<LocatedKey> Find(SupplyGroup? group, MeterKey key)
    {
        if (group is null)
            return new Refusal("supply-group-unknown", $"The meter's supply group {key.SupplyGroup} is not known here.", "meter");
        return group.Key(key.KeyRevisionNumber, key.KeyType) is { } located
            ? new LocatedKey(key, located)
            : new Refusal("key-unknown", $"Supply group {key.SupplyGroup} has no key of revision {key.KeyRevisionNumber} and type {key.KeyType.Abbreviation()} here.", "meter");
    }

    /// <summary>Takes an identifier for a token under this key, where the key still serves.</summary>
    public Refusal? TryTakeIdentifier(IdentifierMarks marks, MeterPan pan, DateTimeOffset now, out TokenIdentifier tid)
    {
        if (marks.TryTake(pan, BaseDate, now, out tid) is { } refusal)
            return refusal;
        return KeyExpiryNumber.FromNumber(Group.KeyExpiryNumber).Serves(tid)
            ? null
            : new Refusal("key-expired", $"The key of supply group {Key.SupplyGroup} revision {Key.KeyRevisionNumber} served tokens until {KeyExpiryNumber.FromNumber(Group.KeyExpiryNumber).LastMinute(BaseDate):yyyy-MM-dd HH:mm} UTC. Change the meter's key.");
    }

    /// <summary>The order of a key change set to another key.</summary>
    public Verdict<TokenOrder> ChangeTo(LocatedKey to, PaymentMeter meter, DateTimeOffset now)
    {
        if (!Key.KeyType.MayChangeTo(to.Key.KeyType))
            return new Refusal("key-change-not-permitted", $"A key of type {Key.KeyType.Abbreviation()} may not be followed by one of type {to.Key.KeyType.Abbreviation()}.", "to");
        if (KeyExpiryNumber.FromNumber(to.Group.KeyExpiryNumber).HasExpired(to.BaseDate, now))
            return new Refusal("key-expired", $"The new key of supply group {to.Key.SupplyGroup} revision {to.Key.KeyRevisionNumber} has already expired.", "to");
        return new TokenOrder
        {
            Kind = OrderKind.KeyChange,
            Register = Group.Register,
            ToRegister = to.Group.Register,
            Key = Key,
            ToKey = to.Key,
            BaseDate = Group.BaseDate,
            Count = meter.EncryptionAlgorithm == EncryptionAlgorithm.Ea11 ? 4 : meter.KeyChangeTokens == 3 ? 3 : 2,
        };
    }
}
