using OpenSts.Vending.Documents;

namespace OpenSts.Vending.SupplyGroups;

/// <summary>When a meter whose key is not the group's current one is given a key change set.</summary>
public enum KeyChangePolicy
{
    /// <summary>With its next sale, above the credit token.</summary>
    WithNextSale,

    /// <summary>Only when somebody asks for it; sales go on under the old key.</summary>
    Separately,

    /// <summary>By the field team; a sale is refused until the change is confirmed.</summary>
    FieldTeam,
}

/// <summary>A key of a supply group as the vending server knows it: what it is called and in which register of the module it is.</summary>
public sealed record SupplyGroupKey
{
    /// <summary>1 to 9.</summary>
    public required int KeyRevisionNumber { get; init; }

    /// <summary>The kind of decoder key it is for.</summary>
    public required KeyType KeyType { get; init; }

    /// <summary>0 to 255.</summary>
    public required int KeyExpiryNumber { get; init; }

    /// <summary>1993, 2014 or 2035.</summary>
    public required int BaseDate { get; init; }

    /// <summary>The module's register, 1 to 999.</summary>
    public required int Register { get; init; }
}

/// <summary>Meters that share a vending key.</summary>
public sealed record SupplyGroup
{
    public required SupplyGroupCode Code { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>The revision that new keys of its meters have: 1 to 9.</summary>
    public required int CurrentKeyRevision { get; init; }

    public required KeyChangePolicy KeyChangePolicy { get; init; }

    /// <summary>At most one for each revision and type.</summary>
    public required IReadOnlyList<SupplyGroupKey> Keys { get; init; }

    /// <summary>The stored groups.</summary>
    public static DocumentTable<SupplyGroup> Table { get; } = new("supply-group");

    /// <summary>The key of that revision and type, or null.</summary>
    public SupplyGroupKey? Key(int revision, KeyType keyType) => Keys.FirstOrDefault(key => key.KeyRevisionNumber == revision && key.KeyType == keyType);
}
