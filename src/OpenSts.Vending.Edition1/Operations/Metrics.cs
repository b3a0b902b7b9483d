using System.Collections.Concurrent;
using System.Globalization;
using OpenSts.Vending.Api;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Operations;

/// <summary>Counts requests, and shows what an operator watches, for Prometheus.</summary>
public sealed class Metrics(IStore store, ModuleHealth health, LastReconciliation last, TimeProvider time)
{
    private static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private readonly ConcurrentDictionary<(string Method, string Route, int Status), long> _requests = new();
    private readonly long[] _buckets = new long[Bounds.Length + 1];
    private long _microseconds;

    /// <summary>Counts a request that was answered.</summary>
    public void Count(string method, string route, int status, TimeSpan took)
    {
        _ = _requests.AddOrUpdate((method, route, status), 1, (_, count) => count + 1);
        var at = Array.FindIndex(Bounds, bound => took.TotalSeconds <= bound);
        _ = Interlocked.Increment(ref _buckets[at < 0 ? Bounds.Length : at]);
        _ = Interlocked.Add(ref _microseconds, (long)took.TotalMicroseconds);
    }

    /// <summary>Everything in the text form of Prometheus, version 0.0.4.</summary>
    public string Write()
    {
        var text = new PrometheusText();
        Requests(text);
        Issues(text);
        Module(text);
        Ends(text);
        Evidence(text);
        return text.ToString();
    }

    private void Requests(PrometheusText text)
    {
        text.Family("opensts_requests_total", "counter", "Requests by route and status.");
        foreach (var ((method, route, status), count) in _requests.OrderBy(pair => pair.Key))
            text.Sample(count, ("method", method), ("route", route), ("status", status.ToString(CultureInfo.InvariantCulture)));
        text.Family("opensts_request_seconds", "histogram", "Time to answer.");
        var sum = 0L;
        for (var i = 0; i < Bounds.Length; i++)
            text.Sample("_bucket", sum += Interlocked.Read(ref _buckets[i]), ("le", Bounds[i].ToString(CultureInfo.InvariantCulture)));
        text.Sample("_bucket", sum += Interlocked.Read(ref _buckets[Bounds.Length]), ("le", "+Inf"));
        text.Sample("_sum", Interlocked.Read(ref _microseconds) / 1e6);
        text.Sample("_count", sum);
    }

    // Only states that few issues are in are counted: a store of a billion sales is not read through for each scrape.
    private void Issues(PrometheusText text)
    {
        var now = time.GetUtcNow();
        IssueState[] waiting = [IssueState.Pending, IssueState.AwaitingApproval];
        var (counts, oldest, numbers) = store.Read(session => (
            waiting.Select(state => session.Number("SELECT COUNT(*) FROM issues WHERE state = $1 AND state IN ('Pending', 'AwaitingApproval')", state.ToString())).ToArray(),
            session.Number("SELECT COALESCE(MIN(created), 0) FROM issues WHERE state = 'Pending'"),
            session.Number("SELECT value FROM counters WHERE name = 'issues'")));
        text.Family("opensts_issues", "gauge", "Issues that wait: pending ones have an unknown outcome.");
        for (var i = 0; i < waiting.Length; i++)
            text.Sample(counts[i], ("state", FieldSpec.Kebab(waiting[i].ToString())));
        text.Family("opensts_unknown_outcome_seconds", "gauge", "Age of the oldest unknown outcome; 0 for none.");
        text.Sample(oldest == 0 ? 0 : Math.Max(0, (now - DateTimeOffset.FromUnixTimeMilliseconds(oldest)).TotalSeconds));
        text.Family("opensts_issues_total", "counter", "Issues of every kind that were begun since the store was made.");
        text.Sample(numbers);
    }

    private void Module(PrometheusText text)
    {
        var seen = health.Last;
        text.Family("opensts_module_up", "gauge", "1 while the security module answers.");
        text.Sample(seen.Up ? 1 : 0);
        text.Family("opensts_module_round_trip_seconds", "gauge", "The last round trip to it.");
        text.Sample(seen.RoundTrip.TotalSeconds);
    }

    private void Ends(PrometheusText text)
    {
        var now = time.GetUtcNow();
        var (keys, dates) = store.Read(session => (Deadlines.Keys(session, now), Deadlines.BaseDates(session, now)));
        text.Family("opensts_key_days_left", "gauge", "Days until a vending key expires; keys without an end are left out.");
        foreach (var (group, key, end) in keys)
        {
            text.Sample(end.DaysLeft, ("supply_group", group.Code.ToString()), ("revision", key.KeyRevisionNumber.ToString(CultureInfo.InvariantCulture)), ("key_type", key.KeyType.ToString()),
                ("current", key.KeyRevisionNumber == group.CurrentKeyRevision ? "true" : "false"));
        }

        text.Family("opensts_base_date_days_left", "gauge", "Days for which a base date has token identifiers.");
        foreach (var (date, inUse) in dates)
            text.Sample(date.DaysLeft, ("base_date", date.Name), ("in_use", inUse ? "true" : "false"));
        text.Family("opensts_deadlines", "gauge", "Keys, and base dates of keys, that end within 90 days (notice), 30 (warning) or 7 (alarm).");
        foreach (var (kind, ends) in new[] { ("key", keys.Select(key => key.End)), ("base-date", dates.Where(date => date.InUse).Select(date => date.End)) })
        {
            foreach (var level in new[] { DeadlineLevel.Notice, DeadlineLevel.Warning, DeadlineLevel.Alarm })
                text.Sample(ends.Count(end => end.Level == level), ("kind", kind), ("level", FieldSpec.Kebab(level.ToString())));
        }
    }

    private void Evidence(PrometheusText text)
    {
        text.Family("opensts_reconciliation_in_order", "gauge", "1 where log, issues and ledger agreed the last time; nothing before the first time.");
        if (last.Report is not { } report)
            return;
        text.Sample(report.InOrder ? 1 : 0);
        text.Family("opensts_reconciliation_timestamp_seconds", "gauge", "When they were held against each other.");
        text.Sample(report.At.ToUnixTimeSeconds());
    }
}
