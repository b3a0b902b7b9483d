using System.Collections.Concurrent;
using OpenSts.Vending.Documents;

namespace OpenSts.Vending.Storage.Journal;

/// <summary>A store whose every change is in a journal first: an old backup put in its place is noticed, and brought up to date.</summary>
/// <remarks>docs/decisions/restore.md. Where store and journal do not fit together nothing is written any more; what is stored can be read.</remarks>
public sealed class JournaledStore : IStore
{
    private readonly IStore _inner;
    private readonly TransactionJournal? _journal;
    private readonly TimeProvider _time;
    private readonly ConcurrentBag<FrameWriter> _writers = [];
    private volatile Refusal? _refusal;

    internal JournaledStore(IStore inner, TransactionJournal? journal, TimeProvider time, Refusal? refusal)
    {
        (_inner, _journal, _time) = (inner, journal, time);
        _refusal = refusal;
    }

    /// <inheritdoc/>
    public string Kind => _inner.Kind;

    /// <inheritdoc/>
    public Refusal? Refuses => _refusal;

    /// <inheritdoc/>
    public T Write<T>(Func<IStoreSession, T> work) => Change(_inner.Write, work);

    /// <inheritdoc/>
    public T Batch<T>(Func<IStoreSession, T> work) => Change(_inner.Batch, work);

    /// <inheritdoc/>
    public T Read<T>(Func<IStoreSession, T> work) => _inner.Read(work);

    /// <inheritdoc/>
    public T Look<T>(Func<IStoreSession, T> work) => _inner.Look(work);

    /// <summary>Closes journal and store.</summary>
    public void Dispose()
    {
        foreach (var writer in _writers)
            writer.Dispose();
        _journal?.Dispose();
        _inner.Dispose();
    }

    private T Change<T>(Func<Func<IStoreSession, T>, T> write, Func<IStoreSession, T> work)
    {
        // There is no journal only where there is a refusal.
        if (_refusal is not null || _journal is null)
            throw new StoreException(_refusal!.Detail);
        if (!_writers.TryTake(out var writer))
            writer = new FrameWriter();
        try
        {
            var session = new Session(this, _journal, writer);
            var result = write(inner => session.Run(inner, work));
            if (session.Wrote)
                _journal.Confirm();
            return result;
        }
        finally
        {
            writer.Clear();
            _writers.Add(writer);
        }
    }

    /// <summary>Takes down what the work writes; at its end the frame is on the disk and the store's row says so, all before the commit.</summary>
    private sealed class Session(JournaledStore store, TransactionJournal journal, FrameWriter writer) : IStoreSession
    {
        private readonly Dictionary<string, JournalPosition> _positions = new(StringComparer.Ordinal);
        private IStoreSession _inner = null!;
        private bool _checked;
        private long _ticket;

        public bool Wrote { get; private set; }

        public T Run<T>(IStoreSession inner, Func<IStoreSession, T> work)
        {
            _inner = inner;
            var result = work(this);
            if (writer.IsEmpty)
                return result;
            if (!_checked)
            {
                _inner.Each(JournalTable.Into(_positions));
                Check();
            }

            var place = writer.Seal(JournalTable.Head(_positions), store._time.GetUtcNow());
            _inner.Write([JournalTable.At(journal.Id, place)]);
            journal.Append(writer.Octets, place, _ticket);
            Wrote = true;
            return result;
        }

        public int Execute(string sql, params ReadOnlySpan<SqlValue> values)
        {
            var changed = _inner.Execute(sql, values);
            writer.Add(sql, values, changed);
            return changed;
        }

        public List<T> Query<T>(string sql, Func<ISqlRow, T> read, params ReadOnlySpan<SqlValue> values) => _inner.Query(sql, read, values);

        public void Ask(IReadOnlyList<Question> questions)
        {
            if (_checked)
            {
                _inner.Ask(questions);
                return;
            }

            // It goes with what is asked anyway, under the same lock.
            _inner.Ask([.. questions, JournalTable.Into(_positions)]);
            Check();
        }

        public void Write(IReadOnlyList<RowSet> sets)
        {
            _inner.Write(sets);
            var written = sets.Where(set => set.Rows.Count > 0).ToList();
            if (written.Count > 0)
                writer.Add(written);
        }

        private void Check()
        {
            _checked = true;
            if (journal.IsAt(_positions.GetValueOrDefault(journal.Id), out _ticket))
                return;
            store._refusal = JournalReplay.Restored($"The store has {JournalTable.Head(_positions).Sequence} transactions and its journal {journal.Last.Sequence}: a backup was put in its place while the server ran. Start the server again.");
            throw new StoreException(store._refusal.Detail);
        }
    }
}
