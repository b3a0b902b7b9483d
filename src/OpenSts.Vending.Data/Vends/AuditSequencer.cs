using OpenSts.Vending.Data.Stores;

namespace OpenSts.Vending.Data.Vends;

/// <summary>Numbers the entries of the audit queue, in the order in which they became visible. Works on one server at
/// a time.</summary>
/// <remarks>
/// An entry that was written early and committed late is simply numbered late: no number is taken before its
/// transaction is committed, so
/// none is ever passed over.
/// </remarks>
/// <param name="store">The store.</param>
public sealed class AuditSequencer(VendStore store)
{
    /// <summary>Numbers what waits.</summary>
    /// <param name="most">The most entries of one transaction.</param>
    /// <returns>How many were numbered; 0 where nothing waits or another server is at it.</returns>
    /// <exception cref="StoreException">The store cannot be used; nothing was numbered.</exception>
    public async Task<int> NumberAsync(int most = 1000)
    {
        ArgumentNullException.ThrowIfNull(store);
        var transaction = await store.Database.BeginAsync().ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            var (mine, next, queued) = (false, 0L, new List<long>());
            await transaction.QueryAsync([new StoreQuery("lock-sequencer", row => mine = row.Number() == 1)])
                .ConfigureAwait(false);
            if (!mine)
                return 0;
            await transaction.QueryAsync(
            [
                new StoreQuery("last-sequence", row => next = (row.NumberOrNull() ?? -1) + 1),
                new StoreQuery("queued-entries", row => queued.Add(row.Number()), (long)most),
            ]).ConfigureAwait(false);
            if (queued.Count == 0)
                return 0;
            var now = store.Now;
            await transaction.WriteAsync([],
            [
                new StoreCommand("number-entry", [.. queued.Select((id, at) => new object?[] { next + at, id, now })]),
                new StoreCommand("forget-queued-entry", [.. queued.Select(id => new object?[] { id })]),
            ]).ConfigureAwait(false);
            await transaction.CommitAsync().ConfigureAwait(false);
            return queued.Count;
        }
    }
}
