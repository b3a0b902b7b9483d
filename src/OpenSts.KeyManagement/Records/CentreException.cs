namespace OpenSts.KeyManagement.Records;

/// <summary>What is wrong with the centre's own storage, in the order of the checks.</summary>
public enum CentreFault
{
    /// <summary>There is no centre in that place.</summary>
    Missing,

    /// <summary>There is a centre in that place already; it is not overwritten.</summary>
    Exists,

    /// <summary>The database is not one of this edition.</summary>
    Format,

    /// <summary>What was given does not open the centre.</summary>
    MasterKey,

    /// <summary>A record or the audit log is not what was written; the message names the first.</summary>
    Altered,

    /// <summary>The whole database is older than its witness.</summary>
    RolledBack,

    /// <summary>Another process has the centre open.</summary>
    InUse,

    /// <summary>The database failed; nothing was written.</summary>
    Storage,

    /// <summary>
    /// The connection to the database was lost while a step was being stored: it is there whole or not at all.
    /// </summary>
    OutcomeUnknown,
}

/// <summary>
/// The centre cannot be opened or cannot keep what it is given. The message never holds key material.
/// </summary>
public sealed class CentreException(CentreFault fault, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Which rule broke first.</summary>
    public CentreFault Fault { get; } = fault;
}
