using System.Globalization;
using OpenSts.Vending.Access;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;
using OpenSts.Vending.Tariffs;

namespace OpenSts.Vending.Pages;

/// <summary>Tariffs, and what a price would be.</summary>
internal sealed class TariffPages(IStore store, VendingSettings settings, ApiRows rows)
{
    private readonly ApiForm _draft = new(rows, "PUT", "/v1/tariff-drafts/{id}");

    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/tariffs", Permission.TariffsRead, List),
        PageRoute.Of("GET", "/tariffs/new", _draft.Needs, call => Draft(call, null)),
        new("POST", "/tariffs/new", _draft.Needs, call => _draft.SendAsync(call, Path(call.Field("id")), failure => Draft(call, failure), call.Field("id"))),
        PageRoute.Of("GET", "/tariffs/{id}", Permission.TariffsRead, call => Show(call, null)),
        new("POST", "/tariffs/{id}/draft", _draft.Needs, call => _draft.SendAsync(call, Path(call.Path("id")), failure => Show(call, failure.Answer.Refusal, failure))),
        PageRoute.Of("POST", "/tariffs/{id}/activation", Permission.TariffsActivate, Activate),
    ];

    private static string Path(string id) => "/tariffs/" + Uri.EscapeDataString(id);

    private PageAnswer Draft(PageCall call, FormFailure? failure) => PageAnswer.Page(call, call.Words["tariffs.new"], Html.Of($"""
        <section class="narrow"><h1>{call.Words["tariffs.new"]}</h1>
        {_draft.Write(call, new FormLook { Action = "/tariffs/new", Button = "tariffs.write", AsksId = true, Focus = "id", Note = Html.Of($"<p class=\"hint\">{call.Words["form.second-person"]}</p>") }, failure)}</section>
        """));

    private PageAnswer List(PageCall call)
    {
        var (active, drafts) = store.Read(session => (Tariff.Table.List(session), Tariff.Drafts.List(session)));
        var rows = Html.Join(drafts.Concat(active).Select(row => Html.Of($"""
            <li class="card"><a href="/tariffs/{row.Id}"><strong>{row.Value.Name}</strong></a>{Html.When(row.Value.State == TariffState.Draft, $"<span class=\"badge pending\">{call.Words["tariffs.draft"]}</span>")}{Steps(row.Value, call.Words)}</li>
            """)));
        return PageAnswer.Page(call, call.Words["page.tariffs"], Html.Of($"{Frame.Head(call.Words["page.tariffs"], Frame.Way(call, _draft.Needs, "/tariffs/new", "tariffs.new"))}<ul class=\"cards\">{rows}</ul>"));
    }

    private PageAnswer Show(PageCall call, Refusal? refusal, FormFailure? failure = null)
    {
        var (words, id) = (call.Words, call.Path("id"));
        var (stored, active) = store.Read(session => (Tariff.Drafts.Find(session, id), Tariff.Table.Find(session, id)?.Value));
        var draft = stored?.Value;
        if ((draft ?? active) is not { } tariff)
            return PageAnswer.Nothing(call, words["page.tariffs"]);
        var trial = Trial(call, tariff, ref refusal);
        var charges = Html.Join(tariff.FixedCharges.Select(charge => Html.Of($"<dt>{charge.Name}</dt><dd>{Price(charge.Amount, words)} {words.Choice(Api.FieldSpec.Kebab(charge.Period.ToString()))}</dd>")));
        var fees = Html.Join(tariff.Fees.Select(fee => Html.Of($"<dt>{words["receipt.fee"]} {fee.Channel}</dt><dd>{(fee.Amount > 0 || fee.Percent == 0 ? Price(fee.Amount, words) : "")}{(fee is { Amount: > 0, Percent: > 0 } ? " + " : "")}{(fee.Percent > 0 ? words.Number(fee.Percent) + " %" : "")}</dd>")));
        var activate = draft is not null && call.Caller.May(Permission.TariffsActivate)
            ? Html.Of($"<form method=\"post\" action=\"/tariffs/{id}/activation\">{call.Csrf}<p><span class=\"badge pending\">{words["tariffs.draft"]}</span></p><button>{words["tariffs.activate"]}</button></form>")
            : Html.None;
        return PageAnswer.Page(call, tariff.Name, Html.Of($"""
            <h1>{tariff.Name}</h1>{(failure is null ? Frame.Fault(words, refusal) : Html.None)}{activate}
            <div class="columns"><section>{Steps(tariff, words)}<dl class="facts">{charges}{fees}<dt>{words["receipt.tax"]}</dt><dd>{words.Number(tariff.TaxPercent)} %</dd>
            <dt>{words["tariffs.limits"]}</dt><dd>{words.Number(tariff.Minimum)} – {words.Number(tariff.Maximum)}</dd></dl></section>
            <section><h2>{words["tariffs.trial"]}</h2><form method="get" action="/tariffs/{id}" class="stack">
            <div class="field"><label for="tender">{words["sale.amount"]} ({settings.Currency.Code})</label><input id="tender" name="tender" inputmode="decimal" required maxlength="20" value="{call.Field("tender")}"></div>
            <div class="field"><label for="bought">{words["tariffs.bought"]} <span class="hint">{words["form.optional"]}</span></label><input id="bought" name="bought" inputmode="decimal" maxlength="20" value="{call.Field("bought")}"></div><div><button>{words["tariffs.trial"]}</button></div></form>{trial}</section></div>
            {_draft.Fold(call, stored is null ? "tariffs.change" : "tariffs.edit", new FormLook { Action = Path(id) + "/draft", Button = "tariffs.write", Version = stored?.Version, Values = Values(tariff), Note = Html.Of($"<p class=\"hint\">{words["form.second-person"]}</p>") }, failure)}
            """), refusal);
    }

    private Html Trial(PageCall call, Tariff tariff, ref Refusal? refusal)
    {
        if (call.Field("tender").Length == 0)
            return Html.None;
        var bought = 0m;
        if (!call.TryDecimal("tender", out var tender) || !settings.Currency.TryToMinor(tender, out var minor) || minor == 0
            || (call.Field("bought").Length > 0 && !call.TryDecimal("bought", out bought)))
        {
            refusal = new Refusal("field-invalid", $"The amount held '{call.Field("tender")}' and the units '{call.Field("bought")}'; permitted are decimals above 0 such as 99.50.");
            return Html.None;
        }

        if (!TariffCalculator.Quote(new QuoteRequest { Tariff = tariff, Currency = settings.Currency, Tender = minor, BoughtThisMonth = bought }).TryGet(out var quote, out refusal))
            return Html.None;
        var meter = new PaymentMeter
        {
            Pan = default,
            Key = new MeterKey { SupplyGroup = default, KeyRevisionNumber = 1, KeyType = KeyType.Unique, TariffIndex = default },
            EncryptionAlgorithm = EncryptionAlgorithm.Ea07,
            TokenCarrierType = TokenCarrierType.Numeric,
            Service = tariff.Service,
            Form = TokenForm.Units,
            Tariff = tariff.Id,
            State = MeterState.Active,
            ChargesFrom = default,
        };
        return Tables.Price(quote, meter, call.Words, settings);
    }

    private PageAnswer Activate(PageCall call) =>
        TariffRoutes.Activate(store, call.Path("id"), call.Caller).TryGet(out _, out var refusal) ? PageAnswer.See($"/tariffs/{Uri.EscapeDataString(call.Path("id"))}") : Show(call, refusal);

    private Html Steps(Tariff tariff, Receipts.Words words)
    {
        var highest = tariff.Blocks.Max(block => block.Rate);
        var unit = words["unit." + Api.FieldSpec.Kebab(tariff.Service.ToString())];
        return Html.Of($"<ol class=\"steps\">{Html.Join(tariff.Blocks.Select(block => Html.Of($"<li><span class=\"bar\" style=\"--share:{(int)(100 * block.Rate / highest)}%\"></span><b>{Price(block.Rate, words)}</b> {settings.Currency.Code}/{unit} <span class=\"hint\">{(block.UpTo is { } bound ? words.Format("tariffs.up-to", words.Number(bound), unit) : "")}</span></li>")))}</ol>");
    }

    private static Dictionary<string, string> Values(Tariff tariff)
    {
        var values = new Dictionary<string, string>
        {
            ["name"] = tariff.Name,
            ["service"] = Api.FieldSpec.Kebab(tariff.Service.ToString()),
            ["fixedChargesCapPercent"] = Text(tariff.FixedChargesCapPercent),
            ["taxPercent"] = Text(tariff.TaxPercent),
            ["minimum"] = Text(tariff.Minimum),
            ["maximum"] = Text(tariff.Maximum),
            ["dailyMaximum"] = tariff.DailyMaximum is { } most ? Text(most) : "",
        };
        foreach (var (at, block) in tariff.Blocks.Index())
            (values[$"blocks.{at}.upTo"], values[$"blocks.{at}.rate"]) = (block.UpTo is { } bound ? Text(bound) : "", Text(block.Rate));
        foreach (var (at, charge) in tariff.FixedCharges.Index())
            (values[$"fixedCharges.{at}.name"], values[$"fixedCharges.{at}.amount"], values[$"fixedCharges.{at}.period"]) = (charge.Name, Text(charge.Amount), Api.FieldSpec.Kebab(charge.Period.ToString()));
        foreach (var (at, fee) in tariff.Fees.Index())
            (values[$"fees.{at}.channel"], values[$"fees.{at}.amount"], values[$"fees.{at}.percent"]) = (fee.Channel, Text(fee.Amount), Text(fee.Percent));
        return values;
    }

    // No fewer decimals than the currency has, and all that there are.
    private string Price(decimal value, Receipts.Words words) => words.Number(value, settings.Currency.Decimals == 0 ? "#,0.######" : $"#,0.{new string('0', settings.Currency.Decimals)}####");

    private static string Text(decimal value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
