using OpenSts.Vending.Client;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.IssueLog;

/// <summary>Writes the issue log into a file that can be verified without the store.</summary>
public static class IssueLogExport
{
    private const int Chunk = 1000;

    /// <summary>Writes every entry as it is stored, and the head; from one consistent picture of the store.</summary>
    /// <returns>The head as the store has it.</returns>
    public static LogHead Write(IStore store, Stream file)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.Read(session =>
        {
            var head = IssueLogTable.Head(session);
            IssueLogFile.Write(file, Entries(session), new(head.Sequence, head.Hash));
            return head;
        });
    }

    private static IEnumerable<LogEntry> Entries(IStoreSession session)
    {
        var after = 0L;
        while (true)
        {
            var entries = IssueLogTable.Entries(session, after, Chunk);
            foreach (var entry in entries)
                yield return entry;
            if (entries.Count < Chunk)
                yield break;
            after = entries[^1].Sequence;
        }
    }
}
