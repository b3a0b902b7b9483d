using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Tariffs;

/// <summary>Tariffs over the API: written by one person, activated by another, tried by anybody.</summary>
internal sealed class TariffRoutes(IStore store, VendingSettings settings)
{
    private static readonly FieldSpec[] Fields =
    [
        FieldSpec.Text("name", 100),
        FieldSpec.Choice<CreditService>("service").Optional,
        FieldSpec.List("blocks", 1, 12, FieldSpec.Decimal("upTo", 0.1m, 1_000_000).Optional, FieldSpec.Decimal("rate", 0.000001m, 1_000_000)).Saying("Inclining blocks; only the last has no upTo."),
        FieldSpec.List("fixedCharges", 0, 8, FieldSpec.Text("name", 40), FieldSpec.Money("amount"), FieldSpec.Choice<ChargePeriod>("period")).Optional,
        FieldSpec.Decimal("fixedChargesCapPercent", 0, 100).Optional,
        FieldSpec.List("fees", 0, 12, FieldSpec.Text("channel", 20), FieldSpec.Money("amount").Optional, FieldSpec.Decimal("percent", 0, 100).Optional).Optional,
        FieldSpec.Decimal("taxPercent", 0, 100).Optional,
        FieldSpec.Money("minimum").Optional,
        FieldSpec.Money("maximum").Optional,
        FieldSpec.Money("dailyMaximum").Optional,
    ];

    public IEnumerable<ApiRoute> Rows =>
    [
        ApiRoute.Of("GET", "/v1/tariffs", Permission.TariffsRead, "Active tariffs", call => List(call, Tariff.Table)) with { Query = ApiRoute.Paging },
        ApiRoute.Of("GET", "/v1/tariff-drafts", Permission.TariffsRead, "Tariffs that wait for a second person", call => List(call, Tariff.Drafts)) with { Query = ApiRoute.Paging },
        ApiRoute.Of("GET", "/v1/tariffs/{id}", Permission.TariffsRead, "The active version", call => Get(call, Tariff.Table)),
        ApiRoute.Of("GET", "/v1/tariff-drafts/{id}", Permission.TariffsRead, "The draft", call => Get(call, Tariff.Drafts)),
        ApiRoute.Of("PUT", "/v1/tariff-drafts/{id}", Permission.TariffsWrite, "Write a draft, or change it by If-Match", Put) with { Body = Fields },
        ApiRoute.Of("POST", "/v1/tariff-drafts/{id}/activation", Permission.TariffsActivate, "Activate a draft that somebody else wrote", Activate),
        ApiRoute.Of("POST", "/v1/tariffs/{id}/trial", Permission.TariffsRead, "A price by the draft, or else by the active version, for values made up", Try) with
        {
            Body =
            [
                FieldSpec.Money("tender", 0.0001m),
                FieldSpec.Decimal("boughtThisMonth", 0, 1_000_000).Optional,
                FieldSpec.Money("fixedChargesDue").Optional,
                FieldSpec.Text("channel", 20).Optional,
            ],
        },
    ];

    private static Versioned<Tariff>? Find(IStoreSession session, string id) => Tariff.Drafts.Find(session, id) ?? Tariff.Table.Find(session, id);

    private ApiAnswer List(ApiCall call, DocumentTable<Tariff> table)
    {
        if (!call.TryLimit(out var limit, out var problem) || !call.TryCursor(out var after, out problem))
            return problem;
        return ApiCall.Page(store.Read(session => table.List(session, after, limit + 1)), limit, row => row.Id, row => row.Value);
    }

    private ApiAnswer Get(ApiCall call, DocumentTable<Tariff> table) =>
        store.Read(session => table.Find(session, call.Path("id"))) is { } found ? ApiAnswer.Ok(found.Value, found.Version) : Unknown(call);

    private ApiAnswer Put(ApiCall call)
    {
        if (call.ResourceId(out var problem) is not { } id)
            return problem;
        var body = call.Body;
        var blocks = body.List("blocks").Select(block => new TariffBlock(block.DecimalOrNull("upTo"), block.Decimal("rate"))).ToList();
        if (blocks[^1].UpTo is not null || blocks.SkipLast(1).Any(block => block.UpTo is null))
            return ApiCall.Invalid("blocks", $"{blocks.Count} blocks", "blocks of which only the last has no upTo");
        if (blocks.SkipLast(1).Zip(blocks.SkipLast(1).Skip(1)).Any(pair => pair.First.UpTo >= pair.Second.UpTo))
            return ApiCall.Invalid("blocks", "bounds that do not rise", "each upTo above the one before");
        var tariff = new Tariff
        {
            Id = id,
            Name = body.Text("name"),
            Service = body.Choice("service", CreditService.Electricity),
            State = TariffState.Draft,
            Blocks = blocks,
            FixedCharges = [.. body.List("fixedCharges").Select(charge => new FixedCharge(charge.Text("name"), charge.Decimal("amount"), charge.Choice<ChargePeriod>("period")))],
            FixedChargesCapPercent = body.DecimalOrNull("fixedChargesCapPercent") ?? 100,
            Fees = [.. body.List("fees").Select(fee => new ChannelFee(fee.Text("channel"), fee.DecimalOrNull("amount") ?? 0, fee.DecimalOrNull("percent") ?? 0))],
            TaxPercent = body.DecimalOrNull("taxPercent") ?? 0,
            Minimum = body.DecimalOrNull("minimum") ?? 0,
            Maximum = body.DecimalOrNull("maximum") ?? 1_000_000,
            DailyMaximum = body.DecimalOrNull("dailyMaximum"),
            WrittenBy = call.Caller.Id,
        };
        if (tariff.Minimum > tariff.Maximum)
            return ApiCall.Invalid("minimum", "more than the maximum", "0 up to the maximum");
        return store.Write(session => call.Put(Tariff.Drafts.Find(session, id), () => Tariff.Drafts.TryAdd(session, id, tariff),
            version => Tariff.Drafts.TryReplace(session, id, version, tariff), tariff, value => value));
    }

    private ApiAnswer Activate(ApiCall call) => Activate(store, call.Path("id"), call.Caller).TryGet(out var tariff, out var refusal) ? ApiAnswer.Ok(tariff) : ApiAnswer.Problem(refusal);

    /// <summary>Makes the draft the active version; the one before stays in the history.</summary>
    public static Verdict<Tariff> Activate(IStore store, string id, Caller caller) => store.Write<Verdict<Tariff>>(session =>
    {
        if (Tariff.Drafts.Find(session, id) is not { } draft)
            return new Refusal("not-awaiting-approval", $"There is no draft of tariff {id}.");
        if (draft.Value.WrittenBy == caller.Id)
            return new Refusal("second-person-needed", "Who wrote the tariff cannot activate it.");
        var active = draft.Value with { State = TariffState.Active, ActivatedBy = caller.Id };
        if (Tariff.Table.Find(session, id) is { } old)
        {
            _ = Tariff.Retired.TryAdd(session, $"{id}.{old.Version}", old.Value with { State = TariffState.Retired });
            _ = Tariff.Table.TryReplace(session, id, old.Version, active);
        }
        else
        {
            _ = Tariff.Table.TryAdd(session, id, active);
        }

        _ = Tariff.Drafts.Remove(session, id);
        return active;
    });

    private ApiAnswer Try(ApiCall call)
    {
        var (currency, body) = (settings.Currency, call.Body);
        if (store.Read(session => Find(session, call.Path("id"))) is not { } found)
            return Unknown(call);
        if (!currency.TryToMinor(body.Decimal("tender"), out var tender) || !currency.TryToMinor(body.DecimalOrNull("fixedChargesDue") ?? 0, out var due))
            return ApiCall.Invalid("tender", body.Text("tender"), $"at most {currency.Decimals} decimals, as in fixedChargesDue");
        var request = new QuoteRequest
        {
            Tariff = found.Value,
            Currency = currency,
            Tender = tender,
            BoughtThisMonth = body.DecimalOrNull("boughtThisMonth") ?? 0,
            FixedChargesDue = due,
            Channel = body.Text("channel", "counter"),
        };
        return TariffCalculator.Quote(request).TryGet(out var quote, out var refusal) ? ApiAnswer.Ok(QuoteView.Of(quote, currency)!) : ApiAnswer.Problem(refusal);
    }

    private static ApiAnswer Unknown(ApiCall call) => ApiAnswer.Problem("not-found", $"There is no such tariff {call.Path("id")}.");
}
