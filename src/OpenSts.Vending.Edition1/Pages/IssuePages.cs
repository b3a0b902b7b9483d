using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Receipts;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Pages;

/// <summary>One issue: its tokens and receipt, asking again, printing, taking it back, asking for its value again.</summary>
internal sealed class IssuePages(IStore store, IssueDesk desk, VendingSettings settings, TimeProvider time, ApiRows rows)
{
    private readonly ApiForm _reversal = new(rows, "POST", "/v1/vends/{id}/reversal");
    private readonly ApiForm _replacement = new(rows, "PUT", "/v1/replacements/{id}");

    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/sales/{id}", Permission.VendsRead, call => Show(call, null)),
        new("POST", "/sales/{id}/again", Permission.VendsWrite, AgainAsync),
        PageRoute.Of("POST", "/sales/{id}/print", Permission.VendsRead, Print),
        new("POST", "/sales/{id}/reversal", _reversal.Needs, call => _reversal.SendAsync(call, "/sales/" + Uri.EscapeDataString(call.Path("id")), failure => Show(call, failure))),
        new("POST", "/sales/{id}/replacement", _replacement.Needs, ReplaceAsync),
    ];

    private PageAnswer Show(PageCall call, FormFailure? failure)
    {
        var words = call.Words;
        if (store.Read(session => IssueTable.Find(session, call.Path("id"))) is not { } issue || !IssueDesk.Sees(call.Caller, issue))
            return PageAnswer.Nothing(call, words["page.sale"]);
        return issue switch
        {
            { State: IssueState.Issued, Released: true } => Issued(call, issue, failure),
            { State: IssueState.Issued } => Waiting(call, issue, failure, "sale.not-shown", "sale.show"),
            { State: IssueState.Pending } => Waiting(call, issue, failure, "sale.unknown", "sale.ask-again"),
            { State: IssueState.AwaitingApproval } => AwaitingApproval(call, issue, failure),
            _ => PageAnswer.Page(call, words["page.sale"], Html.Of($"""
                <section class="narrow">{Title(issue, words)}{Frame.Fault(words, issue.Refusal)}{Facts(issue, words)}{Next(call)}</section>
                """)),
        };
    }

    private PageAnswer Issued(PageCall call, Issue issue, FormFailure? failure)
    {
        var (words, id) = (call.Words, issue.Id);
        Html Button(string paper, string label, Html mark) => Html.Of($"<form method=\"post\" action=\"/sales/{id}/print\" target=\"_blank\">{call.Csrf}<input type=\"hidden\" name=\"paper\" value=\"{paper}\"><button class=\"quiet\"{mark}>{label}{Html.When(mark.Text.Length > 0, $" <kbd>F4</kbd>")}</button></form>");
        var again = issue is { Kind: IssueKind.Sale, Sandbox: false }
            ? _replacement.Write(call, new FormLook { Action = $"/sales/{id}/replacement", Button = "sale.ask-replacement", Given = ["original"], Note = IdField("replacement-id") }, failure)
            : Html.None;
        return PageAnswer.Page(call, words["sale.done"], Html.Of($"""
            <section class="narrow">{Title(issue, words)}
            {Tables.Tokens(issue, words)}
            <div class="row">{Next(call)}{Button("80", words["sale.print"] + " 80 mm", new Html(" data-print"))}{Button("58", "58 mm", Html.None)}{Button("a4", "A4", Html.None)}</div>
            {Html.When(issue.Copies > 0, $"<p class=\"hint\">{words.Format("sale.printed", issue.Copies)}</p>")}
            <article class="receipt" aria-label="{words["receipt.number"]}">{new Html(HtmlReceipt.Body(Receipt.Of(issue, settings, words, issue.Copies)))}</article>
            {Html.When(again.Text.Length > 0, $"<details{Html.When(failure is not null, $" open")}><summary>{words["sale.replacement"]}</summary><p class=\"hint\">{words["sale.replacement-hint"]}</p>{again}</details>")}</section>
            """));
    }

    // Nobody has seen a token of it yet: it can still be taken back, and only asking shows it.
    private PageAnswer Waiting(PageCall call, Issue issue, FormFailure? failure, string says, string ask)
    {
        var words = call.Words;
        return PageAnswer.Page(call, words["page.sale"], Html.Of($"""
            <section class="narrow">{Title(issue, words)}<p class="note" role="status">{words[says]}</p>{Facts(issue, words)}
            {Html.When(call.Caller.May(Permission.VendsWrite), $"<form method=\"post\" action=\"/sales/{issue.Id}/again\">{call.Csrf}<button autofocus>{words[ask]}</button></form>")}
            {TakeBack(call, issue, failure, "sale.take-back")}</section>
            """));
    }

    private PageAnswer AwaitingApproval(PageCall call, Issue issue, FormFailure? failure) => PageAnswer.Page(call, call.Words["page.approvals"], Html.Of($"""
        <section class="narrow">{Title(issue, call.Words)}<p class="note" role="status">{call.Words["approvals.waits"]}</p>{Facts(issue, call.Words)}
        <p><a class="button quiet" href="/approvals">{call.Words["page.approvals"]}</a></p>{TakeBack(call, issue, failure, "approvals.withdraw")}</section>
        """));

    private Html TakeBack(PageCall call, Issue issue, FormFailure? failure, string word)
    {
        var form = _reversal.Write(call, new FormLook { Action = $"/sales/{issue.Id}/reversal", Button = word }, failure);
        return Html.When(form.Text.Length > 0, $"<details{Html.When(failure is not null, $" open")}><summary>{call.Words[word]}</summary>{form}</details>");
    }

    private static Html Title(Issue issue, Words words) => Html.Of($"<div class=\"head\"><h1>{words[issue is { State: IssueState.Issued, Released: true, Kind: IssueKind.Sale } ? "sale.done" : "receipt." + FieldSpec.Kebab(issue.Kind.ToString())]}</h1>{Tables.State(issue, words)}</div>");

    private Html Facts(Issue issue, Words words)
    {
        Html Fact(string word, string? value) => Html.When(!string.IsNullOrEmpty(value), $"<dt>{words[word]}</dt><dd>{value}</dd>");
        return Html.Of($"""
            <dl class="facts">{Fact("common.number", issue.Number.ToString("D8", null))}{Fact("common.time", Tables.Time(issue.Created, settings))}{Fact("receipt.meter", issue.Meter?.Pan.DecoderReferenceNumber.ToGroupedString())}
            {Fact("field.kind", ApprovalPages.What(issue, words))}{Fact("common.amount", issue.Quote is { } quote ? $"{settings.Currency.Code} {words.Money(settings.Currency, quote.Tender)}" : null)}{Fact("receipt.reason", issue.Reason)}{Fact("receipt.work-order", issue.WorkOrder)}
            {Fact("receipt.operator", Tables.Person(issue.Operator))}{Fact("receipt.approved", issue.ApprovedBy is { } second ? Tables.Person(second) : null)}</dl>
            """);
    }

    private static Html Next(PageCall call) => call.Caller.May(Permission.VendsWrite)
        ? Html.Of($"<a class=\"button\" href=\"/sale\" autofocus data-escape>{call.Words["sale.new"]}</a>")
        : Html.None;

    // A form of ours gives the id, so that sending it twice asks once.
    private Html IdField(string name) => Html.Of($"<input type=\"hidden\" name=\"{name}\" value=\"page-{Guid.CreateVersion7(time.GetUtcNow()):N}\">");

    private async Task<PageAnswer> ReplaceAsync(PageCall call)
    {
        var (original, id) = (call.Path("id"), call.Field("replacement-id"));
        if (!SalePages.IsPageId(id) || store.Read(session => IssueTable.Find(session, original)) is not { } issue || !IssueDesk.Sees(call.Caller, issue))
            return PageAnswer.Nothing(call, call.Words["page.sale"]);
        var answer = await _replacement.SendAsync(call, id, ("original", original)).ConfigureAwait(false);
        call.Context.Request.RouteValues["id"] = original;
        return answer.Status < 300 ? PageAnswer.See("/sales/" + id) : Show(call, new FormFailure(_replacement, answer)) with { Status = answer.Status };
    }

    private async Task<PageAnswer> AgainAsync(PageCall call)
    {
        var id = call.Path("id");
        if (store.Read(session => IssueTable.Find(session, id)) is { } seen && IssueDesk.Sees(call.Caller, seen))
            _ = await desk.ResolveAsync(id, releases: true).ConfigureAwait(false);
        return PageAnswer.See("/sales/" + Uri.EscapeDataString(id));
    }

    private PageAnswer Print(PageCall call)
    {
        var printer = new IssueRoutes(store, desk, settings);
        if (!printer.PrintReceipt(call.Path("id"), call.Caller, call.Words).TryGet(out var receipt, out var refusal))
            return PageAnswer.Page(call, call.Words["page.sale"], Frame.Fault(call.Words, refusal), refusal);
        var (octets, kind) = ReceiptForms.Write(receipt, call.Field("paper") switch { "80" => ReceiptForm.Html80, "58" => ReceiptForm.Html58, _ => ReceiptForm.HtmlA4 });
        return new PageAnswer { Octets = octets, ContentType = kind };
    }
}
