using OpenSts.Vending.Access;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;
using OpenSts.Vending.SupplyGroups;

namespace OpenSts.Vending.Pages;

/// <summary>The operations board: what needs somebody now, and what will soon.</summary>
internal sealed class BoardPages(IStore store, IssueDesk desk, ModuleHealth health, LastReconciliation last, VendingSettings settings, TimeProvider time)
{
    private const int Alarm = Deadline.AlarmDays, Warning = Deadline.WarningDays, Notice = Deadline.NoticeDays;

    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/board", Permission.ReportsRead, call => Show(call, null)),
        PageRoute.Of("POST", "/board/reconciliation", Permission.AuditRead, call =>
        {
            last.Report = Reconciliation.Run(store, time.GetUtcNow());
            return PageAnswer.See("/board");
        }),
        new("POST", "/board/approvals/{id}", Permission.EngineeringApprove, ApproveAsync),
    ];

    private PageAnswer Show(PageCall call, Documents.Refusal? refusal)
    {
        var (words, now, sight) = (call.Words, time.GetUtcNow(), health.Last);
        var (pending, waiting, groups) = store.Read(session => (IssueTable.InState(session, IssueState.Pending, 50), IssueTable.InState(session, IssueState.AwaitingApproval, 50), SupplyGroup.Table.List(session)));
        var keys = Html.Join(groups.SelectMany(group => group.Value.Keys.Select(key => KeyRow(call, group.Value, key, now))));
        var dates = Html.Join(BaseDate.All.ToArray().Select(date => Gauge(call, date.ToString(), date.DaysLeft(now))));
        var report = last.Report;
        return PageAnswer.Page(call, words["page.board"], Html.Of($"""
            <h1>{words["page.board"]}</h1>{Frame.Fault(refusal)}
            <ul class="tiles">
            {Tile(words["board.module"], sight.Up ? $"{sight.RoundTrip.TotalMilliseconds:F1} ms" : "-", sight.Text, sight.Up)}
            {Tile(words["board.store"], store.Kind, "", true)}
            {Tile(words["board.unknown"], pending.Count.ToString(), "", pending.Count == 0)}
            {Tile(words["board.approvals"], waiting.Count.ToString(), "", true)}
            {Tile(words["board.log"], report is null ? "..." : report.Log.Entries.ToString(), report?.Log.Detail ?? "", report is null || report.Log.Fault == IssueLog.LogFault.None)}
            {Tile(words["board.ledger"], report is null ? "..." : settings.Currency.Format(report.SalesByLedger), report?.Ledger ?? "", report is null || report.Ledger is null && report.SalesByLedger == report.SalesByLog)}
            </ul>
            {Html.When(call.Caller.May(Permission.AuditRead), $"<form method=\"post\" action=\"/board/reconciliation\">{call.Csrf}<button class=\"quiet\">{words["board.reconcile"]}</button></form>")}
            {Html.When(pending.Count > 0, $"<h2>{words["board.unknown"]}</h2>{Tables.Issues(pending, words, settings)}")}
            {Html.When(waiting.Count > 0, $"<h2>{words["board.approvals"]}</h2><ul class=\"cards\">{Html.Join(waiting.Select(issue => Waiting(call, issue)))}</ul>")}
            <div class="columns"><section><h2>{words["board.keys"]}</h2><ul class="gauges">{keys}</ul></section><section><h2>{words["board.base-dates"]}</h2><ul class="gauges">{dates}</ul></section></div>
            """), refusal is null ? 200 : Api.ProblemCatalogue.Of(refusal.Code).Status);
    }

    private static Html Tile(string title, string value, string text, bool good) =>
        Html.Of($"<li class=\"tile {(good ? "good" : "bad")}\"><span>{title}</span><strong>{value}</strong><small>{text}</small></li>");

    private static Html Waiting(PageCall call, Issue issue)
    {
        var what = issue.Engineering is { } token ? $"{Api.FieldSpec.Kebab(token.Kind.ToString())} {token.Value}" : call.Words["receipt.replacement"] + " " + issue.Original;
        var approve = call.Caller.May(Permission.EngineeringApprove) && call.Caller.Id != issue.Operator
            ? Html.Of($"<form method=\"post\" action=\"/board/approvals/{issue.Id}\">{call.Csrf}<button>{call.Words["common.approve"]}</button></form>")
            : Html.None;
        return Html.Of($"<li class=\"card\"><strong>{what}</strong><span class=\"number\">{issue.Meter?.Pan.DecoderReferenceNumber.ToGroupedString() ?? ""}</span><span class=\"hint\">{issue.Reason}, {issue.Operator}</span>{approve}</li>");
    }

    private static Html KeyRow(PageCall call, SupplyGroup group, SupplyGroupKey key, DateTimeOffset now)
    {
        var end = KeyExpiryNumber.FromNumber(key.KeyExpiryNumber).LastMinute(BaseDate.FromYear(key.BaseDate));
        var name = $"{group.Code} {group.Name}, KRN {key.KeyRevisionNumber}{(key.KeyRevisionNumber == group.CurrentKeyRevision ? " *" : "")}";
        return end is { } minute
            ? Gauge(call, name, (int)Math.Floor((minute - now).TotalDays))
            : Html.Of($"<li><span>{name}</span><b>{call.Words["board.never"]}</b></li>");
    }

    private static Html Gauge(PageCall call, string name, int days)
    {
        var level = days <= Alarm ? "alarm" : days <= Warning ? "warning" : days <= Notice ? "notice" : "";
        return Html.Of($"<li class=\"{level}\"><span>{name}</span><b>{call.Words.Format("board.days-left", Math.Max(0, days))}</b></li>");
    }

    private async Task<PageAnswer> ApproveAsync(PageCall call)
    {
        var id = call.Path("id");
        if (store.Read(session => IssueTable.Find(session, id)) is not { } issue || (issue.Kind == IssueKind.Replacement && !call.Caller.May(Permission.VendsApprove)) || !IssueDesk.Sees(call.Caller, issue))
            return Show(call, new Documents.Refusal("issue-unknown", "There is no such issue that this operator may approve."));
        var answer = await desk.ApproveAsync(id, call.Caller).ConfigureAwait(false);
        return answer.Issue is null ? Show(call, answer.Refusal) : PageAnswer.See("/sales/" + id);
    }
}
