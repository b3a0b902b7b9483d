using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Customers;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Pages;

/// <summary>Finding a meter; a meter with everything that happened to it.</summary>
internal sealed class MeterPages(IStore store, VendingSettings settings)
{
    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/meters", Permission.MetersRead, Find),
        PageRoute.Of("GET", "/meters/{pan}", Permission.MetersRead, call => Show(call, null)),
        PageRoute.Of("POST", "/meters/{pan}/blocking", Permission.MetersWrite, call => Change(call, Block(call))),
        PageRoute.Of("POST", "/meters/{pan}/key-confirmation", Permission.VendsWrite, call => Change(call, MeterRoutes.Confirm)),
    ];

    private PageAnswer Find(PageCall call)
    {
        var (words, typed) = (call.Words, call.Field("number"));
        Refusal? refusal = null;
        if (typed.Length > 0)
        {
            if (!MeterNumber.TryParse(typed, out var pan, out var fault))
                refusal = new Refusal("field-invalid", $"The number {fault.Describe()}; permitted is {MeterNumber.Form}.");
            else if (store.Read(session => PaymentMeter.Find(session, pan)) is null)
                refusal = new Refusal("not-found", words["meter.none"]);
            else
                return PageAnswer.See($"/meters/{pan}");
        }

        var meters = store.Read(session => PaymentMeter.List(session, call.Field("after"), 50)
            .Select(row => (Meter: row.Value, Customer: row.Value.Customer is { } id ? OpenSts.Vending.Customers.Customer.Find(session, id)?.Value.Name : null)).ToList());
        var rows = Html.Join(meters.Select(row => Html.Of($"""
            <tr><td><a class="number" href="/meters/{row.Meter.Pan}">{row.Meter.Pan.DecoderReferenceNumber.ToGroupedString()}</a></td><td>{row.Customer ?? (row.Meter.Sandbox is { } outcome ? "sandbox: " + FieldSpec.Kebab(outcome.ToString()) : "")}</td>
            <td class="wide">{row.Meter.Key.SupplyGroup}</td><td class="wide">{row.Meter.Tariff}</td></tr>
            """)));
        var next = meters.Count == 50 ? Html.Of($"<p><a href=\"/meters?after={meters[^1].Meter.Pan}\">{words["sale.next"]}</a></p>") : Html.None;
        return PageAnswer.Page(call, words["page.meter"], Html.Of($"""
            <h1>{words["page.meter"]}</h1>{Frame.Fault(refusal)}
            <form method="get" action="/meters" class="row"><label class="grow">{words["sale.meter"]}<input name="number" inputmode="numeric" autocomplete="off" autofocus required maxlength="40" value="{typed}"></label><button>{words["explain.show"]}</button></form>
            <div class="scroll" tabindex="0"><table><thead><tr><th>{words["receipt.meter"]}</th><th>{words["receipt.customer"]}</th><th class="wide">SGC</th><th class="wide">{words["receipt.tariff"]}</th></tr></thead><tbody>{rows}</tbody></table></div>{next}
            """), refusal is null ? 200 : ProblemCatalogue.Of(refusal.Code).Status);
    }

    private PageAnswer Show(PageCall call, Refusal? refusal)
    {
        var words = call.Words;
        if (!MeterNumber.TryParse(call.Path("pan"), out var pan, out _) || store.Read(session => PaymentMeter.Find(session, pan)) is not { Value: var meter })
            return PageAnswer.Page(call, words["page.meter"], Html.Of($"<h1>{words["meter.none"]}</h1>"), 404);
        var (customer, history) = store.Read(session => (meter.Customer is { } id ? Customer.Find(session, id)?.Value : null, IssueTable.List(session, long.MaxValue, 50, pan.ToString(), call.Caller.Vendor)));
        return PageAnswer.Page(call, pan.DecoderReferenceNumber.ToString(), Html.Of($"""
            <h1 class="number">{pan.DecoderReferenceNumber.ToGroupedString()}</h1>{Frame.Fault(refusal)}{Tables.State(meter, words)}
            <div class="columns"><section><dl class="facts">
            <dt>{words["receipt.customer"]}</dt><dd>{customer?.Name}</dd><dt>{words["receipt.account"]}</dt><dd>{customer?.Account}</dd>
            <dt>MeterPAN</dt><dd class="number">{pan.ToGroupedString()}</dd><dt>{words["meter.key"]}</dt><dd>{Key(meter.Key)}</dd>
            <dt>EA / TCT</dt><dd>{meter.EncryptionAlgorithm.Name()} / {(int)meter.TokenCarrierType:D2}</dd><dt>{words["receipt.tariff"]}</dt><dd><a href="/tariffs/{meter.Tariff}">{meter.Tariff}</a></dd></dl></section>
            <section>{Actions(call, meter)}</section></div>
            <h2>{words["meter.history"]}</h2>{Tables.Issues(history, words, settings)}
            """), refusal is null ? 200 : ProblemCatalogue.Of(refusal.Code).Status);
    }

    private static Html Actions(PageCall call, PaymentMeter meter)
    {
        var words = call.Words;
        var parts = new List<Html> { Html.Of($"<p class=\"row\"><a class=\"button\" href=\"/sale/amount?meter={meter.Pan}\">{words["page.sale"]}</a><a class=\"button quiet\" href=\"/explain?meter={meter.Pan}\">{words["page.explain"]}</a></p>") };
        if (meter.NextKey is { } next)
        {
            parts.Add(Html.Of($"""
                <form method="post" action="/meters/{meter.Pan}/key-confirmation" class="card">{call.Csrf}<span>{words["meter.next-key"]}: {Key(next)}, <a href="/sales/{meter.KeyChangeIssue}">{words["receipt.key-change"]}</a></span>
                <button class="quiet">{words["meter.confirm-key"]}</button></form>
                """));
        }

        if (call.Caller.May(Permission.MetersWrite) && meter.State != MeterState.Replaced)
        {
            var active = meter.State == MeterState.Active;
            parts.Add(Html.Of($"""
                <form method="post" action="/meters/{meter.Pan}/blocking" class="row">{call.Csrf}{Html.When(active, $"<label class=\"grow\">{words["receipt.reason"]}<input name=\"reason\" required minlength=\"3\" maxlength=\"200\"></label>")}
                <button class="quiet">{words[active ? "meter.block" : "meter.unblock"]}</button></form>
                """));
        }

        return Html.Join(parts);
    }

    private static Func<PaymentMeter, Verdict<PaymentMeter>> Block(PageCall call) => meter => meter.State switch
    {
        MeterState.Replaced => SalePlan.Refuses(meter)!,
        MeterState.Blocked => meter with { State = MeterState.Active, StateReason = "" },
        _ when call.Field("reason").Length < 3 => new Refusal("field-invalid", "The reason has fewer than 3 characters; permitted are 3 to 200."),
        _ => meter with { State = MeterState.Blocked, StateReason = call.Field("reason") },
    };

    private PageAnswer Change(PageCall call, Func<PaymentMeter, Verdict<PaymentMeter>> change)
    {
        if (!MeterNumber.TryParse(call.Path("pan"), out var pan, out _))
            return Show(call, null);
        var refusal = store.Write(session =>
        {
            if (PaymentMeter.Find(session, pan) is not { } found)
                return new Refusal("not-found", call.Words["meter.none"]);
            if (!change(found.Value).TryGet(out var changed, out var refused))
                return refused;
            _ = changed.TryReplace(session, found.Version);
            return null;
        });
        return refusal is null ? PageAnswer.See($"/meters/{pan}") : Show(call, refusal);
    }

    private static string Key(MeterKey key) => $"SGC {key.SupplyGroup}, KRN {key.KeyRevisionNumber}, TI {key.TariffIndex}, {key.KeyType.Abbreviation()}";
}
