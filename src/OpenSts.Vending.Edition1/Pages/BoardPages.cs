using OpenSts.Vending.Access;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;
using OpenSts.Vending.SupplyGroups;

namespace OpenSts.Vending.Pages;

/// <summary>The operations board: what needs somebody now, and what will soon.</summary>
internal sealed class BoardPages(IStore store, ModuleHealth health, LastReconciliation last, VendingSettings settings, TimeProvider time)
{
    private const int Alarm = Deadline.AlarmDays, Warning = Deadline.WarningDays, Notice = Deadline.NoticeDays;

    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/board", Permission.ReportsRead, Show),
        PageRoute.Of("POST", "/board/reconciliation", Permission.AuditRead, call =>
        {
            last.Report = Reconciliation.Run(store, time.GetUtcNow());
            return PageAnswer.See("/board");
        }),
    ];

    private PageAnswer Show(PageCall call)
    {
        var (words, now, sight) = (call.Words, time.GetUtcNow(), health.Last);
        var (pending, waiting, groups) = store.Read(session => (IssueTable.InState(session, IssueState.Pending, 50), IssueTable.InState(session, IssueState.AwaitingApproval, 50), SupplyGroup.Table.List(session)));
        var keys = Html.Join(groups.SelectMany(group => group.Value.Keys.Select(key => KeyRow(call, group.Value, key, now))));
        // A base date that ended troubles nobody whose keys have another.
        var dates = Html.Join(BaseDate.All.ToArray().Select(date => date.DaysLeft(now) > 0 || groups.Any(group => group.Value.Keys.Any(key => key.BaseDate == date.Year))
            ? Gauge(call, date.ToString(), date.DaysLeft(now))
            : Html.Of($"<li><span>{date.ToString()}</span><b>{words["board.ended"]}</b></li>")));
        var report = last.Report;
        return PageAnswer.Page(call, words["page.board"], Html.Of($"""
            <h1>{words["page.board"]}</h1>
            <ul class="tiles">
            {Tile(words["board.module"], sight.Up ? $"{words.Number((decimal)sight.RoundTrip.TotalMilliseconds, "0.0")} ms" : "-", words.Told(sight.Text), sight.Up)}
            {Tile(words["board.store"], store.Kind, "", true)}
            {Tile(words["board.unknown"], words.Number(pending.Count), "", pending.Count == 0)}
            {Tile(words["board.approvals"], words.Number(waiting.Count), "", true)}
            {Tile(words["board.log"], report is null ? "..." : words.Number(report.Log.Entries), words.Told(report?.Log.Detail ?? ""), report is null || report.Log.Fault == IssueLog.LogFault.None)}
            {Tile($"{words["board.ledger"]} ({settings.Currency.Code})", report is null ? "..." : words.Money(settings.Currency, report.SalesByLedger), words.Told(report?.Ledger ?? ""), report is null || report.Ledger is null && report.SalesByLedger == report.SalesByLog)}
            </ul>
            <div class="row">{Html.When(call.Caller.May(Permission.AuditRead), $"<form method=\"post\" action=\"/board/reconciliation\">{call.Csrf}<button class=\"quiet\">{words["board.reconcile"]}</button></form>")}{Html.When(waiting.Count > 0, $"<a class=\"button quiet\" href=\"/approvals\">{words["page.approvals"]}</a>")}</div>
            {Html.When(pending.Count > 0, $"<h2>{words["board.unknown"]}</h2>{Tables.Issues(pending, words, settings)}")}
            <div class="columns"><section><h2>{words["board.keys"]}</h2><ul class="gauges">{keys}</ul></section><section><h2>{words["board.base-dates"]}</h2><ul class="gauges">{dates}</ul></section></div>
            """));
    }

    private static Html Tile(string title, string value, string text, bool good) =>
        Html.Of($"<li class=\"tile {(good ? "good" : "bad")}\"><span>{title}</span><strong>{value}</strong><small>{text}</small></li>");

    private static Html KeyRow(PageCall call, SupplyGroup group, SupplyGroupKey key, DateTimeOffset now)
    {
        var end = KeyExpiryNumber.FromNumber(key.KeyExpiryNumber).LastMinute(BaseDate.FromYear(key.BaseDate));
        var name = $"{group.Code} {group.Name}, KRN {key.KeyRevisionNumber}{(key.KeyRevisionNumber == group.CurrentKeyRevision ? $" ({call.Words["group.current"]})" : "")}";
        return end is { } minute
            ? Gauge(call, name, (int)Math.Floor((minute - now).TotalDays))
            : Html.Of($"<li><span>{name}</span><b>{call.Words["board.never"]}</b></li>");
    }

    private static Html Gauge(PageCall call, string name, int days)
    {
        var level = days <= Alarm ? "alarm" : days <= Warning ? "warning" : days <= Notice ? "notice" : "";
        return Html.Of($"<li class=\"{level}\"><span>{name}</span><b>{call.Words.Format("board.days-left", call.Words.Number(Math.Max(0, days)))}</b></li>");
    }
}
