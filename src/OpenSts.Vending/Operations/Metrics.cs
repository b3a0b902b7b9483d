using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Operations;

/// <summary>Counts for the operations board and for Prometheus.</summary>
public sealed class Metrics
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
    public string Write(IStore store, ModuleHealth health)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(health);
        var text = new StringBuilder();
        _ = text.Append("# HELP opensts_requests_total Requests by route and status.\n# TYPE opensts_requests_total counter\n");
        foreach (var ((method, route, status), count) in _requests.OrderBy(pair => pair.Key))
            _ = text.Append(CultureInfo.InvariantCulture, $"opensts_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {count}\n");
        _ = text.Append("# HELP opensts_request_seconds Time to answer.\n# TYPE opensts_request_seconds histogram\n");
        var sum = 0L;
        for (var i = 0; i < Bounds.Length; i++)
            _ = text.Append(CultureInfo.InvariantCulture, $"opensts_request_seconds_bucket{{le=\"{Bounds[i]}\"}} {sum += Interlocked.Read(ref _buckets[i])}\n");
        sum += Interlocked.Read(ref _buckets[Bounds.Length]);
        _ = text.Append(CultureInfo.InvariantCulture, $"opensts_request_seconds_bucket{{le=\"+Inf\"}} {sum}\nopensts_request_seconds_sum {Interlocked.Read(ref _microseconds) / 1e6}\nopensts_request_seconds_count {sum}\n");
        _ = text.Append("# HELP opensts_issues Issues by state.\n# TYPE opensts_issues gauge\n");
        var states = store.Read(session => session.Query("SELECT state, COUNT(*) FROM issues GROUP BY state", row => (State: row.Text(0), Count: row.Number(1)))).ToDictionary(row => row.State, row => row.Count);
        foreach (var state in Enum.GetNames<IssueState>())
            _ = text.Append(CultureInfo.InvariantCulture, $"opensts_issues{{state=\"{Api.FieldSpec.Kebab(state)}\"}} {states.GetValueOrDefault(state)}\n");
        var seen = health.Last;
        _ = text.Append("# HELP opensts_module_up 1 while the security module answers.\n# TYPE opensts_module_up gauge\n")
            .Append(CultureInfo.InvariantCulture, $"opensts_module_up {(seen.Up ? 1 : 0)}\n")
            .Append("# HELP opensts_module_round_trip_seconds The last round trip to it.\n# TYPE opensts_module_round_trip_seconds gauge\n")
            .Append(CultureInfo.InvariantCulture, $"opensts_module_round_trip_seconds {seen.RoundTrip.TotalSeconds}\n");
        return text.ToString();
    }
}
