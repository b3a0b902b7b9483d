namespace OpenSts.Dlms.Apdu;

/// <summary>What became of a GET or SET of one attribute.</summary>
/// <remarks>IEC 62056-5-3, Data-Access-Result.</remarks>
public enum DataAccessResult
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The device is faulty.</summary>
    HardwareFault = 1,

    /// <summary>Not now.</summary>
    TemporaryFailure = 2,

    /// <summary>This client may not, or there is no such attribute.</summary>
    ReadWriteDenied = 3,

    /// <summary>There is no object of that name.</summary>
    ObjectUndefined = 4,

    /// <summary>The object of that name is of another class.</summary>
    ObjectClassInconsistent = 9,

    /// <summary>The object is there but has no value.</summary>
    ObjectUnavailable = 11,

    /// <summary>The value has the wrong type.</summary>
    TypeUnmatched = 12,

    /// <summary>The selection or value is outside what is permitted.</summary>
    ScopeOfAccessViolated = 13,

    /// <summary>The block cannot be had.</summary>
    DataBlockUnavailable = 14,

    /// <summary>The transfer in blocks was given up.</summary>
    LongGetAborted = 15,

    /// <summary>A next block was asked for and none is waiting.</summary>
    NoLongGetInProgress = 16,

    /// <summary>The transfer in blocks was given up.</summary>
    LongSetAborted = 17,

    /// <summary>A block came and no transfer was begun.</summary>
    NoLongSetInProgress = 18,

    /// <summary>The block has not the number that comes next.</summary>
    DataBlockNumberInvalid = 19,

    /// <summary>Anything else.</summary>
    OtherReason = 250,
}

/// <summary>What became of an ACTION on one method.</summary>
/// <remarks>IEC 62056-5-3, Action-Result. The numbers up to 14 are those of <see cref="DataAccessResult"/>.</remarks>
public enum ActionResult
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The device is faulty.</summary>
    HardwareFault = 1,

    /// <summary>Not now.</summary>
    TemporaryFailure = 2,

    /// <summary>This client may not, or there is no such method.</summary>
    ReadWriteDenied = 3,

    /// <summary>There is no object of that name.</summary>
    ObjectUndefined = 4,

    /// <summary>The object of that name is of another class.</summary>
    ObjectClassInconsistent = 9,

    /// <summary>The object is there but cannot act.</summary>
    ObjectUnavailable = 11,

    /// <summary>The parameter has the wrong type.</summary>
    TypeUnmatched = 12,

    /// <summary>The parameter is outside what is permitted.</summary>
    ScopeOfAccessViolated = 13,

    /// <summary>The block cannot be had.</summary>
    DataBlockUnavailable = 14,

    /// <summary>The transfer in blocks was given up.</summary>
    LongActionAborted = 15,

    /// <summary>A block came, or was asked for, and no transfer was begun.</summary>
    NoLongActionInProgress = 16,

    /// <summary>Anything else.</summary>
    OtherReason = 250,
}
