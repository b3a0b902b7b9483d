namespace OpenSts.SecureStorage;

/// <summary>Why a vault was not opened or not written, in the order of the checks.</summary>
public enum StorageFault
{
    /// <summary>There is no vault in the folder.</summary>
    Missing,

    /// <summary>There is a vault in the folder already; it is not overwritten.</summary>
    Exists,

    /// <summary>Another process has the vault open.</summary>
    InUse,

    /// <summary>
    /// The vault's own files can be read or written by others than their owner, or belong to another user.
    /// </summary>
    Permissions,

    /// <summary>The sealed file is not one, or of another edition, or cut.</summary>
    Format,

    /// <summary>What was given to unlock it is of another kind than it was sealed with.</summary>
    LockKind,

    /// <summary>
    /// The passphrase, key file, shares or token do not open it, or the head of the file was altered.
    /// </summary>
    StorageKey,

    /// <summary>The storage key is right and the file is not what was sealed.</summary>
    Altered,

    /// <summary>The log is not what was written; the message names the first entry.</summary>
    LogAltered,

    /// <summary>The sealed file or the log is an older one than the other, or than the witness.</summary>
    RolledBack,

    /// <summary>A write did not reach the disk; nothing that waited for it may be answered.</summary>
    Storage,
}

/// <summary>
/// The vault cannot be opened or cannot keep what it is given. The message never holds key material.
/// </summary>
public sealed class StorageException(StorageFault fault, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Which rule broke first.</summary>
    public StorageFault Fault { get; } = fault;
}
