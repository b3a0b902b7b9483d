namespace OpenSts.Vending.Access;

/// <summary>One permission, and who has it.</summary>
/// <param name="Permission">The permission.</param>
/// <param name="Scope">Its stable text.</param>
/// <param name="Utility">Roles of the utility that have it; they reach everything.</param>
/// <param name="Vendor">Roles of a vendor that have it; they reach what is their vendor's.</param>
public sealed record AccessRow(
    Permission Permission, string Scope, IReadOnlySet<Role> Utility, IReadOnlySet<Role> Vendor);

/// <summary>The one table of permissions by role and tenant. Routes, pages, jobs, documents and tests read
/// it.</summary>
/// <remarks>
/// A caller of a vendor never has a permission that writes money rules, access or master data, nor one that approves
/// what costs the
/// utility (faults A1, A5).
/// </remarks>
public static class AccessTable
{
    private static readonly Role[] Everybody =
        [Role.Clerk, Role.Supervisor, Role.Engineer, Role.Auditor, Role.Administrator];
    private static readonly Role[] Sellers = [Role.Clerk, Role.Supervisor];
    private static readonly Role[] Nobody = [];

    /// <summary>Every permission once, in the order of the enum.</summary>
    public static IReadOnlyList<AccessRow> Rows { get; } =
    [
        Row(Permission.VendsRead, "vends:read", Everybody, [Role.Clerk, Role.Supervisor, Role.Auditor]),
        Row(Permission.VendsWrite, "vends:write", [Role.Clerk, Role.Supervisor, Role.Administrator], Sellers),
        Row(Permission.VendsApprove, "vends:approve", [Role.Supervisor, Role.Administrator], Nobody),
        Row(Permission.EngineeringRequest, "engineering:request", [Role.Engineer, Role.Administrator], Nobody),
        Row(Permission.EngineeringApprove, "engineering:approve", [Role.Supervisor, Role.Administrator], Nobody),
        Row(Permission.MetersRead, "meters:read", Everybody, [Role.Clerk, Role.Supervisor, Role.Auditor]),
        Row(Permission.MetersWrite, "meters:write", [Role.Supervisor, Role.Engineer, Role.Administrator], Nobody),
        Row(Permission.ReadingsWrite, "readings:write", [Role.Engineer, Role.Administrator], Nobody),
        Row(Permission.CustomersRead, "customers:read", Everybody, [Role.Clerk, Role.Supervisor]),
        Row(Permission.CustomersWrite, "customers:write", [Role.Supervisor, Role.Administrator], Nobody),
        Row(Permission.FreeUnitsApprove, "free-units:approve", [Role.Supervisor, Role.Administrator], Nobody),
        Row(Permission.TariffsRead, "tariffs:read", Everybody, [Role.Clerk, Role.Supervisor, Role.Auditor]),
        Row(Permission.TariffsWrite, "tariffs:write", [Role.Administrator], Nobody),
        Row(Permission.TariffsActivate, "tariffs:activate", [Role.Supervisor, Role.Administrator], Nobody),
        Row(Permission.VendorsRead, "vendors:read", [Role.Supervisor, Role.Auditor, Role.Administrator],
            [Role.Supervisor, Role.Auditor]),
        Row(Permission.VendorsWrite, "vendors:write", [Role.Administrator], Nobody),
        Row(Permission.DepositsWrite, "deposits:write", [Role.Supervisor, Role.Administrator], Nobody),
        Row(Permission.DepositsApprove, "deposits:approve", [Role.Supervisor, Role.Administrator], Nobody),
        Row(Permission.ShiftsUse, "shifts:use", [Role.Clerk, Role.Supervisor, Role.Administrator], Sellers),
        Row(Permission.ShiftsRead, "shifts:read", [Role.Supervisor, Role.Auditor, Role.Administrator],
            [Role.Supervisor, Role.Auditor]),
        Row(Permission.ReportsRead, "reports:read", [Role.Supervisor, Role.Auditor, Role.Administrator],
            [Role.Supervisor, Role.Auditor]),
        Row(Permission.AuditRead, "audit:read", [Role.Auditor, Role.Administrator], Nobody),
        Row(Permission.OperatorsWrite, "operators:write", [Role.Administrator], Nobody),
        Row(Permission.SupplyGroupsWrite, "supply-groups:write", [Role.Administrator], Nobody),
        Row(Permission.SettingsWrite, "settings:write", [Role.Administrator], Nobody),
    ];

    /// <summary>The scope text of a permission.</summary>
    public static string Scope(this Permission permission) => Rows[(int)permission].Scope;

    /// <summary>The permission of a scope text, or null.</summary>
    public static Permission? Find(string scope) => Rows.FirstOrDefault(row => row.Scope == scope)?.Permission;

    /// <summary>What a role of a tenant reaches with a permission.</summary>
    public static Reach Of(Role role, Tenant tenant, Permission permission)
    {
        var row = Rows[(int)permission];
        if (tenant == Tenant.Utility)
            return row.Utility.Contains(role) ? Reach.All : Reach.None;
        return row.Vendor.Contains(role) ? Reach.Own : Reach.None;
    }

    /// <summary>True where a key of the tenant may be given the permission at all.</summary>
    public static bool MayBeGranted(Tenant tenant, Permission permission) =>
        (tenant == Tenant.Utility ? Rows[(int)permission].Utility : Rows[(int)permission].Vendor).Count > 0;

    private static AccessRow Row(Permission permission, string scope, Role[] utility, Role[] vendor) =>
        new(permission, scope, utility.ToHashSet(), vendor.ToHashSet());
}
