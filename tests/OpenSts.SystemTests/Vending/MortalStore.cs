using OpenSts.Vending.Documents;
using OpenSts.Vending.Storage;

namespace OpenSts.SystemTests.Vending;

/// <summary>Where a write ends badly.</summary>
internal enum WriteFault
{
    None,

    /// <summary>The process dies before the transaction begins.</summary>
    DiesBefore,

    /// <summary>The process dies after some statements: they are undone.</summary>
    DiesInside,

    /// <summary>The process dies when everything is done but the commit: it is undone.</summary>
    DiesBeforeCommit,

    /// <summary>The process dies after the commit and before anybody knows of it.</summary>
    DiesAfter,

    /// <summary>The store refuses before the transaction begins: disk full, no connection.</summary>
    FailsBefore,

    /// <summary>The store fails after some statements: they are undone.</summary>
    FailsInside,

    /// <summary>Only the commit fails: everything is undone.</summary>
    FailsBeforeCommit,

    /// <summary>The commit is kept and its answer is lost: a connection that breaks.</summary>
    FailsAfter,
}

/// <summary>The process is dead; nothing of it touches the store any more.</summary>
internal sealed class ProcessDiedException : Exception;

/// <summary>A store as one server process sees it, until the process dies at the step that a test chose.</summary>
internal sealed class MortalStore(IStore inner) : IStore
{
    private int _writesLeft;
    private int _statementsLeft;
    private WriteFault _fault;
    private volatile bool _dead;

    public string Kind => inner.Kind;

    public Refusal? Refuses => inner.Refuses;

    public bool IsDead => _dead;

    /// <summary>The fault that was arranged came to pass.</summary>
    public bool Happened { get; private set; }

    /// <summary>Arranges a fault in the write after next ones; inside, after so many statements.</summary>
    public void Arrange(WriteFault fault, int afterWrites, int afterStatements) =>
        (_fault, _writesLeft, _statementsLeft, Happened) = (fault, afterWrites, afterStatements, false);

    /// <summary>A new process on the same store.</summary>
    public void Revive()
    {
        _fault = WriteFault.None;
        _dead = false;
    }

    public T Write<T>(Func<IStoreSession, T> work) => Change(inner.Write, work);

    public T Batch<T>(Func<IStoreSession, T> work) => Change(inner.Batch, work);

    public T Read<T>(Func<IStoreSession, T> work)
    {
        Live();
        return inner.Read(work);
    }

    public T Look<T>(Func<IStoreSession, T> work)
    {
        Live();
        return inner.Look(work);
    }

    public void Dispose() => inner.Dispose();

    private T Change<T>(Func<Func<IStoreSession, T>, T> write, Func<IStoreSession, T> work)
    {
        Live();
        if (_fault == WriteFault.None || _writesLeft-- > 0)
            return write(work);
        var fault = _fault;
        _fault = WriteFault.None;
        switch (fault)
        {
            case WriteFault.DiesBefore or WriteFault.FailsBefore:
                throw Fault(fault);
            case WriteFault.DiesAfter or WriteFault.FailsAfter:
                _ = write(work);
                throw Fault(fault);
            case WriteFault.DiesBeforeCommit or WriteFault.FailsBeforeCommit:
                return write(session =>
                {
                    _ = work(session);
                    throw Fault(fault);
                });
            default:
                return write(session => work(new MortalSession(session, () => _statementsLeft-- > 0 ? null : Fault(fault))));
        }
    }

    private void Live()
    {
        if (_dead)
            throw new ProcessDiedException();
    }

    private Exception Fault(WriteFault fault)
    {
        Happened = true;
        if (fault is not (WriteFault.DiesBefore or WriteFault.DiesInside or WriteFault.DiesBeforeCommit or WriteFault.DiesAfter))
            return new StoreException(fault == WriteFault.FailsAfter ? "The connection was lost; whether the work was kept is unknown." : "No space is left on the device.");
        _dead = true;
        return new ProcessDiedException();
    }

    private sealed class MortalSession(IStoreSession inner, Func<Exception?> next) : IStoreSession
    {
        public int Execute(string sql, params ReadOnlySpan<SqlValue> values) => next() is { } fault ? throw fault : inner.Execute(sql, values);

        public List<T> Query<T>(string sql, Func<ISqlRow, T> read, params ReadOnlySpan<SqlValue> values) => next() is { } fault ? throw fault : inner.Query(sql, read, values);

        public void Ask(IReadOnlyList<Question> questions)
        {
            if (next() is { } fault)
                throw fault;
            inner.Ask(questions);
        }

        public void Write(IReadOnlyList<RowSet> sets)
        {
            if (next() is { } fault)
                throw fault;
            inner.Write(sets);
        }
    }
}
