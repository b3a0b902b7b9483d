namespace OpenSts.Vending.Access;

/// <summary>What a caller may do. Each has a stable scope text, such as <c>vends:write</c>.</summary>
public enum Permission
{
    VendsRead,
    VendsWrite,
    VendsApprove,
    EngineeringRequest,
    EngineeringApprove,
    MetersRead,
    MetersWrite,
    ReadingsWrite,
    CustomersRead,
    CustomersWrite,
    FreeUnitsApprove,
    TariffsRead,
    TariffsWrite,
    TariffsActivate,
    VendorsRead,
    VendorsWrite,
    DepositsWrite,
    DepositsApprove,
    ShiftsUse,
    ShiftsRead,
    ReportsRead,
    AuditRead,
    OperatorsWrite,
    SupplyGroupsWrite,
    SettingsWrite,
}

/// <summary>What a person is.</summary>
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

    /// <summary>Keeps master data, accounts and access.</summary>
    Administrator,
}

/// <summary>Whom a caller belongs to.</summary>
public enum Tenant
{
    /// <summary>The utility itself.</summary>
    Utility,

    /// <summary>One vendor.</summary>
    Vendor,
}

/// <summary>How much a caller reaches with a permission.</summary>
public enum Reach
{
    None,

    /// <summary>What belongs to the caller's vendor. Of a meter or customer: one by its exact number, without address
    /// and telephone.</summary>
    Own,

    All,
}
