using System.Globalization;
using System.Text;
using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.IssueLog;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Operations;

/// <summary>Tokens that nobody paid for in full, or that change a meter: what a second pair of eyes looks at each day.</summary>
/// <param name="At">When they were made or taken back; when they were asked for, for what waits.</param>
/// <param name="Event">issued, reversed or awaiting-approval.</param>
/// <param name="Issue">The id.</param>
/// <param name="Number">The server's number.</param>
/// <param name="Kind">Engineering, replacement, key change, or a sale with a free allocation.</param>
/// <param name="What">The token in words: its kind and value.</param>
/// <param name="Meter">MeterPAN; null for a test token.</param>
/// <param name="AskedBy">The first identity.</param>
/// <param name="ApprovedBy">The second identity; null where none is needed or none came yet.</param>
/// <param name="Reason">Why.</param>
/// <param name="WorkOrder">The paper behind it.</param>
/// <param name="Original">The sale that a replacement is of.</param>
public sealed record DigestEntry(DateTimeOffset At, string Event, string Issue, long Number, IssueKind Kind, string What, string? Meter, string AskedBy, string? ApprovedBy, string? Reason, string? WorkOrder, string? Original);

/// <summary>The digest of a local day.</summary>
/// <param name="Day">The day.</param>
/// <param name="Entries">What the issue log has of it, in its order.</param>
/// <param name="Waiting">What waits for a second person now, the oldest first.</param>
public sealed record DigestReport(DateOnly Day, IReadOnlyList<DigestEntry> Entries, IReadOnlyList<DigestEntry> Waiting)
{
    /// <summary>How many of a kind were issued.</summary>
    public int Issued(IssueKind kind) => Entries.Count(entry => entry.Kind == kind && entry.Event == IssueLogTable.Issued);

    internal const string WaitingEvent = "awaiting-approval";
}

/// <summary>Engineering, free, replacement and key change tokens of a day: who asked, who approved, why. Read from the issue log, which has every token.</summary>
public static class DailyDigest
{
    private const int Chunk = 1000;
    private const int MostWaiting = 1000;

    /// <summary>Makes the digest.</summary>
    public static DigestReport Run(IStore store, VendingSettings settings, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(settings);
        var (start, end) = (settings.DayStart(day), settings.DayStart(day.AddDays(1)));
        return store.Read(session =>
        {
            var entries = new List<DigestEntry>();
            var after = Before(session, start - settings.ClockTolerance);
            var last = Before(session, end + settings.ClockTolerance);
            while (after < last)
            {
                // Paid sales are most of a day; what is left out here could not be in a digest.
                var rows = session.Query(
                    "SELECT sequence, body FROM issue_log WHERE sequence > $1 AND sequence <= $2 AND (body NOT LIKE '%\"kind\":\"sale\"%' OR body LIKE '%\"kind\":\"free\"%') ORDER BY sequence LIMIT $3",
                    row => (Sequence: row.Number(0), Body: IssueLogTable.Read(row.Text(1))), after, last, Chunk);
                foreach (var (_, body) in rows)
                {
                    if (body is not null && body.At >= start && body.At < end && IssueTable.Find(session, body.Issue) is { } issue)
                        entries.Add(Entry(issue, body.At, body.Event, body.ApprovedBy));
                }

                if (rows.Count < Chunk)
                    break;
                after = rows[^1].Sequence;
            }

            var waiting = IssueTable.InState(session, IssueState.AwaitingApproval, MostWaiting);
            return new DigestReport(day, entries, [.. waiting.Select(issue => Entry(issue, issue.Created, DigestReport.WaitingEvent, null))]);
        });
    }

    /// <summary>The digest as text, a paragraph for each entry.</summary>
    public static string Text(DigestReport report, VendingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(settings);
        var text = new StringBuilder();
        _ = text.Append(CultureInfo.InvariantCulture, $"{settings.UtilityName}: tokens that were not sold, {report.Day:yyyy-MM-dd}\n\n")
            .Append(CultureInfo.InvariantCulture, $"{report.Issued(IssueKind.Engineering)} engineering, {report.Issued(IssueKind.Replacement)} replacement, {report.Issued(IssueKind.Sale)} free, {report.Issued(IssueKind.KeyChange)} key change; ")
            .Append(CultureInfo.InvariantCulture, $"{report.Entries.Count(entry => entry.Event != IssueLogTable.Issued)} taken back; {report.Waiting.Count} waiting for a second person\n");
        foreach (var entry in report.Entries.Concat(report.Waiting))
        {
            var local = TimeZoneInfo.ConvertTime(entry.At, settings.TimeZone);
            _ = text.Append(CultureInfo.InvariantCulture, $"\n{local:yyyy-MM-dd HH:mm}  {entry.Event}  {entry.What}  meter {entry.Meter ?? "none"}\n")
                .Append(CultureInfo.InvariantCulture, $"  asked for by {entry.AskedBy}, {(entry.ApprovedBy is null ? "nobody approved" : "approved by " + entry.ApprovedBy)}; number {entry.Number}, {entry.Issue}\n");
            foreach (var (name, value) in new[] { ("reason", entry.Reason), ("work order", entry.WorkOrder), ("in place of", entry.Original) })
            {
                if (!string.IsNullOrEmpty(value))
                    _ = text.Append("  ").Append(name).Append(": ").Append(value).Append('\n');
            }
        }

        return text.ToString();
    }

    // The last entry before a time. The log is in order of time, so a dozen looks find it.
    private static long Before(IStoreSession session, DateTimeOffset time)
    {
        var (low, high) = (0L, IssueLogTable.Head(session).Sequence);
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            // A gap or an entry that cannot be read tells nothing: then more is read than needed.
            var at = IssueLogTable.Entries(session, middle - 1, 1) is [var entry] ? IssueLogTable.Read(entry.Body)?.At : null;
            if (at < time)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    private static DigestEntry Entry(Issue issue, DateTimeOffset at, string what, string? approvedBy) => new(at, what, issue.Id, issue.Number, issue.Kind, What(issue),
        issue.Meter?.Pan.ToString(), issue.Operator, approvedBy, issue.Reason, issue.WorkOrder, issue.Original);

    private static string What(Issue issue)
    {
        if (issue.Engineering is { } token)
            return string.Create(CultureInfo.InvariantCulture, $"{FieldSpec.Kebab(token.Kind.ToString())} {token.Value}{(token.Kind is EngineeringKind.Flag or EngineeringKind.Control ? $" of {token.Index}" : "")}");
        var orders = issue.Kind == IssueKind.Sale ? issue.Orders.Where(order => order.Kind == OrderKind.Free) : issue.Orders;
        return string.Join(" and ", orders.Select(order => order.Kind == OrderKind.KeyChange
            ? $"key change to {order.ToKey?.SupplyGroup} revision {order.ToKey?.KeyRevisionNumber}"
            : string.Create(CultureInfo.InvariantCulture, $"{(issue.Kind == IssueKind.Replacement ? "replacement" : FieldSpec.Kebab(order.Kind.ToString()))} {order.Value:0.######}")));
    }
}

/// <summary>The digest over the API.</summary>
internal sealed class DigestRoutes(IStore store, VendingSettings settings, TimeProvider time)
{
    public IEnumerable<ApiRoute> Rows =>
    [
        ApiRoute.Of("GET", "/v1/reports/digest", Permission.AuditRead, "Engineering, free, replacement and key change tokens of a local day: who asked, who approved, why", Digest) with
        {
            Query = [("day", "yyyy-MM-dd, usually today"), ("format", "json or text")],
        },
    ];

    private ApiAnswer Digest(ApiCall call)
    {
        if (!ReportRoutes.TryDay(call.Query("day"), settings.Day(time.GetUtcNow()), out var day))
            return ApiCall.Invalid("day", call.Query("day")!, "a date as yyyy-MM-dd");
        if (call.Query("format") is { } format and not ("json" or "text"))
            return ApiCall.Invalid("format", format, "json or text");
        var report = DailyDigest.Run(store, settings, day);
        return call.Query("format") == "text"
            ? new ApiAnswer { Status = 200, ContentType = "text/plain; charset=utf-8", Octets = Encoding.UTF8.GetBytes(DailyDigest.Text(report, settings)) }
            : ApiAnswer.Ok(report);
    }
}
