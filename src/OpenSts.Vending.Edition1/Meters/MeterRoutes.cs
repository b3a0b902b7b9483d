using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Customers;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Importing;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Meters;

/// <summary>Meters over the API.</summary>
internal sealed class MeterRoutes(IStore store, VendingSettings settings, TimeProvider time)
{
    private static readonly FieldSpec[] Fields =
    [
        FieldSpec.Of(FieldForm.SupplyGroup, "supplyGroup"),
        FieldSpec.Whole("keyRevisionNumber", 1, 9),
        FieldSpec.Choice("keyType", "DITK", "DDTK", "DUTK", "DCTK").Optional,
        FieldSpec.Of(FieldForm.TariffIndex, "tariffIndex"),
        FieldSpec.Choice("encryptionAlgorithm", "EA07", "EA11").Optional,
        FieldSpec.Choice<TokenCarrierType>("tokenCarrierType").Optional,
        FieldSpec.Choice<CreditService>("service").Optional,
        FieldSpec.Choice<TokenForm>("form").Optional,
        FieldSpec.Text("tariff", 40),
        FieldSpec.Text("customer", 40).Optional,
        FieldSpec.Date("chargesFrom").Optional,
        FieldSpec.Whole("keyChangeTokens", 0, 3).Optional.Saying("3 where an EA07 meter takes three key change tokens."),
    ];

    public IEnumerable<ApiRoute> Rows =>
    [
        ApiRoute.Of("GET", "/v1/meters", Permission.MetersRead, "Meters in order of their numbers", List) with { Query = [.. ApiRoute.Paging, ("customer", "of this customer")] },
        ApiRoute.Of("GET", "/v1/meters/{pan}", Permission.MetersRead, "One meter", Get),
        ApiRoute.Of("PUT", "/v1/meters/{pan}", Permission.MetersWrite, "Register a meter, or change it by If-Match", Put) with { Body = Fields },
        ApiRoute.Of("POST", "/v1/meters/{pan}/blocking", Permission.MetersWrite, "Stop sales to a meter", call => Change(call, meter => meter.State == MeterState.Active
            ? meter with { State = MeterState.Blocked, StateReason = call.Body.Text("reason") }
            : SaleRefusal(meter))) with { Body = [FieldSpec.Text("reason", 200, 3)] },
        ApiRoute.Of("POST", "/v1/meters/{pan}/unblocking", Permission.MetersWrite, "Let sales go on", call => Change(call, meter => meter.State == MeterState.Replaced
            ? SaleRefusal(meter)
            : meter with { State = MeterState.Active, StateReason = "" })),
        ApiRoute.Of("POST", "/v1/meters/{pan}/key-confirmation", Permission.VendsWrite, "The meter took a token under its new key", call => Change(call, Confirm)),
        ApiRoute.Of("POST", "/v1/meters/{pan}/exchange", Permission.MetersWrite, "Another meter stands in its place: customer and tariff go over, this one is closed", Exchange) with
        {
            Body = [FieldSpec.Meter("replacement"), FieldSpec.Text("reason", 200, 3)],
        },
    ];

    /// <summary>The meter under its new key, or why there is nothing to confirm.</summary>
    public static Verdict<PaymentMeter> Confirm(PaymentMeter meter) => meter.NextKey is { } next
        ? meter with { Key = next, NextKey = null, KeyChangeIssue = null }
        : new Refusal("no-key-change", "No key change of this meter is on its way.");

    private static Refusal SaleRefusal(PaymentMeter meter) => Issues.SalePlan.Refuses(meter)!;

    private ApiAnswer List(ApiCall call)
    {
        if (!call.TryLimit(out var limit, out var problem) || !call.TryCursor(out var after, out problem))
            return problem;
        var rows = store.Read(session => PaymentMeter.List(session, after, limit + 1, call.Query("customer")));
        return ApiCall.Page(rows, limit, row => row.Id, row => row.Value);
    }

    private ApiAnswer Get(ApiCall call)
    {
        if (call.Meter(out var problem) is not { } pan)
            return problem;
        return store.Read(session => PaymentMeter.Find(session, pan)) is { } found ? ApiAnswer.Ok(found.Value, found.Version) : Unknown(pan);
    }

    private ApiAnswer Put(ApiCall call)
    {
        if (call.Meter(out var problem) is not { } pan)
            return problem;
        return store.Write(session =>
        {
            var found = PaymentMeter.Find(session, pan);
            return Read(id => Customer.Find(session, id) is not null, code => SupplyGroups.SupplyGroup.Table.Find(session, code) is not null, pan, call.Body, found?.Value, settings.Day(time.GetUtcNow())).TryGet(out var meter, out var refusal)
                ? call.Put(found, () => meter.TryAdd(session), version => meter.TryReplace(session, version), meter, value => value)
                : ApiAnswer.Problem(refusal);
        });
    }

    /// <summary>The fields of a meter in a file: those of the API and its number.</summary>
    public static IReadOnlyList<FieldSpec> FileFields { get; } = [FieldSpec.Meter(), .. Fields];

    /// <summary>Adds meters from a file: what they name and what is there already is asked for all at once.</summary>
    public static IReadOnlyList<ImportedLine> Import(IStoreSession session, IReadOnlyList<RequestBody> bodies, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(bodies);
        var stored = new Dictionary<string, PaymentMeter>(StringComparer.Ordinal);
        var (drns, customers, groups) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var pans = bodies.Select(body => body.Meter("meter")).ToList();
        session.Ask(
        [
            new("SELECT pan, body FROM meters WHERE pan = ANY($1)", row => stored.Add(row.Text(0), StoredJson.Read<PaymentMeter>(row.Text(1))), SqlValue.Of([.. pans.Select(pan => pan.ToString())])),
            new("SELECT drn FROM meters WHERE drn = ANY($1)", row => drns.Add(row.Text(0)), SqlValue.Of([.. pans.Select(pan => pan.DecoderReferenceNumber.ToString())])),
            new("SELECT id FROM customers WHERE id = ANY($1)", row => customers.Add(row.Text(0)), SqlValue.Of([.. bodies.Select(body => body.TextOrNull("customer") ?? "").Distinct()])),
            new("SELECT id FROM documents WHERE kind = 'supply-group' AND id = ANY($1)", row => groups.Add(row.Text(0)), SqlValue.Of([.. bodies.Select(body => body.SupplyGroup("supplyGroup").ToString()).Distinct()])),
        ]);
        var (lines, added) = (new List<ImportedLine>(bodies.Count), new List<PaymentMeter>(bodies.Count));
        foreach (var (body, pan) in bodies.Zip(pans))
        {
            var found = stored.GetValueOrDefault(pan.ToString());
            if (!Read(customers.Contains, groups.Contains, pan, body, found, today).TryGet(out var meter, out var refusal))
            {
                lines.Add(refusal);
            }
            else if (found is not null)
            {
                lines.Add(meter == found ? new ImportedLine(ImportedKind.Same) : new Refusal("exists", $"meter held {pan}; permitted is a meter that is not registered with other content", "meter"));
            }
            else if (!drns.Add(pan.DecoderReferenceNumber.ToString()))
            {
                lines.Add(new Refusal("exists", $"meter held {pan}; permitted is a meter whose number {pan.DecoderReferenceNumber} is not registered under another issuer", "meter"));
            }
            else
            {
                stored.Add(pan.ToString(), meter);
                added.Add(meter);
                lines.Add(new ImportedLine(ImportedKind.Added));
            }
        }

        PaymentMeter.Add(session, added);
        return lines;
    }

    private static Verdict<PaymentMeter> Read(Func<string, bool> isCustomer, Func<string, bool> isGroup, MeterPan pan, RequestBody body, PaymentMeter? found, DateOnly today)
    {
        _ = KeyTypes.TryParse(body.Text("keyType", "DUTK"), out var keyType);
        _ = Algorithms.TryParse(body.Text("encryptionAlgorithm", "EA07"), out EncryptionAlgorithm ea);
        var carrier = body.Choice("tokenCarrierType", TokenCarrierType.Numeric);
        var key = KeyOf(body, keyType);
        if (!keyType.MayUse(carrier))
            return new Refusal("field-invalid", "keyType held DCTK; permitted is DUTK, DDTK or DITK: a common key is for magnetic cards only", "keyType");
        if (body.TextOrNull("customer") is { } customer && !isCustomer(customer))
            return new Refusal("field-invalid", $"customer held '{customer}'; permitted is the id of a customer", "customer");
        if (!isGroup(key.SupplyGroup.ToString()))
            return new Refusal("supply-group-unknown", $"supplyGroup held {key.SupplyGroup}; permitted is a registered supply group", "supplyGroup");
        if (found?.NextKey is not null && key != found.Key)
            return new Refusal("key-change-not-confirmed", "A key change is on its way; confirm it before the key is changed by hand.");
        return new PaymentMeter
        {
            Pan = pan,
            Key = key,
            NextKey = found?.NextKey,
            KeyChangeIssue = found?.KeyChangeIssue,
            EncryptionAlgorithm = ea,
            TokenCarrierType = carrier,
            Service = body.Choice("service", CreditService.Electricity),
            Form = body.Choice("form", TokenForm.Units),
            Tariff = body.Text("tariff"),
            Customer = body.TextOrNull("customer"),
            State = found?.State ?? MeterState.Active,
            StateReason = found?.StateReason ?? "",
            ChargesFrom = body.Has("chargesFrom") ? body.Date("chargesFrom") : found?.ChargesFrom ?? today,
            KeyChangeTokens = (int)body.Whole("keyChangeTokens", 0),
            Sandbox = found?.Sandbox,
        };
    }

    private ApiAnswer Exchange(ApiCall call)
    {
        if (call.Meter(out var problem) is not { } pan)
            return problem;
        var other = call.Body.Meter("replacement");
        return store.Write(session =>
        {
            if (PaymentMeter.Find(session, pan) is not { } old)
                return Unknown(pan);
            if (old.Value.State == MeterState.Replaced)
                return ApiAnswer.Problem(SaleRefusal(old.Value));
            if (other == pan || PaymentMeter.Find(session, other) is not { Value.State: MeterState.Active } fresh)
                return ApiCall.Invalid("replacement", other.ToString(), "another registered, active meter");
            var closed = old.Value with { State = MeterState.Replaced, StateReason = $"{other.DecoderReferenceNumber}: {call.Body.Text("reason")}" };
            var opened = fresh.Value with { Customer = old.Value.Customer, Tariff = old.Value.Tariff };
            return closed.TryReplace(session, old.Version) && opened.TryReplace(session, fresh.Version)
                ? ApiAnswer.Ok(opened, fresh.Version + 1)
                : throw new StoreException("A meter changed inside a transaction.");
        });
    }

    private ApiAnswer Change(ApiCall call, Func<PaymentMeter, Verdict<PaymentMeter>> change)
    {
        if (call.Meter(out var problem) is not { } pan)
            return problem;
        return store.Write(session =>
        {
            if (PaymentMeter.Find(session, pan) is not { } found)
                return Unknown(pan);
            if (!change(found.Value).TryGet(out var changed, out var refusal))
                return ApiAnswer.Problem(refusal);
            _ = changed.TryReplace(session, found.Version);
            return ApiAnswer.Ok(changed, found.Version + 1);
        });
    }

    private static MeterKey KeyOf(RequestBody body, KeyType keyType) => new()
    {
        SupplyGroup = body.SupplyGroup("supplyGroup"),
        KeyRevisionNumber = (int)body.Whole("keyRevisionNumber"),
        KeyType = keyType,
        TariffIndex = body.TariffIndex("tariffIndex"),
    };

    private static ApiAnswer Unknown(MeterPan pan) => ApiAnswer.Problem("not-found", $"The meter {pan} is not registered.");
}
