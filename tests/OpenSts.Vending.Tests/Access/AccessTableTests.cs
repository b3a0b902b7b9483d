using OpenSts.Vending.Access;

namespace OpenSts.Vending.Tests.Access;

public class AccessTableTests
{
    private static readonly Permission[] MoneyAccessAndMasterFiles =
    [
        Permission.MetersWrite, Permission.CustomersWrite, Permission.TariffsWrite, Permission.VendorsWrite,
            Permission.DepositsWrite,
        Permission.OperatorsWrite, Permission.SupplyGroupsWrite, Permission.SettingsWrite, Permission.ReadingsWrite,
    ];

    private static readonly Permission[] Approvals =
    [
        Permission.VendsApprove, Permission.EngineeringApprove, Permission.FreeUnitsApprove,
            Permission.TariffsActivate, Permission.DepositsApprove,
    ];

    [Fact]
    public void Rows_EveryPermission_HasOneRowInOrder()
    {
        Assert.Equal(Enum.GetValues<Permission>(), AccessTable.Rows.Select(row => row.Permission));
        Assert.Equal(AccessTable.Rows.Count, AccessTable.Rows.Select(row => row.Scope).Distinct().Count());
        Assert.All(AccessTable.Rows, row => Assert.Equal(row.Permission, AccessTable.Find(row.Scope)));
    }

    [Fact]
    public void Of_AnyRoleOfAVendor_NeverWritesMoneyAccessOrMasterFilesAndNeverApproves()
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            foreach (var permission in MoneyAccessAndMasterFiles.Concat(Approvals))
                Assert.Equal(Reach.None, AccessTable.Of(role, Tenant.Vendor, permission));
        }
    }

    [Fact]
    public void Of_AnyRoleOfAVendor_NeverReachesAnotherVendor()
    {
        foreach (var role in Enum.GetValues<Role>())
            Assert.DoesNotContain(Enum.GetValues<Permission>(), permission =>
                AccessTable.Of(role, Tenant.Vendor, permission) == Reach.All);
    }

    [Fact]
    public void PermissionsOfKey_KeyOfAVendorWithEveryScope_HasOnlyTheVendors()
    {
        var permissions = Caller.PermissionsOfKey(Enum.GetValues<Permission>(), Tenant.Vendor);

        Assert.Contains(Permission.VendsWrite, permissions);
        Assert.Empty(permissions.Intersect(MoneyAccessAndMasterFiles.Concat(Approvals)));
    }

    [Fact]
    public void Of_Auditor_WritesAndApprovesNothing()
    {
        var permissions = Caller.PermissionsOf(Role.Auditor, Tenant.Utility);

        Assert.All(permissions, permission => Assert.EndsWith(":read", permission.Scope(), StringComparison.Ordinal));
    }
}
