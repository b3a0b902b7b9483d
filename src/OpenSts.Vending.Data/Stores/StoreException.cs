namespace OpenSts.Vending.Data.Stores;

/// <summary>Why a store did not do its work.</summary>
public enum StoreFault
{
    /// <summary>The store cannot be used: connection lost, disk full, file damaged. What was not acknowledged may be
    /// stored.</summary>
    Unavailable,

    /// <summary>Another session holds a row for longer than the lock time-out. Nothing was stored.</summary>
    Busy,

    /// <summary>A rule of the tables was broken: a key that exists, a balance below its floor. Nothing was
    /// stored.</summary>
    RuleBroken,

    /// <summary>The commit was sent and its outcome is not known.</summary>
    CommitUnknown,

    /// <summary>The store was made by a newer program.</summary>
    Newer,
}

/// <summary>A store failed.</summary>
public sealed class StoreException(StoreFault fault, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public StoreFault Fault { get; } = fault;
}
