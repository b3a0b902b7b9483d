namespace OpenSts.Dlms.Apdu;

/// <summary>
/// The services two parties have in common: 24 bits, the first bit of the standard the most significant.
/// </summary>
/// <remarks>IEC 62056-5-3, conformance block.</remarks>
[Flags]
public enum Conformance
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>ACTION.</summary>
    Action = 1 << 0,

    /// <summary>EventNotification.</summary>
    EventNotification = 1 << 1,

    /// <summary>Selective access.</summary>
    SelectiveAccess = 1 << 2,

    /// <summary>SET.</summary>
    Set = 1 << 3,

    /// <summary>GET.</summary>
    Get = 1 << 4,

    /// <summary>ACCESS.</summary>
    Access = 1 << 6,

    /// <summary>DataNotification.</summary>
    DataNotification = 1 << 7,

    /// <summary>Lists of references in one request.</summary>
    MultipleReferences = 1 << 9,

    /// <summary>ACTION in blocks.</summary>
    BlockTransferWithAction = 1 << 10,

    /// <summary>SET in blocks.</summary>
    BlockTransferWithSet = 1 << 11,

    /// <summary>GET in blocks.</summary>
    BlockTransferWithGet = 1 << 12,

    /// <summary>Attribute 0 with GET: all attributes at once.</summary>
    Attribute0WithGet = 1 << 13,

    /// <summary>High priority is looked at.</summary>
    PriorityManagement = 1 << 14,

    /// <summary>Attribute 0 with SET.</summary>
    Attribute0WithSet = 1 << 15,

    /// <summary>General block transfer.</summary>
    GeneralBlockTransfer = 1 << 21,

    /// <summary>General ciphering APDUs.</summary>
    GeneralProtection = 1 << 22,
}
