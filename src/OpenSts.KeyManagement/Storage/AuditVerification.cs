using System.Security.Cryptography;
using OpenSts.KeyManagement.Audit;

namespace OpenSts.KeyManagement.Storage;

/// <summary>
/// Reads an audit log from its beginning, believing nothing, and holds the records as they are against what it says.
/// </summary>
internal static class AuditVerification
{
    /// <summary>The first thing that is wrong, or that nothing is.</summary>
    /// <param name="entries">In their order.</param>
    /// <param name="records">All records as they are.</param>
    /// <param name="master">Checks the MACs.</param>
    /// <param name="take">Gets every entry that is in order.</param>
    public static AuditReport Run(
        IEnumerable<AuditEntry> entries, IEnumerable<StoredRecord> records, MasterKey master, Action<AuditEntry>? take)
    {
        var chain = new byte[32];
        var expected = new Dictionary<string, string>(StringComparer.Ordinal);
        var count = 0L;
        foreach (var entry in entries)
        {
            if (entry.Sequence != count + 1)
                return new AuditReport(false, count, $"entry {count + 1} of the audit log is missing");
            chain = entry.ChainAfter(chain);
            if (!CryptographicOperations.FixedTimeEquals(chain, entry.Chain)
                || !CryptographicOperations.FixedTimeEquals(entry.Mac, master.MacOfLog(chain)))
                return new AuditReport(false, count, $"entry {entry.Sequence} of the audit log was altered");
            foreach (var (record, hash) in entry.Lines)
                expected[record] = hash;
            take?.Invoke(entry);
            count++;
        }

        foreach (var (kind, id, body, _) in records)
        {
            if (!expected.Remove($"{kind}/{id}", out var hash) || hash != AuditEntry.HashOf(body))
                return new AuditReport(false, count,
                    $"the record {kind} {id} is not what the audit log says was written last");
        }

        return expected.Count == 0
            ? new AuditReport(true, count, $"{count} entries, all in order; every record is what they say")
            : new AuditReport(false, count, $"the record {expected.Keys.First()} is gone");
    }
}
