using System.Text.Json;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Operations;

/// <summary>What happens without anybody asking: unknown outcomes are resolved, the module is looked at, log and ledger are reconciled each night.</summary>
internal sealed partial class Background(IStore store, IssueDesk desk, ModuleHealth health, ClockGuard clock, LastReconciliation last, VendingSettings settings, TimeProvider time, ILogger<Background> log) : BackgroundService
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);
    private const int AtOnce = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Step, time);
        do
        {
            try
            {
                await StepAsync().ConfigureAwait(false);
            }
            catch (Exception error) when (error is StoreException or JsonException)
            {
                // A row that cannot be read must not end the server.
                StoreFailed(error.Message);
            }
        }
        while (await NextAsync(timer, stoppingToken).ConfigureAwait(false));
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task StepAsync()
    {
        var sight = await health.AskAsync().ConfigureAwait(false);
        await clock.CompareAsync().ConfigureAwait(false);
        // Says each time whether the store can be written and is the one that it was.
        store.Write(session => Counters.Next(session, Counters.Health));
        var now = time.GetUtcNow();
        if (sight.Up)
        {
            foreach (var issue in store.Read(session => IssueTable.InState(session, IssueState.Pending, AtOnce)).Where(issue => now - issue.Created > settings.ResolveAfter))
            {
                var answer = await desk.ResolveAsync(issue.Id, releases: false).ConfigureAwait(false);
                Resolved(issue.Id, answer.Outcome);
            }
        }

        if (last.Report is null || settings.Day(last.Report.At) != settings.Day(now))
        {
            var report = Reconciliation.Run(store, now);
            last.Report = report;
            if (!report.InOrder)
                Differs(report.Log.Detail, report.Ledger ?? "in order", report.SalesByLog, report.SalesByLedger);
            Remind(now);
        }
    }

    // Once a day: what ends soon, and what was made yesterday without being sold.
    private void Remind(DateTimeOffset now)
    {
        var (keys, dates) = store.Read(session => (Deadlines.Keys(session, now), Deadlines.BaseDates(session, now)));
        foreach (var end in keys.Select(key => key.End).Concat(dates.Where(date => date.InUse).Select(date => date.End)))
        {
            if (end.Level == DeadlineLevel.Alarm)
                EndsNow(end.Name, end.DaysLeft);
            else if (end.Level != DeadlineLevel.Calm)
                EndsSoon(end.Name, end.DaysLeft, end.Level);
        }

        var digest = DailyDigest.Run(store, settings, settings.Day(now).AddDays(-1));
        if (digest.Entries.Count + digest.Waiting.Count > 0)
            Digest(digest.Day, digest.Issued(IssueKind.Engineering), digest.Issued(IssueKind.Replacement), digest.Issued(IssueKind.Sale), digest.Issued(IssueKind.KeyChange), digest.Waiting.Count);
    }

    [LoggerMessage(1001, LogLevel.Information, "Issue {Id}, whose outcome was unknown, is {Outcome}")]
    private partial void Resolved(string id, IssueOutcome outcome);

    [LoggerMessage(1002, LogLevel.Error, "Reconciliation differs: log: {Found}; ledger: {Ledger}; sales by log {ByLog}, by ledger {ByLedger}")]
    private partial void Differs(string found, string ledger, long byLog, long byLedger);

    [LoggerMessage(1003, LogLevel.Error, "The store cannot be used: {Message}")]
    private partial void StoreFailed(string message);

    [LoggerMessage(1004, LogLevel.Warning, "{Name} ends in {Days} days ({Level})")]
    private partial void EndsSoon(string name, int days, DeadlineLevel level);

    [LoggerMessage(1005, LogLevel.Error, "{Name} ends in {Days} days: change keys now")]
    private partial void EndsNow(string name, int days);

    [LoggerMessage(1006, LogLevel.Information, "Not sold on {Day}: {Engineering} engineering, {Replacements} replacement, {Free} free, {KeyChanges} key change; {Waiting} wait for a second person")]
    private partial void Digest(DateOnly day, int engineering, int replacements, int free, int keyChanges, int waiting);
}

/// <summary>The last reconciliation, for the operations board.</summary>
public sealed class LastReconciliation
{
    private volatile ReconciliationReport? _report;

    /// <summary>Null until the first one.</summary>
    public ReconciliationReport? Report
    {
        get => _report;
        set => _report = value;
    }
}
