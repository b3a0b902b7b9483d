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
    private const int Recent = 5, UsualLookedAt = 30;
    private const string UsualLetters = "ABCD";

    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/sale", Permission.VendsWrite, call => Start(call, null)),
        PageRoute.Of("GET", "/sale/amount", Permission.VendsWrite, call => AskAmount(call, null)),
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

    private PageAnswer AskAmount(PageCall call, Refusal? refusal)
    {
        var words = call.Words;
        if (!MeterNumber.TryParse(call.Field("meter"), out var pan, out var fault))
            return Start(call, MeterNumber.Refusal(fault));
        if (store.Read(session => PaymentMeter.Find(session, pan)) is not { Value: var meter })
            return Start(call, new Refusal("not-found", words["meter.none"]));
        var usual = Usual(call.Caller, pan);
        var typed = call.Field("amount");
        var described = (refusal is null ? "" : "fault ") + (usual.Count > 0 ? "usual" : "");
        return PageAnswer.Page(call, words["page.sale"], Html.Of($"""
            <section class="narrow"><h1>{words["sale.amount"]}</h1>{MeterCard(meter, words)}
            <form method="get" action="/sale/confirm" class="stack"><button hidden></button>
            <input type="hidden" name="meter" value="{pan}">
            <div class="field"><label for="amount">{words["sale.amount"]} ({settings.Currency.Code})</label>
            <input class="big" id="amount" name="amount" inputmode="decimal" autocomplete="off" autofocus maxlength="20" value="{typed}"{Html.When(usual.Count == 0, $" required")}{Html.When(refusal is not null, $" aria-invalid=\"true\"")}{Html.When(described.Length > 0, $" aria-describedby=\"{described.Trim()}\"")}>{Frame.FieldFault(words, refusal)}
            {UsualChoice(usual, words)}</div>
            <div class="field"><label for="cash">{words["sale.cash"]} ({settings.Currency.Code}) <span class="hint">{words["form.optional"]}</span></label><input id="cash" name="cash" inputmode="decimal" autocomplete="off" maxlength="20" value="{call.Field("cash")}"></div>
            {VendorChoice(call)}{KeyChoiceOf(call, meter)}
            <div class="row"><button>{words["sale.next"]} <kbd>{words["key.enter"]}</kbd></button><a class="button quiet" data-escape href="/sale">{words["sale.back"]} <kbd>Esc</kbd></a></div></form>
            </section>
            """), refusal);
    }

    // What this meter bought last, then what it and others buy most: a letter stands for each, and nothing at all for the first.
    private IReadOnlyList<long> Usual(Caller caller, MeterPan pan)
    {
        var (own, all) = store.Read(session => (IssueTable.List(session, long.MaxValue, UsualLookedAt, pan.ToString(), caller.Vendor), IssueTable.List(session, long.MaxValue, UsualLookedAt, vendor: caller.Vendor)));
        static IEnumerable<long> Tenders(IEnumerable<Issue> issues) => issues.Where(issue => issue is { Kind: IssueKind.Sale, State: IssueState.Issued, Quote.Tender: > 0 }).Select(issue => issue.Quote!.Tender);
        static IEnumerable<long> ByUse(IEnumerable<long> tenders) => tenders.GroupBy(tender => tender).OrderByDescending(group => group.Count()).Select(group => group.Key);
        return [.. Tenders(own).Take(1).Concat(ByUse(Tenders(own))).Concat(ByUse(Tenders(all))).Distinct().Take(UsualLetters.Length)];
    }

    private Html UsualChoice(IReadOnlyList<long> usual, Words words) => Html.When(usual.Count > 0, $"""
        <p class="hint" id="usual">{words["sale.usual-hint"]}</p>
        <div class="usual" role="group" aria-label="{words["sale.usual"]}">{Html.Join(usual.Select((minor, at) => Html.Of($"<button class=\"quiet\" name=\"usual\" value=\"{UsualLetters[at].ToString()}\">{words.Money(settings.Currency, minor)} <kbd>{UsualLetters[at].ToString()}</kbd></button>")))}</div>
        """);

    // What is in the box as an amount: digits as they are, a letter or nothing as the usual amount that it stands for.
    private string Amount(PageCall call)
    {
        var typed = call.Field("usual") is { Length: > 0 } chosen ? chosen : call.Field("amount");
        if (typed.Length > 1 || !MeterNumber.TryParse(call.Field("meter"), out var pan, out _))
            return typed;
        var at = typed.Length == 0 ? 0 : UsualLetters.IndexOf(typed, StringComparison.OrdinalIgnoreCase);
        return at >= 0 && Usual(call.Caller, pan) is var usual && at < usual.Count ? settings.Currency.Format(usual[at]) : typed;
    }

    private PageAnswer Confirm(PageCall call)
    {
        var words = call.Words;
        var amount = Amount(call);
        if (Request(call, amount, out var fault) is not { } request)
            return AskAmount(call, fault);
        if (!desk.Try(request, call.Caller).TryGet(out var trial, out var refusal))
            return AskAmount(call, refusal);
        var id = "page-" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        string[] kept = ["meter", "vendor", "amount", "cash", "key"];
        var held = kept.Select(name => (Name: name, Value: name == "amount" ? amount : call.Field(name))).Where(field => field.Value.Length > 0).ToList();
        var fields = Html.Join(held.Select(field => Html.Of($"<input type=\"hidden\" name=\"{field.Name}\" value=\"{field.Value}\">")));
        var back = string.Join('&', held.Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}"));
        return PageAnswer.Page(call, words["page.sale"], Html.Of($"""
            <section class="narrow"><h1>{words["sale.preview"]}</h1>{MeterCard(trial.Meter!, words)}
            {Tables.Price(trial.Quote, trial.Meter!, words, settings)}
            {Html.When(trial.Change > 0, $"<p class=\"note\">{words["receipt.change"]}{words["sign.colon"]}<strong>{settings.Currency.Code} {words.Money(settings.Currency, trial.Change)}</strong></p>")}
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
        if (Request(call, call.Field("amount"), out var fault) is not { } request)
            return AskAmount(call, fault);
        var answer = await desk.SellAsync(id, request, call.Caller).ConfigureAwait(false);
        return answer.Outcome is IssueOutcome.NotStarted or IssueOutcome.Conflict ? AskAmount(call, answer.Refusal) : PageAnswer.See("/sales/" + id);
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

    private static SaleRequest? Request(PageCall call, string amount, out Refusal fault)
    {
        fault = new Refusal("field-invalid", $"The amount held '{amount}'; permitted is an amount such as 100 or 99.50.");
        if (!MeterNumber.TryParse(call.Field("meter"), out var pan, out _) || !PageCall.TryDecimalOf(amount, out var tender))
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
