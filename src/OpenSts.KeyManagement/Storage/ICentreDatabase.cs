using OpenSts.KeyManagement.Audit;
using OpenSts.KeyManagement.Records;
using OpenSts.SecureStorage;

namespace OpenSts.KeyManagement.Storage;

/// <summary>A record as it is kept: its kind and id, its JSON, and the MAC over all three.</summary>
internal readonly record struct StoredRecord(string Kind, string Id, string Body, byte[] Mac);

/// <summary>A way to open the centre as it is kept: public parameters and the wrapped master key.</summary>
internal readonly record struct StoredLock(StorageLockKind Kind, byte[] Parameters, byte[] Wrapped);

/// <summary>
/// What is written in one transaction: records, at most one way to open the centre, and always an entry of the audit
/// log.
/// </summary>
internal sealed record StoredTransaction
{
    public IReadOnlyList<StoredRecord> Records { get; init; } = [];

    /// <summary>Added, or put in the place of the one of its kind.</summary>
    public StoredLock? AddedLock { get; init; }

    public StorageLockKind? RemovedLock { get; init; }

    /// <summary>
    /// Its number is the next one; where the database has an entry of that number, nothing is written.
    /// </summary>
    public required AuditEntry Entry { get; init; }
}

/// <summary>
/// The tables of one centre, open to this process alone: settings, ways to open it, records, audit log. One call at a
/// time.
/// </summary>
/// <remarks>
/// It believes nothing and checks nothing of what it keeps; <see cref="CentreStore"/> does. Every call may end with a
/// <see cref="CentreException"/>: <see cref="CentreFault.OutcomeUnknown"/> where a step may be there whole or not at
/// all, and
/// <see cref="CentreFault.Storage"/> where nothing was written.
/// </remarks>
internal interface ICentreDatabase : IDisposable
{
    /// <summary>A setting; null where there is none.</summary>
    string? Setting(string name);

    /// <summary>The ways to open the centre, in the order of their kinds.</summary>
    IReadOnlyList<StoredLock> Locks();

    /// <summary>All records, by kind and id in the order of their octets.</summary>
    IEnumerable<StoredRecord> Records();

    /// <summary>The audit log from its beginning.</summary>
    IEnumerable<AuditEntry> Entries();

    /// <summary>The last entry of the audit log; null where it is empty.</summary>
    AuditEntry? LastEntry();

    /// <summary>The chain of an entry; null where there is no such entry.</summary>
    byte[]? ChainAt(long sequence);

    /// <summary>Writes a step whole; when this returns it is durable.</summary>
    void Write(StoredTransaction step);
}
