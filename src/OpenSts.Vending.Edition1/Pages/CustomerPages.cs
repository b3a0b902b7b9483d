using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Customers;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Money;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Pages;

/// <summary>Customers: who they are, what they owe, how it is paid off, their free allocation and their meters.</summary>
internal sealed class CustomerPages(IStore store, VendingSettings settings, ApiRows rows)
{
    private const int Shown = 50;
    private readonly ApiForm _customer = new(rows, "PUT", "/v1/customers/{id}");
    private readonly ApiForm _charge = new(rows, "POST", "/v1/customers/{id}/charges");
    private readonly ApiForm _allocation = new(rows, "POST", "/v1/customers/{id}/free-allocation");
    private readonly ApiForm _approval = new(rows, "POST", "/v1/customers/{id}/free-allocation/approval");

    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/customers", Permission.MetersRead, List),
        PageRoute.Of("GET", "/customers/new", _customer.Needs, call => New(call, null)),
        new("POST", "/customers/new", _customer.Needs, call => _customer.SendAsync(call, Path(call.Field("id")), failure => New(call, failure), call.Field("id"))),
        PageRoute.Of("GET", "/customers/{id}", Permission.MetersRead, call => Show(call, null)),
        new("POST", "/customers/{id}", _customer.Needs, call => Send(call, _customer)),
        new("POST", "/customers/{id}/charges", _charge.Needs, call => Send(call, _charge)),
        new("POST", "/customers/{id}/free-allocation", _allocation.Needs, call => Send(call, _allocation)),
        new("POST", "/customers/{id}/free-allocation/approval", _approval.Needs, call => Send(call, _approval)),
    ];

    private static string Path(string id) => "/customers/" + Uri.EscapeDataString(id);

    private Task<PageAnswer> Send(PageCall call, ApiForm form) => form.SendAsync(call, Path(call.Path("id")), failure => Show(call, failure));

    private PageAnswer List(PageCall call)
    {
        var (words, sought) = (call.Words, call.Field("q"));
        var found = store.Read(session => (sought.Length > 0 ? Customer.Search(session, sought, Shown) : Customer.List(session, call.Field("after"), Shown))
            .Select(row => (Customer: row.Value, Owed: -Ledger.Balance(session, Accounts.Arrears(row.Id)))).ToList());
        return PageAnswer.Page(call, words["page.customers"], Html.Of($"""
            {Frame.Head(words["page.customers"], Frame.Way(call, _customer.Needs, "/customers/new", "customer.new"))}
            <form method="get" action="/customers" class="row" role="search"><div class="field grow"><label for="q">{words["customer.search"]}</label><input id="q" name="q" autocomplete="off" autofocus maxlength="100" value="{sought}"></div><button>{words["explain.show"]}</button></form>
            {Tables.Of(words, [words["receipt.customer"], "*" + words["receipt.account"], "*" + words["receipt.address"], ">" + $"{words["customer.owed"]} ({settings.Currency.Code})"],
                [.. found.Select(row => (Html[])[Html.Of($"<a href=\"{Path(row.Customer.Id)}\">{row.Customer.Name}</a>"), Html.Of($"{row.Customer.Account}"), Html.Of($"{row.Customer.Address}"), Html.Of($"{words.Money(settings.Currency, row.Owed)}")])])}
            {Html.When(found.Count == Shown && sought.Length == 0, $"<p><a href=\"/customers?after={Uri.EscapeDataString(found[^1].Customer.Id)}\">{words["common.more"]}</a></p>")}
            """));
    }

    private PageAnswer New(PageCall call, FormFailure? failure) => PageAnswer.Page(call, call.Words["customer.new"], Html.Of($"""
        <section class="narrow"><h1>{call.Words["customer.new"]}</h1>{_customer.Write(call, new FormLook { Action = "/customers/new", Button = "form.save", AsksId = true, Focus = "id" }, failure)}</section>
        """));

    private PageAnswer Show(PageCall call, FormFailure? failure)
    {
        var words = call.Words;
        var (found, owed, meters) = store.Read(session => (Customer.Find(session, call.Path("id")), -Ledger.Balance(session, Accounts.Arrears(call.Path("id"))), PaymentMeter.List(session, "", Shown, call.Path("id"))));
        if (found is null)
            return PageAnswer.Nothing(call, words["page.customers"]);
        var customer = found.Value;
        Html Fact(string word, string value) => Html.When(value.Length > 0, $"<dt>{words[word]}</dt><dd>{value}</dd>");
        return PageAnswer.Page(call, customer.Name, Html.Of($"""
            <h1>{customer.Name}</h1>
            <div class="columns"><section><dl class="facts">{Fact("receipt.account", customer.Account)}{Fact("receipt.address", customer.Address)}{Fact("field.phone", customer.Phone)}{Fact("field.arrears", Plan(customer, words))}</dl>
            <h2>{words["page.meter"]}</h2>{Tables.Of(words, [words["receipt.meter"], words["receipt.tariff"], words["common.state"]],
                [.. meters.Select(row => (Html[])[Html.Of($"<a class=\"number\" href=\"/meters/{row.Id}\">{row.Value.Pan.DecoderReferenceNumber.ToGroupedString()}</a>"), Html.Of($"{row.Value.Tariff}"), MeterPages.Badge(row.Value, words)])])}</section>
            <section><ul class="tiles"><li class="tile money"><span>{words["customer.owed"]} ({settings.Currency.Code})</span><strong>{words.Money(settings.Currency, owed)}</strong></li></ul>{Allocation(call, customer, failure)}</section></div>
            {_customer.Fold(call, "customer.edit", new FormLook { Action = Path(found.Id), Button = "form.save", Version = found.Version, Values = Values(customer) }, failure)}
            {_charge.Fold(call, "customer.charge", new FormLook { Action = Path(found.Id) + "/charges", Button = "customer.charge" }, failure)}
            {_allocation.Fold(call, "customer.allocate", new FormLook { Action = Path(found.Id) + "/free-allocation", Button = "customer.allocate", Note = Html.Of($"<p class=\"hint\">{words["form.second-person"]}</p>") }, failure)}
            """));
    }

    private Html Allocation(PageCall call, Customer customer, FormFailure? failure)
    {
        if (customer.FreeAllocation is not { } free)
            return Html.None;
        var words = call.Words;
        var waits = free.ApprovedBy is null;
        var approve = waits && free.RegisteredBy != call.Caller.Id ? _approval.Write(call, new FormLook { Action = Path(customer.Id) + "/free-allocation/approval", Button = "common.approve" }, failure) : Html.None;
        return Html.Of($"""
            <div class="card"><strong>{words["customer.allocation"]}{words["sign.colon"]}{words.Number(free.Units)}</strong><span class="hint">{free.Evidence}, {words.Format("customer.until", free.Expires.ToString("yyyy-MM-dd", null))}</span>
            <span class="hint">{Tables.Person(free.RegisteredBy)}{Html.When(!waits, $", {words["receipt.approved"]} {Tables.Person(free.ApprovedBy ?? "")}")}</span>
            {Html.When(waits, $"<span class=\"badge awaiting-approval\">{words["state.awaiting-approval"]}</span>")}{approve}</div>
            """);
    }

    private static string Plan(Customer customer, Receipts.Words words) => customer.Arrears is not { } plan ? "" : plan.Rule switch
    {
        ArrearsRule.Share => $"{words["choice.share"]} {words.Number(plan.Value)} %",
        ArrearsRule.Instalment => $"{words["choice.instalment"]} {words.Number(plan.Value)}",
        _ => words["choice.priority"],
    };

    private static Dictionary<string, string> Values(Customer customer)
    {
        var values = new Dictionary<string, string> { ["name"] = customer.Name, ["account"] = customer.Account, ["address"] = customer.Address, ["phone"] = customer.Phone };
        if (customer.Arrears is { } plan)
        {
            values["arrears.rule"] = FieldSpec.Kebab(plan.Rule.ToString());
            values["arrears.value"] = Amount(plan.Value);
            values["arrears.keepUnits"] = Amount(plan.KeepUnits);
        }

        return values;
    }

    private static string Amount(decimal value) => value.ToString("0.######", System.Globalization.CultureInfo.InvariantCulture);
}
