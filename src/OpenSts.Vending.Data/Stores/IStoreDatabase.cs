namespace OpenSts.Vending.Data.Stores;

/// <summary>A question to the store: a named statement, what is done with each row, and its parameters.</summary>
/// <param name="Statement">A name of the statements file.</param>
/// <param name="Read">Called for each row.</param>
/// <param name="Parameters">Texts, whole numbers, instants, days, octets, or lists of texts or numbers for
/// <c>ANY</c>.</param>
internal sealed record StoreQuery(string Statement, Action<StoreRow> Read, params object?[] Parameters);

/// <summary>A change by a named statement; a statement for many rows is executed once for each.</summary>
/// <param name="Statement">A name of the statements file.</param>
/// <param name="Rows">The parameters of each execution.</param>
internal sealed record StoreCommand(string Statement, IReadOnlyList<object?[]> Rows);

/// <summary>One transaction. It is undone when it is disposed without a commit.</summary>
internal interface IStoreTransaction : IAsyncDisposable
{
    /// <summary>Asks several questions in order, in one message where the store takes them so.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    Task QueryAsync(IReadOnlyList<StoreQuery> queries);

    /// <summary>Writes rows and executes statements in order, in one message where the store takes them so.</summary>
    /// <exception cref="StoreException">The store failed or refused.</exception>
    Task WriteAsync(IReadOnlyList<IRowSet> rows, IReadOnlyList<StoreCommand> commands);

    /// <summary>Makes it durable. It has no time-out: a commit that is cut off may have happened.</summary>
    /// <exception cref="StoreException">The outcome is not known.</exception>
    Task CommitAsync();
}

/// <summary>A store: PostgreSQL or an SQLite file.</summary>
internal interface IStoreDatabase : IAsyncDisposable
{
    /// <summary>True where other sessions may hold rows.</summary>
    bool HasRowLocks { get; }

    /// <summary>Begins a transaction.</summary>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    Task<IStoreTransaction> BeginAsync();

    /// <summary>Reads by statements that need no common snapshot.</summary>
    /// <exception cref="StoreException">The store failed.</exception>
    Task ReadAsync(params IReadOnlyList<StoreQuery> queries);

    /// <summary>Makes the partitions around a month, where the store has any.</summary>
    Task EnsurePartitionsAsync(DateOnly month);
}
