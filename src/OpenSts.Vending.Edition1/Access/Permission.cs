namespace OpenSts.Vending.Access;

/// <summary>What a caller may do. The names of the scopes are the same in kebab-case with a colon, such as <c>vends:write</c>.</summary>
public enum Permission
{
    /// <summary>Anybody, signed in or not.</summary>
    Anybody,

    /// <summary>Anybody who is signed in or has an API key.</summary>
    KnownCaller,
    VendsRead,
    VendsWrite,
    VendsApprove,
    EngineeringRequest,
    EngineeringApprove,
    MetersRead,
    MetersWrite,

    /// <summary>Meters, or what collects their readings: it changes no meter.</summary>
    ReadingsWrite,
    TariffsRead,
    TariffsWrite,
    TariffsActivate,
    VendorsRead,
    VendorsWrite,
    ShiftsUse,
    ReportsRead,
    AuditRead,
    OperatorsWrite,
    SupplyGroupsWrite,
}

/// <summary>What an operator is.</summary>
public enum Role
{
    /// <summary>Sells.</summary>
    Clerk,

    /// <summary>Sells, approves replacements, looks into reports.</summary>
    Supervisor,

    /// <summary>Looks after meters, asks for engineering tokens.</summary>
    Engineer,

    /// <summary>Reads everything, changes nothing.</summary>
    Auditor,

    /// <summary>Everything.</summary>
    Administrator,
}

/// <summary>Scopes and roles.</summary>
public static class Permissions
{
    /// <summary>Those that can be given to an API key.</summary>
    public static IReadOnlyList<Permission> Grantable { get; } = [.. Enum.GetValues<Permission>().Where(permission => permission > Permission.KnownCaller)];

    /// <summary>The scope, such as <c>vends:write</c>.</summary>
    public static string Scope(this Permission permission)
    {
        var name = permission.ToString();
        var cut = name.AsSpan(1).IndexOfAnyInRange('A', 'Z') + 1;
        if (permission == Permission.SupplyGroupsWrite)
            return "supply-groups:write";
        return cut == 0 ? name.ToLowerInvariant() : $"{name[..cut].ToLowerInvariant()}:{name[cut..].ToLowerInvariant()}";
    }

    /// <summary>What a role may do.</summary>
    public static IReadOnlySet<Permission> Of(Role role) => role switch
    {
        Role.Clerk => Set(Permission.VendsRead, Permission.VendsWrite, Permission.MetersRead, Permission.TariffsRead, Permission.ShiftsUse),
        Role.Supervisor => Set(Permission.VendsRead, Permission.VendsWrite, Permission.VendsApprove, Permission.EngineeringApprove, Permission.MetersRead, Permission.MetersWrite,
            Permission.TariffsRead, Permission.VendorsRead, Permission.ShiftsUse, Permission.ReportsRead),
        Role.Engineer => Set(Permission.VendsRead, Permission.EngineeringRequest, Permission.MetersRead, Permission.MetersWrite, Permission.TariffsRead),
        Role.Auditor => Set(Permission.VendsRead, Permission.MetersRead, Permission.TariffsRead, Permission.VendorsRead, Permission.ReportsRead, Permission.AuditRead),
        Role.Administrator => Grantable.ToHashSet(),
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
    };

    private static HashSet<Permission> Set(params Permission[] permissions) => [.. permissions];
}

/// <summary>Who calls.</summary>
public sealed record Caller
{
    /// <summary>Unique: <c>operator:name</c> or <c>key:id</c>; it stands in records as the identity.</summary>
    public required string Id { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    public required IReadOnlySet<Permission> Permissions { get; init; }

    /// <summary>The vendor it sells for; null for the utility itself.</summary>
    public string? Vendor { get; init; }

    /// <summary>True for a person at a page: sales then need an open shift.</summary>
    public bool IsOperator { get; init; }

    /// <summary>The language of pages and receipts.</summary>
    public string Language { get; init; } = "en";

    /// <summary>What a form of its session must send back; empty for an API key.</summary>
    public string Csrf { get; init; } = "";

    /// <summary>True where it may.</summary>
    public bool May(Permission permission) => permission is Permission.Anybody or Permission.KnownCaller || Permissions.Contains(permission);
}
