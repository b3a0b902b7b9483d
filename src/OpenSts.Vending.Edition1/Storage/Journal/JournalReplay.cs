using OpenSts.Vending.Documents;

namespace OpenSts.Vending.Storage.Journal;

/// <summary>Another process wrote into the store while a journal was held against it.</summary>
internal sealed class StoreMovedException : Exception;

/// <summary>Puts back what a store lacks and its journals have.</summary>
internal static class JournalReplay
{
    private const int AtOnce = 200;

    /// <summary>The refusal of a store that does not fit to its journal.</summary>
    public static Refusal Restored(string detail) => new("restored", detail);

    /// <summary>Does again, in the order in which they were committed, the transactions behind the store's last.</summary>
    /// <param name="store">Not journaled itself, or everything would be written twice.</param>
    /// <param name="folders">The journals, each of one server.</param>
    /// <param name="replayed">How many transactions were done.</param>
    /// <returns>Null where nothing is left; otherwise what is missing.</returns>
    /// <exception cref="StoreException">A journal is damaged, or the store answers otherwise than it did then.</exception>
    /// <exception cref="StoreMovedException">Another process wrote meanwhile: look again.</exception>
    public static string? Run(IStore store, IReadOnlyList<string> folders, out int replayed)
    {
        replayed = 0;
        var head = JournalTable.Head(store.Read(JournalTable.Read));
        var cursors = folders.Select(folder => JournalSegment.In(folder) is [var first, ..]
            ? new Cursor(first.Journal, TransactionJournal.Frames(folder, head.Sequence))
            : throw new StoreException($"There is no journal in {folder}.")).ToList();
        try
        {
            var ready = new List<(string Journal, JournalFrame Frame)>();
            while (Next(cursors, head) is { } next)
            {
                ready.Add((next.Journal, next.Ahead[0]));
                head = next.Ahead[0].Position;
                foreach (var cursor in cursors)
                    cursor.GoBehind(head.Sequence);
                if (ready.Count == AtOnce)
                    replayed += Apply(store, ready);
            }

            replayed += Apply(store, ready);
            var left = cursors.Where(cursor => cursor.Ahead.Count > 0).MinBy(cursor => cursor.Ahead[0].Position.Sequence);
            return left is null ? null : $"Transaction {head.Sequence + 1} is in none of the journals; the next that is there is {left.Ahead[0].Position.Sequence}.";
        }
        finally
        {
            foreach (var cursor in cursors)
                cursor.Dispose();
        }
    }

    // Two servers may have written behind the same transaction: one of them died before its commit. The committed one has a successor, or is the later.
    private static Cursor? Next(List<Cursor> cursors, JournalPosition head)
    {
        var fitting = cursors.Where(cursor => cursor.Ahead is [var frame, ..] && frame.Previous == head).ToList();
        return fitting.Count < 2
            ? fitting.FirstOrDefault()
            : fitting.OrderByDescending(cursor => cursors.Any(other => other.Ahead.Any(frame => frame.Previous == cursor.Ahead[0].Position))).ThenByDescending(cursor => cursor.Ahead[0].At).First();
    }

    private static int Apply(IStore store, List<(string Journal, JournalFrame Frame)> ready)
    {
        if (ready.Count == 0)
            return 0;
        var done = store.Batch(session =>
        {
            if (JournalTable.Head(JournalTable.Read(session)) != ready[0].Frame.Previous)
                throw new StoreMovedException();
            foreach (var (_, frame) in ready)
                frame.Replay(session);
            session.Write([.. ready.GroupBy(step => step.Journal).Select(steps => JournalTable.At(steps.Key, steps.Last().Frame.Position))]);
            return ready.Count;
        });
        ready.Clear();
        return done;
    }

    /// <summary>The next two frames of a journal.</summary>
    private sealed class Cursor : IDisposable
    {
        private readonly IEnumerator<JournalFrame> _frames;

        public Cursor(string journal, IEnumerable<JournalFrame> frames)
        {
            (Journal, _frames) = (journal, frames.GetEnumerator());
            Fill();
        }

        public string Journal { get; }

        public List<JournalFrame> Ahead { get; } = [];

        public void GoBehind(long sequence)
        {
            _ = Ahead.RemoveAll(frame => frame.Position.Sequence <= sequence);
            Fill();
        }

        public void Dispose() => _frames.Dispose();

        private void Fill()
        {
            while (Ahead.Count < 2 && _frames.MoveNext())
                Ahead.Add(_frames.Current);
        }
    }
}
