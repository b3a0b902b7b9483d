using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Customers;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;
using OpenSts.Vending.SupplyGroups;
using OpenSts.Vending.Tariffs;

namespace OpenSts.Vending.Pages;

/// <summary>Finding a meter; a meter with everything that happened to it and everything that can be done with it.</summary>
internal sealed class MeterPages(IStore store, VendingSettings settings, TimeProvider time, ApiRows rows)
{
    private const int Shown = 50;
    private readonly ApiForm _meter = new(rows, "PUT", "/v1/meters/{pan}");
    private readonly ApiForm _blocking = new(rows, "POST", "/v1/meters/{pan}/blocking");
    private readonly ApiForm _unblocking = new(rows, "POST", "/v1/meters/{pan}/unblocking");
    private readonly ApiForm _confirmation = new(rows, "POST", "/v1/meters/{pan}/key-confirmation");
    private readonly ApiForm _exchange = new(rows, "POST", "/v1/meters/{pan}/exchange");
    private readonly ApiForm _keyChange = new(rows, "PUT", "/v1/key-changes/{id}");

    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/meters", Permission.MetersRead, Find),
        PageRoute.Of("GET", "/meters/new", _meter.Needs, call => New(call, null)),
        new("POST", "/meters/new", _meter.Needs, MakeAsync),
        PageRoute.Of("GET", "/meters/{pan}", Permission.MetersRead, call => Show(call, null)),
        new("POST", "/meters/{pan}", _meter.Needs, call => Send(call, _meter)),
        new("POST", "/meters/{pan}/blocking", _blocking.Needs, call => Send(call, _blocking)),
        new("POST", "/meters/{pan}/unblocking", _unblocking.Needs, call => Send(call, _unblocking)),
        new("POST", "/meters/{pan}/key-confirmation", _confirmation.Needs, call => Send(call, _confirmation)),
        new("POST", "/meters/{pan}/exchange", _exchange.Needs, call => Send(call, _exchange)),
        new("POST", "/meters/{pan}/key-change", _keyChange.Needs, ChangeKeyAsync),
    ];

    /// <summary>Whether a meter can be sold to.</summary>
    public static Html Badge(PaymentMeter meter, Receipts.Words words)
    {
        var name = FieldSpec.Kebab(meter.State.ToString());
        return Html.Of($"<span class=\"badge {(meter.State == MeterState.Active ? "issued" : "refused")}\">{words["state." + name]}</span>");
    }

    private static string Path(PageCall call) => "/meters/" + Uri.EscapeDataString(call.Path("pan"));

    private Task<PageAnswer> Send(PageCall call, ApiForm form) => form.SendAsync(call, Path(call), failure => Show(call, failure));

    private PageAnswer Find(PageCall call)
    {
        var (words, typed) = (call.Words, call.Field("number"));
        Refusal? refusal = null;
        if (typed.Length > 0)
        {
            if (!MeterNumber.TryParse(typed, out var pan, out var fault))
                refusal = MeterNumber.Refusal(fault);
            else if (store.Read(session => PaymentMeter.Find(session, pan)) is null)
                refusal = new Refusal("not-found", words["meter.none"]);
            else
                return PageAnswer.See($"/meters/{pan}");
        }

        var meters = store.Read(session => PaymentMeter.List(session, call.Field("after"), Shown)
            .Select(row => (Meter: row.Value, Customer: row.Value.Customer is { } id ? Customer.Find(session, id)?.Value.Name : null)).ToList());
        return PageAnswer.Page(call, words["page.meter"], Html.Of($"""
            {Frame.Head(words["page.meter"], Frame.Way(call, _meter.Needs, "/meters/new", "meter.new"))}
            <form method="get" action="/meters" class="row" role="search"><div class="field grow"><label for="number">{words["sale.meter"]}</label><input id="number" name="number" inputmode="numeric" autocomplete="off" autofocus required maxlength="40" value="{typed}"{Html.When(refusal is not null, $" aria-invalid=\"true\" aria-describedby=\"fault\"")}></div><button>{words["explain.show"]}</button></form>{Frame.FieldFault(words, refusal)}
            {Tables.Of(words, [words["receipt.meter"], words["receipt.customer"], "*" + words["field.supplyGroup"], "*" + words["receipt.tariff"], words["common.state"]],
                [.. meters.Select(row => (Html[])
                [
                    Html.Of($"<a class=\"number\" href=\"/meters/{row.Meter.Pan}\">{row.Meter.Pan.DecoderReferenceNumber.ToGroupedString()}</a>"), Html.Of($"{row.Customer ?? (row.Meter.Sandbox is { } outcome ? "sandbox: " + FieldSpec.Kebab(outcome.ToString()) : "")}"),
                    Html.Of($"{row.Meter.Key.SupplyGroup}"), Html.Of($"{row.Meter.Tariff}"), Badge(row.Meter, words),
                ])])}
            {Html.When(meters.Count == Shown, $"<p><a href=\"/meters?after={meters[^1].Meter.Pan}\">{words["common.more"]}</a></p>")}
            """), refusal);
    }

    private PageAnswer New(PageCall call, FormFailure? failure)
    {
        var words = call.Words;
        Refusal? wrong = null;
        if (failure is not null && !MeterNumber.TryParse(call.Field("pan"), out _, out var fault))
            wrong = MeterNumber.Refusal(fault);
        var groups = store.Read(session => SupplyGroup.Table.List(session));
        var look = Look("/meters/new") with
        {
            Name = "new-meter",
            Values = new Dictionary<string, string>
            {
                ["supplyGroup"] = groups.Count > 0 ? groups[0].Id : "",
                ["keyRevisionNumber"] = groups.Count > 0 ? $"{groups[0].Value.CurrentKeyRevision}" : "1",
                ["keyType"] = "DUTK",
                ["tariffIndex"] = "01",
                ["encryptionAlgorithm"] = "EA07",
                ["tokenCarrierType"] = "numeric",
                ["service"] = "electricity",
                ["form"] = "units",
            },
        };
        return PageAnswer.Page(call, words["meter.new"], Html.Of($"""
            <section class="narrow stack"><h1>{words["meter.new"]}</h1>
            <div class="field"><label for="pan">{words["sale.meter"]}</label><input id="pan" name="pan" form="new-meter" inputmode="numeric" autocomplete="off" autofocus required maxlength="40" value="{call.Field("pan")}"{Html.When(wrong is not null, $" aria-invalid=\"true\" aria-describedby=\"fault\"")}>{Frame.FieldFault(words, wrong)}</div>
            {_meter.Write(call, look, wrong is null ? failure : null)}</section>
            """), wrong);
    }

    private FormLook Look(string action)
    {
        var (groups, tariffs) = store.Read(session => (SupplyGroup.Table.List(session), Tariff.Table.List(session)));
        return new FormLook
        {
            Action = action,
            Button = "form.save",
            Choices = new Dictionary<string, IReadOnlyList<(string, string)>>
            {
                ["supplyGroup"] = [.. groups.Select(row => (row.Id, $"{row.Id} {row.Value.Name}"))],
                ["to.supplyGroup"] = [.. groups.Select(row => (row.Id, $"{row.Id} {row.Value.Name}"))],
                ["tariff"] = [.. tariffs.Select(row => (row.Id, row.Value.Name))],
            },
        };
    }

    private async Task<PageAnswer> MakeAsync(PageCall call)
    {
        call.Context.Request.RouteValues["pan"] = call.Field("pan");
        var answer = await _meter.SendAsync(call).ConfigureAwait(false);
        return answer.Status < 300 && MeterNumber.TryParse(call.Field("pan"), out var pan, out _)
            ? PageAnswer.See($"/meters/{pan}")
            : New(call, new FormFailure(_meter, answer)) with { Status = answer.Status };
    }

    private PageAnswer Show(PageCall call, FormFailure? failure)
    {
        var words = call.Words;
        if (!MeterNumber.TryParse(call.Path("pan"), out var pan, out _) || store.Read(session => PaymentMeter.Find(session, pan)) is not { } found)
            return PageAnswer.Nothing(call, words["meter.none"]);
        var meter = found.Value;
        var (customer, history) = store.Read(session => (meter.Customer is { } id ? Customer.Find(session, id)?.Value : null, IssueTable.List(session, long.MaxValue, Shown, pan.ToString(), call.Caller.Vendor)));
        return PageAnswer.Page(call, pan.DecoderReferenceNumber.ToString(), Html.Of($"""
            <div class="head"><h1 class="number">{pan.DecoderReferenceNumber.ToGroupedString()}</h1>{Badge(meter, words)}</div>
            {Html.When(meter.StateReason.Length > 0, $"<p class=\"note\">{meter.StateReason}</p>")}
            <p class="row">{Html.When(call.Caller.May(Permission.VendsWrite) && meter.State == MeterState.Active, $"<a class=\"button\" href=\"/sale/amount?meter={pan}\">{words["page.sale"]}</a>")}<a class="button quiet" href="/explain?meter={pan}">{words["page.explain"]}</a>{Frame.Way(call, Permission.EngineeringRequest, $"/engineering?meter={pan}", "page.engineering")}</p>
            {KeyOnItsWay(call, meter, failure)}
            <dl class="facts">
            {Html.When(customer is not null, $"<dt>{words["receipt.customer"]}</dt><dd><a href=\"/customers/{customer?.Id}\">{customer?.Name}</a></dd><dt>{words["receipt.account"]}</dt><dd>{customer?.Account}</dd>")}
            <dt>MeterPAN</dt><dd class="number">{pan.ToGroupedString()}</dd><dt>{words["meter.key"]}</dt><dd>{Key(meter.Key)}</dd>
            <dt>EA / TCT</dt><dd>{meter.EncryptionAlgorithm.Name()} / {(int)meter.TokenCarrierType:D2}</dd><dt>{words["receipt.tariff"]}</dt><dd><a href="/tariffs/{meter.Tariff}">{meter.Tariff}</a></dd></dl>
            {Deeds(call, found, failure)}
            <h2>{words["meter.history"]}</h2>{Tables.Issues(history, words, settings)}
            """));
    }

    private Html KeyOnItsWay(PageCall call, PaymentMeter meter, FormFailure? failure) => meter.NextKey is not { } next
        ? Html.None
        : Html.Of($"""
            <div class="card"><span>{call.Words["meter.next-key"]}{call.Words["sign.colon"]}<strong>{Key(next)}</strong></span><a href="/sales/{meter.KeyChangeIssue}">{call.Words["receipt.key-change"]}</a>
            {_confirmation.Write(call, new FormLook { Action = Path(call) + "/key-confirmation", Button = "meter.confirm-key" }, failure)}</div>
            """);

    private Html Deeds(PageCall call, Versioned<PaymentMeter> found, FormFailure? failure)
    {
        var (meter, path) = (found.Value, Path(call));
        if (meter.State == MeterState.Replaced)
            return Html.None;
        var blocking = meter.State == MeterState.Active
            ? _blocking.Fold(call, "meter.block", new FormLook { Action = path + "/blocking", Button = "meter.block" }, failure)
            : _unblocking.Write(call, new FormLook { Action = path + "/unblocking", Button = "meter.unblock" }, failure);
        var id = Html.Of($"<input type=\"hidden\" name=\"id\" value=\"page-{Guid.CreateVersion7(time.GetUtcNow()):N}\">");
        var to = new Dictionary<string, string>
        {
            ["to.supplyGroup"] = meter.Key.SupplyGroup.ToString(),
            ["to.keyRevisionNumber"] = $"{meter.Key.KeyRevisionNumber}",
            ["to.keyType"] = meter.Key.KeyType.Abbreviation(),
            ["to.tariffIndex"] = meter.Key.TariffIndex.ToString(),
        };
        return Html.Join(
        [
            blocking,
            _meter.Fold(call, "meter.edit", Look(path) with { Version = found.Version, Values = Values(meter) }, failure),
            meter.NextKey is null ? _keyChange.Fold(call, "meter.change-key", Look(path + "/key-change") with { Button = "meter.change-key", Given = ["meter"], Values = to, Note = id }, failure) : Html.None,
            _exchange.Fold(call, "meter.exchange", new FormLook { Action = path + "/exchange", Button = "meter.exchange" }, failure),
        ]);
    }

    private static Dictionary<string, string> Values(PaymentMeter meter) => new()
    {
        ["supplyGroup"] = meter.Key.SupplyGroup.ToString(),
        ["keyRevisionNumber"] = $"{meter.Key.KeyRevisionNumber}",
        ["keyType"] = meter.Key.KeyType.Abbreviation(),
        ["tariffIndex"] = meter.Key.TariffIndex.ToString(),
        ["encryptionAlgorithm"] = meter.EncryptionAlgorithm.Name(),
        ["tokenCarrierType"] = FieldSpec.Kebab(meter.TokenCarrierType.ToString()),
        ["service"] = FieldSpec.Kebab(meter.Service.ToString()),
        ["form"] = FieldSpec.Kebab(meter.Form.ToString()),
        ["tariff"] = meter.Tariff,
        ["customer"] = meter.Customer ?? "",
        ["chargesFrom"] = meter.ChargesFrom.ToString("yyyy-MM-dd", null),
        ["keyChangeTokens"] = $"{meter.KeyChangeTokens}",
    };

    private async Task<PageAnswer> ChangeKeyAsync(PageCall call)
    {
        var id = call.Field("id");
        return SalePages.IsPageId(id)
            ? await _keyChange.SendAsync(call, "/sales/" + id, failure => Show(call, failure), id, ("meter", call.Path("pan"))).ConfigureAwait(false)
            : Show(call, null);
    }

    private static string Key(MeterKey key) => $"SGC {key.SupplyGroup}, KRN {key.KeyRevisionNumber}, TI {key.TariffIndex}, {key.KeyType.Abbreviation()}";
}
