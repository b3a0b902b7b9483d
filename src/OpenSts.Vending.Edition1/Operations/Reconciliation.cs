using OpenSts.Vending.IssueLog;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Money;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Operations;

/// <summary>What one register was asked for, by the issue log.</summary>
/// <param name="Register">1 to 99.</param>
/// <param name="Tokens">Tokens that the log has.</param>
/// <param name="LostAsks">Asks without an answer: the module may have counted so many orders more.</param>
public sealed record RegisterTotals(int Register, long Tokens, long LostAsks);

/// <summary>Log, issues and ledger held against each other.</summary>
/// <param name="At">When.</param>
/// <param name="Log">The log's own verification.</param>
/// <param name="Ledger">What is wrong with the ledger; null for nothing.</param>
/// <param name="SalesByLog">Sum of the sales in the log less what was taken back, in minor units.</param>
/// <param name="SalesByLedger">What the ledger has of the same sales, in minor units.</param>
/// <param name="Registers">Tokens by register, to be compared with the module's counters.</param>
public sealed record ReconciliationReport(DateTimeOffset At, LogReport Log, string? Ledger, long SalesByLog, long SalesByLedger, IReadOnlyList<RegisterTotals> Registers)
{
    /// <summary>True where nothing differs.</summary>
    public bool InOrder => Log.Fault == LogFault.None && Ledger is null && SalesByLog == SalesByLedger;
}

/// <summary>Makes the reconciliation.</summary>
public static class Reconciliation
{
    /// <summary>Reads everything once; takes as long as the log is.</summary>
    public static ReconciliationReport Run(IStore store, DateTimeOffset at, LogHead? witness = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.Read(session =>
        {
            var log = IssueLogVerifier.Verify(session, witness);
            var ledger = Money.Ledger.Verify(session)?.Detail;
            var byLog = session.Number("SELECT COALESCE(SUM(minor), 0) FROM issues WHERE kind = 'Sale' AND sandbox = 0 AND state = 'Issued'");
            // What a sale brought in, whatever accounts it went to, is all but the wallet's and the commission's lines.
            var byLedger = session.Number(
                "SELECT COALESCE(SUM(p.minor), 0) FROM postings p JOIN entries e ON e.number = p.entry JOIN issues i ON i.id = e.reference "
                + "WHERE e.kind = 'sale' AND i.state = 'Issued' AND p.account NOT LIKE 'wallet:%' AND p.account <> $1", Accounts.Commission);
            return new ReconciliationReport(at, log, ledger, byLog, byLedger, Registers(session));
        });
    }

    private static List<RegisterTotals> Registers(IStoreSession session)
    {
        var tokens = new SortedDictionary<int, (long Tokens, long Lost)>();
        var last = 0L;
        while (true)
        {
            var rows = IssueLogTable.Entries(session, last, 1000);
            foreach (var row in rows)
            {
                // What cannot be read is the verifier's business.
                foreach (var logged in (IssueLogTable.Read(row.Body)?.Tokens ?? []).Where(logged => logged.Kind != OrderKind.Test))
                    tokens[logged.Register] = (tokens.GetValueOrDefault(logged.Register).Tokens + logged.Count, tokens.GetValueOrDefault(logged.Register).Lost);
                last = row.Sequence;
            }

            if (rows.Count < 1000)
                break;
        }

        foreach (var issue in session.Query("SELECT body, attempts FROM issues WHERE attempts > 0 AND sandbox = 0", row => (Issue: Documents.StoredJson.TryRead<Issue>(row.Text(0)), Attempts: row.Number(1))))
        {
            foreach (var order in (issue.Issue?.Orders ?? []).Where(order => order.Register > 0))
                tokens[order.Register] = (tokens.GetValueOrDefault(order.Register).Tokens, tokens.GetValueOrDefault(order.Register).Lost + issue.Attempts);
        }

        return [.. tokens.Select(pair => new RegisterTotals(pair.Key, pair.Value.Tokens, pair.Value.Lost))];
    }
}
