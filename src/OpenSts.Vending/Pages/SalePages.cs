using OpenSts.Vending.Access;
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
    private const int Recent = 5;

    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/sale", Permission.VendsWrite, call => Start(call, null)),
        PageRoute.Of("GET", "/sale/amount", Permission.VendsWrite, call => Amount(call, null)),
        PageRoute.Of("GET", "/sale/confirm", Permission.VendsWrite, Confirm),
        new("POST", "/sale", Permission.VendsWrite, SellAsync),
    ];

    private PageAnswer Start(PageCall call, Refusal? refusal)
    {
        var words = call.Words;
        if (store.Read(session => Shift.Open(session, call.Caller.Id)) is null)
            return PageAnswer.Page(call, words["page.sale"], ShiftPages.Opening(call, settings, refusal), refusal);
        var recent = store.Read(session => IssueTable.List(session, long.MaxValue, 50, vendor: call.Caller.Vendor)).Where(issue => issue.Operator == call.Caller.Id).Take(Recent).ToList();
        return PageAnswer.Page(call, words["page.sale"], Html.Of($"""
            <section class="narrow"><h1>{words["page.sale"]}</h1>
            <form method="get" action="/sale/amount" class="stack">
            <div class="field"><label for="meter">{words["sale.meter"]}</label>
            <input class="big" id="meter" name="meter" inputmode="numeric" autocomplete="off" autofocus required maxlength="40" value="{call.Field("meter")}" aria-describedby="{(refusal is null ? "hint" : "fault hint")}"{Html.When(refusal is not null, $" aria-invalid=\"true\"")}>
            {Frame.FieldFault(words, refusal)}<p class="hint" id="hint">{words["sale.meter-hint"]}</p></div>
            <div><button>{words["sale.next"]} <kbd>{words["key.enter"]}</kbd></button></div></form>
            <details id="recent"><summary>{words["sale.recent"]} <kbd>F2</kbd></summary>{Tables.Issues(recent, words, settings)}</details>
            <p class="aside"><a href="/shifts/closing">{words["shift.close"]}</a></p>
            </section>
            """), refusal);
    }

    private PageAnswer Amount(PageCall call, Refusal? refusal)
    {
        var words = call.Words;
        if (!MeterNumber.TryParse(call.Field("meter"), out var pan, out var fault))
            return Start(call, MeterNumber.Refusal(fault));
        if (store.Read(session => PaymentMeter.Find(session, pan)) is not { Value: var meter })
            return Start(call, new Refusal("not-found", words["meter.none"]));
        return PageAnswer.Page(call, words["page.sale"], Html.Of($"""
            <section class="narrow"><h1>{words["sale.amount"]}</h1>{MeterCard(meter, words)}
            <form method="get" action="/sale/confirm" class="stack">
            <input type="hidden" name="meter" value="{pan}">
            <div class="field"><label for="amount">{words["sale.amount"]} ({settings.Currency.Code})</label>
            <input class="big" id="amount" name="amount" inputmode="decimal" autocomplete="off" autofocus required maxlength="20" value="{call.Field("amount")}"{Html.When(refusal is not null, $" aria-invalid=\"true\" aria-describedby=\"fault\"")}>{Frame.FieldFault(words, refusal)}</div>
            <div class="field"><label for="cash">{words["sale.cash"]} ({settings.Currency.Code}) <span class="hint">{words["form.optional"]}</span></label><input id="cash" name="cash" inputmode="decimal" autocomplete="off" maxlength="20" value="{call.Field("cash")}"></div>
            {VendorChoice(call)}{KeyChoiceOf(call, meter)}
            <div class="row"><button>{words["sale.next"]} <kbd>{words["key.enter"]}</kbd></button><a class="button quiet" data-escape href="/sale">{words["sale.back"]} <kbd>Esc</kbd></a></div></form>
            </section>
            """), refusal);
    }

    private PageAnswer Confirm(PageCall call)
    {
        var words = call.Words;
        if (Request(call, out var fault) is not { } request)
            return Amount(call, fault);
        if (!desk.Try(request, call.Caller).TryGet(out var trial, out var refusal))
            return Amount(call, refusal);
        var id = "page-" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        string[] kept = ["meter", "vendor", "amount", "cash", "key"];
        var fields = Html.Join(kept.Where(name => call.Field(name).Length > 0).Select(name => Html.Of($"<input type=\"hidden\" name=\"{name}\" value=\"{call.Field(name)}\">")));
        var back = string.Join('&', kept.Where(name => call.Field(name).Length > 0).Select(name => $"{name}={Uri.EscapeDataString(call.Field(name))}"));
        return PageAnswer.Page(call, words["page.sale"], Html.Of($"""
            <section class="narrow"><h1>{words["sale.preview"]}</h1>{MeterCard(trial.Meter!, words)}
            {Tables.Price(trial.Quote, trial.Meter!, words, settings)}
            {Html.When(trial.Change > 0, $"<p class=\"note\">{words["receipt.change"]}: <strong>{settings.Currency.Code} {settings.Currency.Format(trial.Change)}</strong></p>")}
            {Html.When(trial.Orders.Any(order => order.Kind == OrderKind.KeyChange) || trial.Repeated.Count > 0, $"<p class=\"note\">{words["sale.with-key-change"]}</p>")}
            {Html.When(trial.Orders.Any(order => order.Kind == OrderKind.Free), $"<p class=\"note\">{words["sale.with-free"]}</p>")}
            <form method="post" action="/sale" class="stack">{call.Csrf}<input type="hidden" name="id" value="{id}">{fields}
            <div class="row"><button autofocus>{words["sale.confirm"]} <kbd>{words["key.enter"]}</kbd></button><a class="button quiet" data-escape href="/sale/amount?{back}">{words["sale.back"]} <kbd>Esc</kbd></a></div></form>
            </section>
            """));
    }

    private async Task<PageAnswer> SellAsync(PageCall call)
    {
        var id = call.Field("id");
        if (!IsPageId(id))
            return Start(call, new Refusal("field-invalid", "The form has no id of ours; begin again."));
        if (Request(call, out var fault) is not { } request)
            return Amount(call, fault);
        var answer = await desk.SellAsync(id, request, call.Caller).ConfigureAwait(false);
        return answer.Outcome is IssueOutcome.NotStarted or IssueOutcome.Conflict ? Amount(call, answer.Refusal) : PageAnswer.See("/sales/" + id);
    }

    /// <summary>True for an id that a form of ours gave: sent twice, it is one issue.</summary>
    public static bool IsPageId(string id) => id.StartsWith("page-", StringComparison.Ordinal) && id.Length == 37 && id.Skip(5).All(char.IsAsciiHexDigitLower);

    private Html VendorChoice(PageCall call)
    {
        var vendors = store.Read(session => Vendor.Table.List(session)).Where(vendor => vendor.Value.Active && (call.Caller.Vendor is null || call.Caller.Vendor == vendor.Id)).ToList();
        return vendors.Count == 1
            ? Html.Of($"<input type=\"hidden\" name=\"vendor\" value=\"{vendors[0].Id}\">")
            : Html.Of($"<div class=\"field\"><label for=\"vendor\">{call.Words["receipt.vendor"]}</label><select id=\"vendor\" name=\"vendor\">{Html.Join(vendors.Select(vendor => Html.Of($"<option value=\"{vendor.Id}\"{Html.When(vendor.Id == call.Field("vendor"), $" selected")}>{vendor.Value.Name}</option>")))}</select></div>");
    }

    // While a key change is not confirmed the customer may not have typed its tokens: then the token must be one of the old key.
    private static Html KeyChoiceOf(PageCall call, PaymentMeter meter) => meter.NextKey is null
        ? Html.None
        : Html.Of($"<div class=\"field\"><label for=\"key\">{call.Words["sale.key"]}</label><select id=\"key\" name=\"key\"><option value=\"new\">{call.Words["sale.key-new"]}</option><option value=\"old\"{Html.When(call.Field("key") == "old", $" selected")}>{call.Words["sale.key-old"]}</option></select></div>");

    private Html MeterCard(PaymentMeter meter, Words words)
    {
        var customer = meter.Customer is { } id ? store.Read(session => Customer.Find(session, id))?.Value : null;
        return Html.Of($"<div class=\"card\"><strong class=\"number\">{meter.Pan.DecoderReferenceNumber.ToGroupedString()}</strong>{Html.When(customer is not null, $"<span>{customer?.Name}</span><span class=\"hint\">{customer?.Address}</span>")}{Html.When(meter.Sandbox is not null, $"<span class=\"badge\">{words["receipt.sandbox"]}</span>")}{Tables.State(meter, words)}</div>");
    }

    private static SaleRequest? Request(PageCall call, out Refusal fault)
    {
        fault = new Refusal("field-invalid", $"The amount held '{call.Field("amount")}'; permitted is an amount such as 100 or 99.50.");
        if (!MeterNumber.TryParse(call.Field("meter"), out var pan, out _) || !call.TryDecimal("amount", out var tender))
            return null;
        decimal? cash = null;
        if (call.Field("cash").Length > 0)
        {
            fault = new Refusal("field-invalid", $"The cash held '{call.Field("cash")}'; permitted is an amount such as 100 or 99.50.");
            if (!call.TryDecimal("cash", out var handed))
                return null;
            cash = handed;
        }

        var vendor = call.Field("vendor").Length > 0 ? call.Field("vendor") : call.Caller.Vendor ?? "";
        return new SaleRequest(pan, tender, cash, "counter", vendor, null, call.Field("key") switch { "old" => KeyChoice.Old, "new" => KeyChoice.New, _ => null });
    }
}
