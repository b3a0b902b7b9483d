namespace OpenSts.Vending.Client;

/// <summary>A sale of an earlier run with what came of it.</summary>
/// <param name="Sale">What was to be sold.</param>
/// <param name="Outcome">Decided, or still unknown.</param>
public sealed record FinishedSale(Sale Sale, VendOutcome Outcome);

/// <summary>Sells so that nothing is forgotten: the id is chosen and on the disk before the server is asked.</summary>
public sealed class Till(VendingClient client, SaleJournal journal)
{
    /// <summary>Sells under a new id.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up; <see cref="FinishAsync"/> finds the outcome out.</exception>
    public async Task<VendOutcome> SellAsync(Sale sale, CancellationToken cancellation = default)
    {
        var id = VendId.New();
        journal.Begin(id, sale);
        var outcome = await client.Vends.SellAsync(id, sale, cancellation).ConfigureAwait(false);
        if (outcome.IsDecided)
            journal.End(id);
        return outcome;
    }

    /// <summary>Finds out what came of every sale that has no outcome yet: once at the start, and again while one is unknown. Sends nothing that could make a token.</summary>
    /// <returns>In the order in which they began; those still unknown stay in the journal.</returns>
    public async Task<IReadOnlyList<FinishedSale>> FinishAsync(CancellationToken cancellation = default)
    {
        var finished = new List<FinishedSale>();
        foreach (var (id, sale) in journal.Unfinished)
        {
            var outcome = await client.Vends.FindOutcomeAsync(id, cancellation).ConfigureAwait(false);
            if (outcome.IsDecided)
                journal.End(id);
            finished.Add(new FinishedSale(sale, outcome));
        }

        return finished;
    }
}
