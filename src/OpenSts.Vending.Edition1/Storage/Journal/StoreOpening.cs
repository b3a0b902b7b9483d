using System.Security.Cryptography;
using OpenSts.Vending.Documents;
using OpenSts.Vending.IssueLog;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Money;

namespace OpenSts.Vending.Storage.Journal;

/// <summary>Where the journal of a server is, and how long its files are kept.</summary>
public sealed record JournalPlace
{
    /// <summary>The folder; best on another volume than the store, and never in its backup.</summary>
    public required string Folder { get; init; }

    /// <summary>The journals of the other servers on the same store, where they are at hand.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>How long a file is kept after its last transaction.</summary>
    public TimeSpan Kept { get; init; } = TimeSpan.FromDays(35);

    /// <summary>How large a file grows before the next is begun, in octets.</summary>
    public long FileOctets { get; init; } = 64 << 20;
}

/// <summary>Brings a store and its journal together: when a server starts, and when an operator decides what cannot be known.</summary>
/// <param name="store">The store itself, not journaled.</param>
/// <param name="place">Where its journal is.</param>
/// <param name="time">The clock.</param>
public sealed class StoreOpening(IStore store, JournalPlace place, TimeProvider time)
{
    /// <summary>Opens the store with its journal; what a backup lacks is put back first.</summary>
    /// <param name="replayed">How many transactions were put back.</param>
    /// <returns>The store, which has this one inside; where it cannot be completed, <see cref="IStore.Refuses"/> says why nothing is written.</returns>
    /// <exception cref="StoreException">The journal is damaged, or not of this store.</exception>
    public JournaledStore Open(out int replayed)
    {
        replayed = 0;
        if (IsUnused(out var positions) && positions.Count == 0)
            Begin(IsEmpty() ? JournalPosition.Start : Unlike(0), forget: []);
        if (TransactionJournal.Open(place) is not { } journal)
            return new JournaledStore(store, null, time, JournalReplay.Restored($"The store has transactions of {positions.Count} journals and there is none in {place.Folder}. {Decide}"));
        if (Misfit(journal, ref replayed) is not { } misfit)
            return new JournaledStore(store, journal, time, null);
        journal.Dispose();
        return new JournaledStore(store, null, time, JournalReplay.Restored(misfit));
    }

    /// <summary>Begins a journal for one more server, or in place of a lost one, on a store of which the operator says that it is complete.</summary>
    /// <returns>What was done, or that nothing was to be done.</returns>
    public string Join()
    {
        if (Refuses() is null)
            return Nothing;
        var positions = store.Read(JournalTable.Read);
        Begin(JournalTable.Head(positions), forget: [.. JournalSegment.In(place.Folder).Take(1).Select(segment => segment.Journal)]);
        return $"A new journal is begun in {place.Folder} behind transaction {JournalTable.Head(positions).Sequence}.";
    }

    /// <summary>Takes the store as it is although what was sold since may be missing: no identifier that was given comes again, and nothing that was under way is made twice.</summary>
    /// <remarks>
    /// What the store calls pending may have been issued since and its tokens given out. To make them again would be a second set of tokens with the same identifiers, so
    /// these issues are refused for ever and their money goes back, as it does for all that the store does not know.
    /// </remarks>
    /// <returns>What was done, or that nothing was to be done.</returns>
    public string AcceptLoss()
    {
        if (Refuses() is not { } refusal)
            return Nothing;
        var now = time.GetUtcNow();
        var kept = JournalSegment.In(place.Folder) is [.., var last] ? last.Frames().LastOrDefault().Frame?.Position ?? last.Before : JournalPosition.Start;
        store.Write(session =>
        {
            IdentifierMarks.BarGiven(session, now);
            foreach (var issue in IssueTable.InState(session, IssueState.Pending, int.MaxValue))
            {
                var lost = new Refusal("lost-in-restore", $"The issue {issue.Id} was under way in the backup that the store was restored from.");
                if (IssueTable.TryMove(session, IssueState.Pending, issue with { State = IssueState.Refused, Refusal = lost, Completed = now }))
                    Ledger.Reverse(session, now, "sale", issue.Id);
            }

            _ = IssueLogTable.AppendRestored(session, kept.Sequence, kept.Hash, now);
        });
        var positions = store.Read(JournalTable.Read);
        // Behind a place that no journal has: what the others still hold does not fit any more, and their servers say so.
        Begin(Unlike(JournalTable.Head(positions).Sequence + 1), forget: [.. positions.Keys]);
        return $"{refusal} The store is taken as it is: identifiers up to {(now + IdentifierMarks.MostAhead).UtcDateTime:yyyy-MM-dd HH:mm} UTC are barred, a new journal is begun.";
    }

    private const string Nothing = "Store and journal fit together; nothing is to be done.";
    private const string Decide = "Where the store is complete, run 'sts-vending join'; where it is an old backup, put the journals back, or run 'sts-vending accept-loss'.";

    private string? Refuses()
    {
        using var journal = IsUnused(out _) ? null : TransactionJournal.Open(place);
        var replayed = 0;
        return journal is null ? $"There is no journal in {place.Folder}." : Misfit(journal, ref replayed);
    }

    // Replays what there is to replay; then why store and journal do not fit, or null.
    private string? Misfit(TransactionJournal journal, ref int replayed)
    {
        while (true)
        {
            var positions = store.Read(JournalTable.Read);
            var (row, head) = (positions.GetValueOrDefault(journal.Id), JournalTable.Head(positions));
            if (row == journal.Last)
                return null;
            if (row is null && (positions.Count > 0 || !IsEmpty()))
                return $"The store knows nothing of the journal in {place.Folder}. {Decide}";
            if (row?.Sequence > journal.Last.Sequence)
                return $"The journal in {place.Folder} ends at transaction {journal.Last.Sequence} and the store has {row.Sequence} of it. {Decide}";
            // The last of this journal was never committed, and other servers went on.
            if (head.Sequence >= journal.Last.Sequence && journal.IsAt(row, out _))
                return null;
            string? missing;
            try
            {
                missing = JournalReplay.Run(store, [place.Folder, .. place.Others], out var done);
                replayed += done;
            }
            catch (StoreMovedException)
            {
                continue;
            }

            if (missing is not null)
                return $"The store is an old backup or another store. {missing} Run 'sts-vending reconcile' with the journals of all servers; where one is lost, 'sts-vending accept-loss'.";
            if (store.Read(JournalTable.Read).GetValueOrDefault(journal.Id) != journal.Last)
                return $"The store has other transactions than the journal in {place.Folder}. {Decide}";
        }
    }

    // No journal, or one that was begun and of which the store was never told.
    private bool IsUnused(out Dictionary<string, JournalPosition> positions)
    {
        positions = store.Read(JournalTable.Read);
        return JournalSegment.In(place.Folder) switch
        {
            [] => true,
            [var only] => !positions.ContainsKey(only.Journal) && !only.Frames().Any(),
            _ => false,
        };
    }

    private void Begin(JournalPosition before, IReadOnlyCollection<string> forget)
    {
        var id = TransactionJournal.Begin(place.Folder, before);
        store.Write(session =>
        {
            foreach (var old in forget)
                _ = session.Execute("DELETE FROM journals WHERE id = $1", old);
            session.Write([JournalTable.At(id, before)]);
        });
    }

    private bool IsEmpty() => store.Read(session =>
        session.Number("SELECT (SELECT COUNT(*) FROM entries) + (SELECT COUNT(*) FROM documents) + (SELECT COUNT(*) FROM customers) + (SELECT COUNT(*) FROM meters)")) == 0;

    // A place that no other journal can continue from.
    private static JournalPosition Unlike(long sequence) => new(sequence, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
}
