using System.Globalization;
using OpenSts.Vending.Access;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;
using OpenSts.Vending.Tariffs;

namespace OpenSts.Vending.Pages;

/// <summary>Tariffs, and what a price would be.</summary>
internal sealed class TariffPages(IStore store, VendingSettings settings)
{
    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/tariffs", Permission.TariffsRead, List),
        PageRoute.Of("GET", "/tariffs/{id}", Permission.TariffsRead, call => Show(call, null)),
        PageRoute.Of("POST", "/tariffs/{id}/activation", Permission.TariffsActivate, Activate),
    ];

    private PageAnswer List(PageCall call)
    {
        var (active, drafts) = store.Read(session => (Tariff.Table.List(session), Tariff.Drafts.List(session)));
        var rows = Html.Join(drafts.Concat(active).Select(row => Html.Of($"""
            <li class="card"><a href="/tariffs/{row.Id}"><strong>{row.Value.Name}</strong></a>{Html.When(row.Value.State == TariffState.Draft, $"<span class=\"badge pending\">{call.Words["tariffs.draft"]}</span>")}{Steps(row.Value)}</li>
            """)));
        return PageAnswer.Page(call, call.Words["page.tariffs"], Html.Of($"<h1>{call.Words["page.tariffs"]}</h1><ul class=\"cards\">{rows}</ul>"));
    }

    private PageAnswer Show(PageCall call, Refusal? refusal)
    {
        var (words, id) = (call.Words, call.Path("id"));
        var (draft, active) = store.Read(session => (Tariff.Drafts.Find(session, id)?.Value, Tariff.Table.Find(session, id)?.Value));
        if ((draft ?? active) is not { } tariff)
            return PageAnswer.Page(call, words["page.tariffs"], Html.Of($"<h1>{words["common.none"]}</h1>"), 404);
        var trial = Trial(call, tariff, ref refusal);
        var charges = Html.Join(tariff.FixedCharges.Select(charge => Html.Of($"<dt>{charge.Name}</dt><dd>{Text(charge.Amount)} {Api.FieldSpec.Kebab(charge.Period.ToString())}</dd>")));
        var fees = Html.Join(tariff.Fees.Select(fee => Html.Of($"<dt>{words["receipt.fee"]} {fee.Channel}</dt><dd>{Text(fee.Amount)} + {Text(fee.Percent)} %</dd>")));
        var activate = draft is not null && call.Caller.May(Permission.TariffsActivate)
            ? Html.Of($"<form method=\"post\" action=\"/tariffs/{id}/activation\">{call.Csrf}<p><span class=\"badge pending\">{words["tariffs.draft"]}</span></p><button>{words["tariffs.activate"]}</button></form>")
            : Html.None;
        return PageAnswer.Page(call, tariff.Name, Html.Of($"""
            <h1>{tariff.Name}</h1>{Frame.Fault(refusal)}{activate}
            <div class="columns"><section>{Steps(tariff)}<dl class="facts">{charges}{fees}<dt>{words["receipt.tax"]}</dt><dd>{Text(tariff.TaxPercent)} %</dd>
            <dt>min - max</dt><dd>{Text(tariff.Minimum)} - {Text(tariff.Maximum)}</dd></dl></section>
            <section><h2>{words["tariffs.trial"]}</h2><form method="get" action="/tariffs/{id}" class="stack">
            <label>{words["sale.amount"]} ({settings.Currency.Code})<input name="tender" inputmode="decimal" required maxlength="20" value="{call.Field("tender")}" autofocus></label>
            <label>{words["tariffs.bought"]}<input name="bought" inputmode="decimal" maxlength="20" value="{call.Field("bought")}"></label><button>{words["tariffs.trial"]}</button></form>{trial}</section></div>
            """), refusal is null ? 200 : Api.ProblemCatalogue.Of(refusal.Code).Status);
    }

    private Html Trial(PageCall call, Tariff tariff, ref Refusal? refusal)
    {
        if (call.Field("tender").Length == 0)
            return Html.None;
        var bought = 0m;
        if (!TryNumber(call.Field("tender"), out var tender) || !settings.Currency.TryToMinor(tender, out var minor) || minor == 0
            || (call.Field("bought").Length > 0 && !TryNumber(call.Field("bought"), out bought)))
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

    private Html Steps(Tariff tariff)
    {
        var highest = tariff.Blocks.Max(block => block.Rate);
        var unit = Receipts.Words.English["unit." + Api.FieldSpec.Kebab(tariff.Service.ToString())];
        return Html.Of($"<ol class=\"steps\">{Html.Join(tariff.Blocks.Select(block => Html.Of($"<li><span class=\"bar\" style=\"--share:{(int)(100 * block.Rate / highest)}%\"></span><b>{Text(block.Rate)}</b> {settings.Currency.Code}/{unit} {(block.UpTo is { } bound ? $"<= {Text(bound)}" : "")}</li>")))}</ol>");
    }

    private static string Text(decimal value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static bool TryNumber(string text, out decimal number) =>
        decimal.TryParse(text.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) && number <= 100_000_000m;
}
