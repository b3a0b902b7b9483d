using System.Globalization;
using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Customers;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Receipts;
using OpenSts.Vending.Shifts;
using OpenSts.Vending.Storage;
using OpenSts.Vending.Vendors;

namespace OpenSts.Vending.Pages;

/// <summary>The clerk's page: meter, amount, look, sell. Each step has one field with the focus, and Enter goes on.</summary>
internal sealed class SalePages(IStore store, IssueDesk desk, VendingSettings settings, TimeProvider time)
{
    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/sale", Permission.VendsWrite, Start),
        PageRoute.Of("GET", "/sale/amount", Permission.VendsWrite, Amount),
        PageRoute.Of("GET", "/sale/confirm", Permission.VendsWrite, Confirm),
        new("POST", "/sale", Permission.VendsWrite, SellAsync),
        PageRoute.Of("GET", "/sales/{id}", Permission.VendsRead, Sold),
        new("POST", "/sales/{id}/again", Permission.VendsWrite, AgainAsync),
        PageRoute.Of("POST", "/sales/{id}/print", Permission.VendsRead, Print),
        PageRoute.Of("POST", "/shifts", Permission.ShiftsUse, OpenShift),
        PageRoute.Of("POST", "/shifts/closing", Permission.ShiftsUse, CloseShift),
    ];

    private PageAnswer Start(PageCall call) => Start(call, null);

    private PageAnswer Start(PageCall call, Refusal? refusal)
    {
        var words = call.Words;
        if (store.Read(session => Shift.Open(session, call.Caller.Id)) is not { } shift)
        {
            return PageAnswer.Page(call, words["page.sale"], Html.Of($"""
                <section class="narrow"><h1>{words["sale.open-shift"]}</h1>{Frame.Fault(refusal)}
                <form method="post" action="/shifts" class="stack">{call.Csrf}
                <label>{words["sale.float"]} ({settings.Currency.Code})<input name="float" inputmode="decimal" value="0" autofocus required maxlength="20"></label>
                <button>{words["sale.open-shift"]}</button></form></section>
                """), Status(refusal));
        }

        var recent = store.Read(session => IssueTable.List(session, long.MaxValue, 50, vendor: call.Caller.Vendor)).Where(issue => issue.Operator == call.Caller.Id).Take(5).ToList();
        return PageAnswer.Page(call, words["page.sale"], Html.Of($"""
            <section class="narrow"><h1>{words["page.sale"]}</h1>{Frame.Fault(refusal)}
            <form method="get" action="/sale/amount" class="stack">
            <label>{words["sale.meter"]}<input class="big" name="meter" inputmode="numeric" autocomplete="off" autofocus required maxlength="40" value="{call.Field("meter")}" aria-describedby="hint"></label>
            <p class="hint" id="hint">{words["sale.meter-hint"]}</p>
            <button>{words["sale.next"]}</button></form>
            <details id="recent"><summary>{words["sale.recent"]} <kbd>F2</kbd></summary>{Tables.Issues(recent, words, settings)}</details>
            <details><summary>{words["shift.close"]}</summary>
            <form method="post" action="/shifts/closing" class="stack">{call.Csrf}<p class="hint">{TimeZoneInfo.ConvertTime(shift.Opened, settings.TimeZone):yyyy-MM-dd HH:mm}</p>
            <label>{words["shift.counted"]} ({settings.Currency.Code})<input name="counted" inputmode="decimal" required maxlength="20"></label><button class="quiet">{words["shift.close"]}</button></form></details>
            </section>
            """), Status(refusal));
    }

    private PageAnswer Amount(PageCall call) => Amount(call, null);

    private PageAnswer Amount(PageCall call, Refusal? refusal)
    {
        var words = call.Words;
        if (!MeterNumber.TryParse(call.Field("meter"), out var pan, out var fault))
            return Start(call, new Refusal("field-invalid", $"The number {fault.Describe()}; permitted is {MeterNumber.Form}."));
        if (store.Read(session => PaymentMeter.Find(session, pan)) is not { Value: var meter })
            return Start(call, new Refusal("meter-unknown", words["meter.none"]));
        var vendors = store.Read(session => Vendor.Table.List(session)).Where(vendor => vendor.Value.Active && (call.Caller.Vendor is null || call.Caller.Vendor == vendor.Id)).ToList();
        var choice = vendors.Count == 1
            ? Html.Of($"<input type=\"hidden\" name=\"vendor\" value=\"{vendors[0].Id}\">")
            : Html.Of($"<label>{words["receipt.vendor"]}<select name=\"vendor\">{Html.Join(vendors.Select(vendor => Html.Of($"<option value=\"{vendor.Id}\">{vendor.Value.Name}</option>")))}</select></label>");
        return PageAnswer.Page(call, words["page.sale"], Html.Of($"""
            <section class="narrow"><h1>{words["sale.amount"]}</h1>{MeterCard(meter, words)}{Frame.Fault(refusal)}
            <form method="get" action="/sale/confirm" class="stack">
            <input type="hidden" name="meter" value="{pan}">{choice}
            <label>{words["sale.amount"]} ({settings.Currency.Code})<input class="big" name="amount" inputmode="decimal" autocomplete="off" autofocus required maxlength="20" value="{call.Field("amount")}"></label>
            <div class="row"><button>{words["sale.next"]}</button><a class="button quiet" data-escape href="/sale">{words["sale.back"]} <kbd>Esc</kbd></a></div></form>
            </section>
            """), Status(refusal));
    }

    private PageAnswer Confirm(PageCall call)
    {
        var words = call.Words;
        if (Request(call, out var fault) is not { } request)
            return Amount(call, fault);
        if (!desk.Try(request, call.Caller).TryGet(out var trial, out var refusal))
            return Amount(call, refusal);
        var id = "page-" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        return PageAnswer.Page(call, words["page.sale"], Html.Of($"""
            <section class="narrow"><h1>{words["sale.preview"]}</h1>{MeterCard(trial.Meter!, words)}
            {Tables.Price(trial.Quote, trial.Meter!, words, settings)}
            <form method="post" action="/sale" class="stack">{call.Csrf}
            <input type="hidden" name="id" value="{id}"><input type="hidden" name="meter" value="{request.Pan}"><input type="hidden" name="vendor" value="{request.Vendor}"><input type="hidden" name="amount" value="{call.Field("amount")}">
            <div class="row"><button autofocus>{words["sale.confirm"]}</button><a class="button quiet" data-escape href="/sale/amount?meter={request.Pan}&amp;amount={Uri.EscapeDataString(call.Field("amount"))}">{words["sale.back"]} <kbd>Esc</kbd></a></div></form>
            </section>
            """));
    }

    private async Task<PageAnswer> SellAsync(PageCall call)
    {
        var id = call.Field("id");
        if (!id.StartsWith("page-", StringComparison.Ordinal) || id.Length != 37 || !id.Skip(5).All(char.IsAsciiHexDigitLower))
            return Start(call, new Refusal("field-invalid", "The form has no id of ours; begin again."));
        if (Request(call, out var fault) is not { } request)
            return Amount(call, fault);
        var answer = await desk.SellAsync(id, request, call.Caller).ConfigureAwait(false);
        return answer.Outcome is IssueOutcome.NotStarted or IssueOutcome.Conflict ? Amount(call, answer.Refusal) : PageAnswer.See("/sales/" + id);
    }

    private PageAnswer Sold(PageCall call)
    {
        var words = call.Words;
        var id = call.Path("id");
        if (store.Read(session => IssueTable.Find(session, id)) is not { } seen || !IssueDesk.Sees(call.Caller, seen))
            return PageAnswer.Page(call, words["page.sale"], Html.Of($"<h1>{words["common.none"]}</h1>"), 404);
        var issue = desk.Look(id)!;
        if (issue.State == IssueState.Pending)
        {
            return PageAnswer.Page(call, words["page.sale"], Html.Of($"""
                <section class="narrow"><h1>{words["state.pending"]}</h1><p class="fault" role="alert">{words["sale.unknown"]}</p>
                <form method="post" action="/sales/{id}/again">{call.Csrf}<button autofocus>{words["sale.ask-again"]}</button></form></section>
                """));
        }

        if (issue.State != IssueState.Issued)
            return PageAnswer.Page(call, words["page.sale"], Html.Of($"<section class=\"narrow\"><h1>{words["state." + FieldSpec.Kebab(issue.State.ToString())]}</h1>{Frame.Fault(issue.Refusal)}<a class=\"button\" href=\"/sale\" autofocus>{words["sale.new"]}</a></section>"));
        var receipt = Receipt.Of(issue, settings, words, issue.Copies > 0 ? issue.Copies : 0);
        return PageAnswer.Page(call, words["sale.done"], Html.Of($"""
            <section class="narrow"><h1>{words["sale.done"]}</h1>
            {Tables.Tokens(issue, words)}
            <div class="row"><a class="button" href="/sale" autofocus data-escape>{words["sale.new"]}</a>
            <form method="post" action="/sales/{id}/print" target="_blank">{call.Csrf}<input type="hidden" name="paper" value="80"><button class="quiet" data-print>{words["sale.print"]} 80 mm <kbd>F4</kbd></button></form>
            <form method="post" action="/sales/{id}/print" target="_blank">{call.Csrf}<input type="hidden" name="paper" value="58"><button class="quiet">58 mm</button></form>
            <form method="post" action="/sales/{id}/print" target="_blank">{call.Csrf}<input type="hidden" name="paper" value="a4"><button class="quiet">A4</button></form></div>
            <article class="receipt">{new Html(HtmlReceipt.Body(receipt))}</article></section>
            """));
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
            return PageAnswer.Page(call, call.Words["page.sale"], Frame.Fault(refusal), Status(refusal));
        var (octets, kind) = ReceiptForms.Write(receipt, call.Field("paper") switch { "80" => ReceiptForm.Html80, "58" => ReceiptForm.Html58, _ => ReceiptForm.HtmlA4 });
        return new PageAnswer { Octets = octets, ContentType = kind };
    }

    private PageAnswer OpenShift(PageCall call)
    {
        if (!TryMoney(call.Field("float"), out var amount) || !settings.Currency.TryToMinor(amount, out var minor) || minor < 0)
            return Start(call, new Refusal("field-invalid", $"The money in the till held '{call.Field("float")}'; permitted is an amount such as 100.00."));
        return ShiftRoutes.TryOpen(store, call.Caller, minor, time.GetUtcNow()).TryGet(out _, out var refusal) ? PageAnswer.See("/sale") : Start(call, refusal);
    }

    private PageAnswer CloseShift(PageCall call)
    {
        var words = call.Words;
        if (!TryMoney(call.Field("counted"), out var amount) || !settings.Currency.TryToMinor(amount, out var minor) || minor < 0)
            return Start(call, new Refusal("field-invalid", $"The money counted held '{call.Field("counted")}'; permitted is an amount such as 100.00."));
        if (!store.Write(session => Shift.TryClose(session, call.Caller.Id, minor, time.GetUtcNow())).TryGet(out var shift, out var refusal))
            return Start(call, refusal);
        return PageAnswer.Page(call, words["shift.close"], Html.Of($"""
            <section class="narrow"><h1>{words["shift.close"]}</h1><dl class="facts"><dt>{words["sale.float"]}</dt><dd>{settings.Currency.Format(shift.Float)}</dd>
            <dt>{words["report.sales"]}</dt><dd>{settings.Currency.Format(shift.Sold ?? 0)}</dd><dt>{words["shift.counted"]}</dt><dd>{settings.Currency.Format(shift.Counted ?? 0)}</dd>
            <dt>{words["shift.difference"]}</dt><dd><strong>{settings.Currency.Format(shift.Difference ?? 0)}</strong></dd></dl><a class="button" href="/sale" autofocus>{words["sale.open-shift"]}</a></section>
            """));
    }

    private Html MeterCard(PaymentMeter meter, Words words)
    {
        var customer = meter.Customer is { } id ? store.Read(session => Customer.Find(session, id))?.Value : null;
        return Html.Of($"<div class=\"card\"><strong class=\"number\">{meter.Pan.DecoderReferenceNumber.ToGroupedString()}</strong><span>{customer?.Name ?? ""}</span><span class=\"hint\">{customer?.Address ?? ""}</span>{Tables.State(meter, words)}</div>");
    }

    private static SaleRequest? Request(PageCall call, out Refusal fault)
    {
        fault = new Refusal("field-invalid", $"The amount held '{call.Field("amount")}'; permitted is an amount such as 100 or 99.50.");
        if (!MeterNumber.TryParse(call.Field("meter"), out var pan, out _) || !TryMoney(call.Field("amount"), out var tender))
            return null;
        var vendor = call.Field("vendor").Length > 0 ? call.Field("vendor") : call.Caller.Vendor ?? "";
        return new SaleRequest(pan, tender, null, "counter", vendor, null, null);
    }

    // A clerk may type a comma; nothing else that decimals allow.
    private static bool TryMoney(string text, out decimal amount) =>
        decimal.TryParse(text.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out amount) && amount <= 100_000_000m;

    private static int Status(Refusal? refusal) => refusal is null ? 200 : ProblemCatalogue.Of(refusal.Code).Status;
}
