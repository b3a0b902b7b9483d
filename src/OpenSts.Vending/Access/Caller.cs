namespace OpenSts.Vending.Access;

/// <summary>Who calls: a person at a page, or an API key with the person who answers for it.</summary>
public sealed record Caller
{
    /// <summary>Unique: <c>operator:name</c> or <c>key:id</c>; it stands in records as the identity.</summary>
    public required string Id { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>The human being: two accounts or keys of one person have one value. Null only for the server's own
    /// jobs.</summary>
    public required string? Person { get; init; }

    /// <summary>True for an API key.</summary>
    public bool IsApiKey { get; init; }

    /// <summary>The vendor it belongs to; null for the utility.</summary>
    public string? Vendor { get; init; }

    /// <summary>The outlet it sells at, or null.</summary>
    public string? Outlet { get; init; }

    /// <summary>What it may do, already limited by <see cref="AccessTable"/>.</summary>
    public required IReadOnlySet<Permission> Permissions { get; init; }

    /// <summary>Who last made the account, reset its password or changed its rights, and when; null for none
    /// known.</summary>
    public AccountChange? LastAccountChange { get; init; }

    public Tenant Tenant => Vendor is null ? Tenant.Utility : Tenant.Vendor;

    /// <summary>True where vends need an open shift.</summary>
    public bool NeedsShift => !IsApiKey && Person is not null;

    /// <summary>True where it may.</summary>
    public bool May(Permission permission) => Permissions.Contains(permission);

    /// <summary>True where something of that vendor (null: the utility's own) is its business.</summary>
    public bool Sees(string? vendor) => Vendor is null || Vendor == vendor;

    /// <summary>A caller of a role.</summary>
    public static IReadOnlySet<Permission> PermissionsOf(Role role, Tenant tenant) =>
        AccessTable.Rows.Select(row => row.Permission)
            .Where(permission => AccessTable.Of(role, tenant, permission) != Reach.None).ToHashSet();

    /// <summary>The permissions of a key: those granted that its tenant may have.</summary>
    public static IReadOnlySet<Permission> PermissionsOfKey(IEnumerable<Permission> granted, Tenant tenant) =>
        granted.Where(permission => AccessTable.MayBeGranted(tenant, permission)).ToHashSet();
}

/// <summary>A change of an account that gives its maker power over it.</summary>
/// <param name="ByPerson">The person who did it.</param>
/// <param name="At">When.</param>
public sealed record AccountChange(string ByPerson, DateTimeOffset At);
