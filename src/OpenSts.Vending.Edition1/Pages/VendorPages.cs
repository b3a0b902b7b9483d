using System.Globalization;
using OpenSts.Vending.Access;
using OpenSts.Vending.Money;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;
using OpenSts.Vending.Vendors;

namespace OpenSts.Vending.Pages;

/// <summary>Vendors: their wallets with floor and statement, deposits.</summary>
internal sealed class VendorPages(IStore store, VendingSettings settings, ApiRows rows)
{
    private const int Shown = 50;
    private readonly ApiForm _vendor = new(rows, "PUT", "/v1/vendors/{id}");
    private readonly ApiForm _deposit = new(rows, "POST", "/v1/vendors/{id}/deposits");

    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/vendors", Permission.VendorsRead, List),
        PageRoute.Of("GET", "/vendors/new", _vendor.Needs, call => New(call, null)),
        new("POST", "/vendors/new", _vendor.Needs, call => _vendor.SendAsync(call, Path(call.Field("id")), failure => New(call, failure), call.Field("id"))),
        PageRoute.Of("GET", "/vendors/{id}", Permission.VendorsRead, call => Show(call, null)),
        new("POST", "/vendors/{id}", _vendor.Needs, call => _vendor.SendAsync(call, Path(call.Path("id")), failure => Show(call, failure))),
        new("POST", "/vendors/{id}/deposits", _deposit.Needs, call => _deposit.SendAsync(call, Path(call.Path("id")), failure => Show(call, failure))),
    ];

    private static string Path(string id) => "/vendors/" + Uri.EscapeDataString(id);

    private PageAnswer List(PageCall call)
    {
        var words = call.Words;
        var vendors = store.Read(session => Vendor.Table.List(session).Where(row => call.Caller.Vendor is null || call.Caller.Vendor == row.Id)
            .Select(row => (Vendor: row.Value, Wallet: Ledger.Balance(session, Accounts.Wallet(row.Id)))).ToList());
        return PageAnswer.Page(call, words["page.vendors"], Html.Of($"""
            {Frame.Head(words["page.vendors"], Frame.Way(call, _vendor.Needs, "/vendors/new", "vendor.new"))}
            {Tables.Of(words, [words["receipt.vendor"], "*" + words["receipt.outlet"], ">" + $"{words["vendor.wallet"]} ({settings.Currency.Code})", "*>" + words["field.floor"], words["common.state"]],
                [.. vendors.Select(row => (Html[])
                [
                    Html.Of($"<a href=\"{Path(row.Vendor.Id)}\">{row.Vendor.Name}</a>"), Html.Of($"{row.Vendor.Outlet}"), Html.Of($"<b class=\"{(Low(row.Vendor, row.Wallet) ? "missing" : "")}\">{words.Money(settings.Currency, row.Wallet)}</b>"),
                    Html.Of($"{Money(row.Vendor.Floor, words)}"), Html.Of($"<span class=\"badge {(row.Vendor.Active ? "issued" : "refused")}\">{words[row.Vendor.Active ? "state.active" : "state.stopped"]}</span>"),
                ])])}
            """));
    }

    private PageAnswer New(PageCall call, FormFailure? failure) => PageAnswer.Page(call, call.Words["vendor.new"], Html.Of($"""
        <section class="narrow"><h1>{call.Words["vendor.new"]}</h1>{_vendor.Write(call, new FormLook { Action = "/vendors/new", Button = "form.save", AsksId = true, Focus = "id", Values = new Dictionary<string, string> { ["active"] = "true" } }, failure)}</section>
        """));

    private PageAnswer Show(PageCall call, FormFailure? failure)
    {
        var (words, id) = (call.Words, call.Path("id"));
        var before = long.TryParse(call.Field("before"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
        var (found, wallet, lines) = store.Read(session => (Vendor.Table.Find(session, id), Ledger.Balance(session, Accounts.Wallet(id)), Ledger.Statement(session, Accounts.Wallet(id), before, Shown)));
        if (found is not { Value: var vendor } || (call.Caller.Vendor is not null && call.Caller.Vendor != id))
            return PageAnswer.Nothing(call, words["page.vendors"]);
        var values = new Dictionary<string, string> { ["name"] = vendor.Name, ["outlet"] = vendor.Outlet, ["floor"] = Plain(vendor.Floor), ["commissionPercent"] = Plain(vendor.CommissionPercent), ["active"] = vendor.Active ? "true" : "" };
        return PageAnswer.Page(call, vendor.Name, Html.Of($"""
            <div class="head"><h1>{vendor.Name}</h1>{Html.When(!vendor.Active, $"<span class=\"badge refused\">{words["state.stopped"]}</span>")}</div>
            <ul class="tiles"><li class="tile money {(Low(vendor, wallet) ? "bad" : "good")}"><span>{words["vendor.wallet"]} ({settings.Currency.Code})</span><strong>{words.Money(settings.Currency, wallet)}</strong></li>
            <li class="tile money"><span>{words["field.floor"]} ({settings.Currency.Code})</span><strong>{Money(vendor.Floor, words)}</strong></li><li class="tile"><span>{words["field.commissionPercent"]}</span><strong>{words.Number(vendor.CommissionPercent)} %</strong></li></ul>
            {_deposit.Fold(call, "vendor.deposit", new FormLook { Action = Path(id) + "/deposits", Button = "vendor.deposit" }, failure)}
            {_vendor.Fold(call, "vendor.edit", new FormLook { Action = Path(id), Button = "form.save", Version = found.Version, Values = values }, failure)}
            <h2>{words["vendor.statement"]}</h2>
            {Tables.Of(words, [words["common.time"], words["common.kind"], "*" + words["field.reference"], ">" + words["common.amount"]],
                [.. lines.Select(line => (Html[])[Tables.When(line.At, settings), Html.Of($"{Kind(line, words)}"), Reference(line), Html.Of($"{words.Money(settings.Currency, line.Minor)}")])])}
            {Html.When(lines.Count == Shown, $"<p><a href=\"{Path(id)}?before={lines[^1].Number}\">{words["common.more"]}</a></p>")}
            """));
    }

    private static string Kind(StatementLine line, Receipts.Words words) => words["entry." + line.Kind] is var word && word != "entry." + line.Kind ? word : line.Kind;

    private static Html Reference(StatementLine line) => line.Kind.StartsWith("sale", StringComparison.Ordinal)
        ? Html.Of($"<a href=\"/sales/{line.Reference}\">{Short(line.Reference)}</a>")
        : Html.Of($"{line.Reference[(line.Reference.IndexOf('/', StringComparison.Ordinal) + 1)..]}");

    private static string Short(string reference) => reference.Length <= 14 ? reference : "..." + reference[^10..];

    // Red where it can sell nothing any more.
    private bool Low(Vendor vendor, long wallet) => settings.Currency.ToDecimal(wallet) <= vendor.Floor;

    private string Money(decimal amount, Receipts.Words words) => words.Money(settings.Currency, settings.Currency.Round(amount));

    private static string Plain(decimal value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
