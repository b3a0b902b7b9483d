using System.Globalization;
using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Receipts;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Issues;

/// <summary>Sales, key changes, replacements and engineering tokens over the API.</summary>
internal sealed class IssueRoutes(IStore store, IssueDesk desk, VendingSettings settings)
{
    private static readonly FieldSpec[] SaleFields =
    [
        FieldSpec.Meter(),
        FieldSpec.Money("tender").Saying("Money for the sale; 0 takes a free allocation alone."),
        FieldSpec.Money("cash").Optional.Saying("Money handed over, where it is more than the tender."),
        FieldSpec.Text("channel", 20).Optional.Saying("Decides the fee; usually counter."),
        FieldSpec.Text("vendor", 40).Optional.Saying("Who sells; usually the caller's own vendor."),
        FieldSpec.Text("terminal", 40).Optional,
        FieldSpec.Choice<KeyChoice>("key").Optional.Saying("Old or new while a key change is not confirmed; usually new."),
    ];

    private static readonly FieldSpec Reason = FieldSpec.Text("reason", 200, 3);
    private static readonly FieldSpec WorkOrder = FieldSpec.Text("workOrder", 40).Optional;

    public IEnumerable<ApiRoute> Rows =>
    [
        new("PUT", "/v1/vends/{id}", Permission.VendsWrite, "Sell. The first time 201 and the token, ever after 200 and the same token", SellAsync) { Body = SaleFields },
        ApiRoute.Of("GET", "/v1/vends/{id}", Permission.VendsRead, "What came of an id: issued, refused, pending, or 404 for never seen", Get),
        ApiRoute.Of("GET", "/v1/vends", Permission.VendsRead, "Issues of every kind, the newest first, without tokens", List) with { Query = [.. ApiRoute.Paging, ("meter", "of this meter")] },
        ApiRoute.Of("POST", "/v1/vend-trials", Permission.VendsWrite, "Everything a sale would be; issues nothing", Try) with { Body = SaleFields },
        new("POST", "/v1/vends/{id}/reversal", Permission.VendsWrite, "Take back what no token has left for", ReverseAsync) { Body = [Reason] },
        ApiRoute.Of("POST", "/v1/vends/{id}/receipts", Permission.VendsRead, "Print: the original first, then COPY n", Print) with
        {
            Body = [FieldSpec.Choice<ReceiptForm>("form").Optional, FieldSpec.Choice("language", "en", "fr").Optional],
        },
        new("PUT", "/v1/key-changes/{id}", Permission.EngineeringRequest, "Make a key change set", ChangeKeyAsync)
        {
            Body =
            [
                FieldSpec.Meter(),
                FieldSpec.Object("to", FieldSpec.Of(FieldForm.SupplyGroup, "supplyGroup"), FieldSpec.Whole("keyRevisionNumber", 1, 9),
                    FieldSpec.Choice("keyType", "DITK", "DDTK", "DUTK", "DCTK"), FieldSpec.Of(FieldForm.TariffIndex, "tariffIndex")),
                Reason,
            ],
        },
        new("PUT", "/v1/replacements/{id}", Permission.VendsWrite, "Ask for the value of an earlier sale again; a second person approves", ReplaceAsync)
        {
            Body = [FieldSpec.Text("original", 64, 8), Reason, WorkOrder],
        },
        new("PUT", "/v1/engineering-tokens/{id}", Permission.EngineeringRequest, "Ask for a management or test token; all but tests need a second person", EngineerAsync)
        {
            Body =
            [
                FieldSpec.Meter().Optional,
                FieldSpec.Choice<EngineeringKind>("kind"),
                FieldSpec.Whole("value", 0, TransferAmount.MaxUnits).Optional.Saying("Watts, register, rate, factor, element value, flag state, or the number of a test."),
                FieldSpec.Whole("index", 0, 511).Optional.Saying("Of a flag or control element."),
                Reason,
                WorkOrder,
            ],
        },
        new("POST", "/v1/replacements/{id}/approval", Permission.VendsApprove, "Approve a replacement; the tokens are made now", call => ApproveAsync(call, IssueKind.Replacement)),
        new("POST", "/v1/engineering-tokens/{id}/approval", Permission.EngineeringApprove, "Approve an engineering token; it is made now", call => ApproveAsync(call, IssueKind.Engineering)),
    ];

    /// <summary>The answer to an outcome.</summary>
    public static ApiAnswer Answer(IssueAnswer answer, VendingSettings settings, string path) => answer.Outcome switch
    {
        IssueOutcome.Issued => ApiAnswer.Created(path, IssueView.Of(answer.Issue!, settings.Currency)),
        IssueOutcome.AwaitingApproval => ApiAnswer.Ok(IssueView.Of(answer.Issue!, settings.Currency)) with { Status = 202, Location = path },
        IssueOutcome.Repeated => ApiAnswer.Ok(IssueView.Of(answer.Issue!, settings.Currency)),
        _ => ApiAnswer.Problem(answer.Refusal!),
    };

    /// <summary>Reads a sale; a caller without a vendor must name one.</summary>
    private static SaleRequest? Sale(ApiCall call, out ApiAnswer problem)
    {
        problem = ApiCall.Invalid("vendor", "", "the id of a vendor, since the caller has none of its own");
        return (call.Body.TextOrNull("vendor") ?? call.Caller.Vendor) is { } vendor
            ? new SaleRequest(call.Body.Meter("meter"), call.Body.Decimal("tender"), call.Body.DecimalOrNull("cash"), call.Body.Text("channel", "counter"), vendor,
                call.Body.TextOrNull("terminal"), call.Body.Has("key") ? call.Body.Choice<KeyChoice>("key") : null)
            : null;
    }

    private async Task<ApiAnswer> SellAsync(ApiCall call)
    {
        if (call.IssueId(out var problem) is not { } id || Sale(call, out problem) is not { } sale)
            return problem;
        return Answer(await desk.SellAsync(id, sale, call.Caller).ConfigureAwait(false), settings, call.Context.Request.Path);
    }

    private ApiAnswer Try(ApiCall call)
    {
        if (Sale(call, out var problem) is not { } sale)
            return problem;
        return desk.Try(sale, call.Caller).TryGet(out var trial, out var refusal)
            ? ApiAnswer.Ok(new TrialView(trial.Meter!.Pan, QuoteView.Of(trial.Quote, settings.Currency), [.. trial.Orders.Select(order => order.Kind)]))
            : ApiAnswer.Problem(refusal);
    }

    private ApiAnswer Get(ApiCall call)
    {
        if (call.IssueId(out var problem) is not { } id)
            return problem;
        // Who may not see it must not release it either.
        var seen = store.Read(session => IssueTable.Find(session, id));
        if (seen is null || !IssueDesk.Sees(call.Caller, seen))
            return ApiAnswer.Problem("not-found", $"The id {id} was never seen.");
        return ApiAnswer.Ok(IssueView.Of(desk.Look(id)!, settings.Currency));
    }

    private ApiAnswer List(ApiCall call)
    {
        if (!call.TryLimit(out var limit, out var problem) || !call.TryCursor(out var cursor, out problem))
            return problem;
        string? pan = null;
        if (call.Query("meter") is { } text)
        {
            if (!MeterNumber.TryParse(text, out var meter, out _))
                return ApiCall.Invalid("meter", text, MeterNumber.Form);
            pan = meter.ToString();
        }

        var before = long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
        var rows = store.Read(session => IssueTable.List(session, before, limit + 1, pan, call.Caller.Vendor));
        return ApiCall.Page(rows, limit, issue => issue.Number.ToString(CultureInfo.InvariantCulture), issue => IssueView.Of(issue, settings.Currency, tokens: false));
    }

    private async Task<ApiAnswer> ReverseAsync(ApiCall call)
    {
        if (call.IssueId(out var problem) is not { } id)
            return problem;
        if (store.Read(session => IssueTable.Find(session, id)) is not { } seen || !IssueDesk.Sees(call.Caller, seen))
            return ApiAnswer.Problem("issue-unknown", $"There is no issue {id}.");
        return (await desk.ReverseAsync(id, call.Caller, call.Body.Text("reason")).ConfigureAwait(false)).TryGet(out var issue, out var refusal)
            ? ApiAnswer.Ok(IssueView.Of(issue, settings.Currency))
            : ApiAnswer.Problem(refusal);
    }

    private ApiAnswer Print(ApiCall call)
    {
        if (call.IssueId(out var problem) is not { } id)
            return problem;
        var words = Words.Of(call.Body.Text("language", call.Caller.Language));
        return PrintReceipt(id, call.Caller, words).TryGet(out var receipt, out var refusal)
            ? Octets(ReceiptForms.Write(receipt, call.Body.Choice("form", ReceiptForms.Usual(call.Context.Request.Headers.Accept))))
            : ApiAnswer.Problem(refusal);
    }

    /// <summary>The receipt of an issue, counted as printed. The first is the original.</summary>
    public Verdict<Receipt> PrintReceipt(string id, Caller caller, Words words)
    {
        if (store.Read(session => IssueTable.Find(session, id)) is not { } seen || !IssueDesk.Sees(caller, seen))
            return new Refusal("issue-unknown", $"There is no issue {id}.");
        if (seen.State != IssueState.Issued)
            return new Refusal("not-issued", $"The issue {id} is {FieldSpec.Kebab(seen.State.ToString())}; a receipt exists once tokens are stored.");
        var (issue, copies) = store.Write(session =>
        {
            IssueTable.Release(session, id);
            return (IssueTable.Find(session, id)!, IssueTable.CountCopy(session, id));
        });
        return Receipt.Of(issue, settings, words, copies - 1);
    }

    private async Task<ApiAnswer> ChangeKeyAsync(ApiCall call)
    {
        if (call.IssueId(out var problem) is not { } id)
            return problem;
        var to = call.Body.Object("to");
        _ = KeyTypes.TryParse(to.Text("keyType"), out var keyType);
        var key = new MeterKey { SupplyGroup = to.SupplyGroup("supplyGroup"), KeyRevisionNumber = (int)to.Whole("keyRevisionNumber"), KeyType = keyType, TariffIndex = to.TariffIndex("tariffIndex") };
        var answer = await desk.ChangeKeyAsync(id, new KeyChangeOrder(call.Body.Meter("meter"), key, call.Body.Text("reason")), call.Caller).ConfigureAwait(false);
        return Answer(answer, settings, call.Context.Request.Path);
    }

    private async Task<ApiAnswer> ReplaceAsync(ApiCall call)
    {
        if (call.IssueId(out var problem) is not { } id)
            return problem;
        var order = new ReplacementOrder(call.Body.Text("original"), call.Body.Text("reason"), call.Body.TextOrNull("workOrder"));
        return Answer(await desk.ReplaceAsync(id, order, call.Caller).ConfigureAwait(false), settings, call.Context.Request.Path);
    }

    private async Task<ApiAnswer> EngineerAsync(ApiCall call)
    {
        if (call.IssueId(out var problem) is not { } id)
            return problem;
        var token = new EngineeringRequest(call.Body.Choice<EngineeringKind>("kind"), call.Body.Whole("value", 0), (int)call.Body.Whole("index", 0));
        if (Range(token) is { } permitted)
            return ApiCall.Invalid(permitted.Field, permitted.Held, permitted.Permitted);
        MeterPan? meter = call.Body.Has("meter") ? call.Body.Meter("meter") : null;
        var order = new EngineeringOrder(meter, token, call.Body.Text("reason"), call.Body.TextOrNull("workOrder"));
        return Answer(await desk.EngineerAsync(id, order, call.Caller).ConfigureAwait(false), settings, call.Context.Request.Path);
    }

    // What the bits of each token can hold.
    private static FieldFault? Range(EngineeringRequest token)
    {
        var most = token.Kind switch
        {
            EngineeringKind.PowerLimit or EngineeringKind.PhaseUnbalance => TransferAmount.MaxUnits,
            EngineeringKind.Flag => 1,
            EngineeringKind.Control => 1023,
            EngineeringKind.Test => 36,
            EngineeringKind.ClearTamper => 0,
            _ => 65535,
        };
        if (token.Value > most)
            return new FieldFault("value", token.Value.ToString(CultureInfo.InvariantCulture), $"0 to {most} for this kind");
        if (token.Kind == EngineeringKind.ClearCredit && !Enum.IsDefined((CreditRegister)token.Value))
            return new FieldFault("value", token.Value.ToString(CultureInfo.InvariantCulture), "0 to 7 for one register, 65535 for all");
        return token.Kind == EngineeringKind.Control && token.Index > 62 ? new FieldFault("index", token.Index.ToString(CultureInfo.InvariantCulture), "0 to 62 for a control element") : null;
    }

    private async Task<ApiAnswer> ApproveAsync(ApiCall call, IssueKind kind)
    {
        if (call.IssueId(out var problem) is not { } id)
            return problem;
        if (store.Read(session => IssueTable.Find(session, id)) is not { } seen || seen.Kind != kind || !IssueDesk.Sees(call.Caller, seen))
            return ApiAnswer.Problem("issue-unknown", $"There is no such issue {id}.");
        return Answer(await desk.ApproveAsync(id, call.Caller).ConfigureAwait(false), settings, $"/v1/vends/{id}");
    }

    private static ApiAnswer Octets((byte[] Octets, string ContentType) written) => new() { Status = 200, Octets = written.Octets, ContentType = written.ContentType };
}

/// <summary>A trial as the API shows it.</summary>
internal sealed record TrialView(MeterPan Meter, QuoteView? Price, IReadOnlyList<OrderKind> Extras);
