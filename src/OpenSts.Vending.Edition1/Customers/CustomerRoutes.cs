using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Importing;
using OpenSts.Vending.Money;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Customers;

/// <summary>Customers, what they owe, and their free allocations over the API.</summary>
internal sealed class CustomerRoutes(IStore store, VendingSettings settings, TimeProvider time)
{
    public IEnumerable<ApiRoute> Rows =>
    [
        ApiRoute.Of("GET", "/v1/customers", Permission.MetersRead, "Customers in order of their ids", List) with { Query = ApiRoute.Paging },
        ApiRoute.Of("GET", "/v1/customers/{id}", Permission.MetersRead, "One customer with what is owed", Get),
        ApiRoute.Of("PUT", "/v1/customers/{id}", Permission.MetersWrite, "Add a customer, or change it by If-Match", Put) with
        {
            Body =
            [
                FieldSpec.Text("name", 100),
                FieldSpec.Text("account", 40),
                FieldSpec.Text("address", 200).Optional,
                FieldSpec.Text("phone", 40).Optional,
                FieldSpec.Object("arrears", FieldSpec.Choice<ArrearsRule>("rule"), FieldSpec.Money("value").Optional, FieldSpec.Decimal("keepUnits", 0, 100_000).Optional).Optional,
            ],
        },
        ApiRoute.Of("POST", "/v1/customers/{id}/charges", Permission.MetersWrite, "Book an amount that the customer owes", Charge) with
        {
            Body = [FieldSpec.Money("amount", 0.0001m), FieldSpec.Text("reference", 64), FieldSpec.Text("reason", 200, 3)],
        },
        ApiRoute.Of("POST", "/v1/customers/{id}/free-allocation", Permission.MetersWrite, "Register a free allocation; a second person approves it", Register) with
        {
            Body = [FieldSpec.Decimal("units", 0.1m, 10_000), FieldSpec.Text("evidence", 100, 3), FieldSpec.Date("expires")],
        },
        ApiRoute.Of("POST", "/v1/customers/{id}/free-allocation/approval", Permission.VendsApprove, "Approve a free allocation", Approve),
    ];

    private sealed record View(string Id, string Name, string Account, string Address, string Phone, ArrearsPlan? Arrears, FreeAllocation? FreeAllocation, string Owed);

    private View Show(IStoreSession session, Customer customer) => new(customer.Id, customer.Name, customer.Account, customer.Address, customer.Phone, customer.Arrears, customer.FreeAllocation,
        settings.Currency.Format(-Ledger.Balance(session, Accounts.Arrears(customer.Id))));

    private ApiAnswer List(ApiCall call)
    {
        if (!call.TryLimit(out var limit, out var problem) || !call.TryCursor(out var after, out problem))
            return problem;
        return store.Read(session => ApiCall.Page(Customer.List(session, after, limit + 1), limit, row => row.Id, row => Show(session, row.Value)));
    }

    private ApiAnswer Get(ApiCall call) => store.Read(session =>
        Customer.Find(session, call.Path("id")) is { } found ? ApiAnswer.Ok(Show(session, found.Value), found.Version) : Unknown(call));

    private ApiAnswer Put(ApiCall call)
    {
        if (call.ResourceId(out var problem) is not { } id)
            return problem;
        ArrearsPlan? plan = null;
        if (call.Body.Has("arrears"))
        {
            var arrears = call.Body.Object("arrears");
            plan = new ArrearsPlan { Rule = arrears.Choice<ArrearsRule>("rule"), Value = arrears.DecimalOrNull("value") ?? 0, KeepUnits = arrears.DecimalOrNull("keepUnits") ?? 0 };
            if (plan is { Rule: ArrearsRule.Share, Value: > 100 })
                return ApiCall.Invalid("arrears.value", "more than 100", "0 to 100 percent for a share");
        }

        return store.Write(session =>
        {
            var found = Customer.Find(session, id);
            var customer = new Customer
            {
                Id = id,
                Name = call.Body.Text("name"),
                Account = call.Body.Text("account"),
                Address = call.Body.Text("address", ""),
                Phone = call.Body.Text("phone", ""),
                Arrears = plan,
                FreeAllocation = found?.Value.FreeAllocation,
            };
            if (found is not null && found.Value.Account != customer.Account)
                return ApiCall.Invalid("account", customer.Account, $"'{found.Value.Account}': an account number does not change");
            return call.Put(found, () => customer.TryAdd(session), version => customer.TryReplace(session, version), customer, value => Show(session, value));
        });
    }

    /// <summary>The fields of a customer in a file.</summary>
    public static IReadOnlyList<FieldSpec> FileFields { get; } =
        [FieldSpec.Text("id", 40), FieldSpec.Text("name", 100), FieldSpec.Text("account", 40), FieldSpec.Text("address", 200).Optional, FieldSpec.Text("phone", 40).Optional];

    /// <summary>Adds customers from a file: what is there already is asked for all at once.</summary>
    public static IReadOnlyList<ImportedLine> Import(IStoreSession session, IReadOnlyList<RequestBody> bodies)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(bodies);
        var stored = new Dictionary<string, Customer>(StringComparer.Ordinal);
        var accounts = new HashSet<string>(StringComparer.Ordinal);
        session.Ask(
        [
            new("SELECT id, body FROM customers WHERE id = ANY($1)", row => stored.Add(row.Text(0), StoredJson.Read<Customer>(row.Text(1))), SqlValue.Of([.. bodies.Select(body => body.Text("id"))])),
            new("SELECT account FROM customers WHERE account = ANY($1)", row => accounts.Add(row.Text(0)), SqlValue.Of([.. bodies.Select(body => body.Text("account"))])),
        ]);
        var (lines, added) = (new List<ImportedLine>(bodies.Count), new List<Customer>(bodies.Count));
        foreach (var body in bodies)
        {
            var id = body.Text("id");
            var found = stored.GetValueOrDefault(id);
            var customer = (found ?? new Customer { Id = id, Name = "", Account = "" }) with
            {
                Name = body.Text("name"),
                Account = body.Text("account"),
                Address = body.Text("address", ""),
                Phone = body.Text("phone", ""),
            };
            if (!id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_'))
            {
                lines.Add(new Refusal("field-invalid", $"id held '{id}'; permitted are lower-case letters, digits, dots, dashes and underlines", "id"));
            }
            else if (found is not null)
            {
                lines.Add(customer == found ? new ImportedLine(ImportedKind.Same) : new Refusal("exists", $"id held '{id}'; permitted is an id that is not registered with other content", "id"));
            }
            else if (!accounts.Add(customer.Account))
            {
                lines.Add(new Refusal("exists", $"account held '{customer.Account}'; permitted is an account of no other customer", "account"));
            }
            else
            {
                stored.Add(id, customer);
                added.Add(customer);
                lines.Add(new ImportedLine(ImportedKind.Added));
            }
        }

        Customer.Add(session, added);
        return lines;
    }

    private ApiAnswer Charge(ApiCall call)
    {
        if (!settings.Currency.TryToMinor(call.Body.Decimal("amount"), out var minor))
            return ApiCall.Invalid("amount", call.Body.Text("amount"), $"at most {settings.Currency.Decimals} decimals");
        return store.Write(session =>
        {
            if (Customer.Find(session, call.Path("id")) is not { } found)
                return Unknown(call);
            var reference = $"{found.Id}/{call.Body.Text("reference")}";
            if (session.Number("SELECT COUNT(*) FROM entries WHERE kind = 'charge' AND reference = $1", reference) == 0)
                Ledger.Post(session, time.GetUtcNow(), "charge", reference, new Posting(Accounts.Arrears(found.Id), -minor), new Posting(Accounts.Receivables, minor));
            return ApiAnswer.Ok(Show(session, found.Value), found.Version);
        });
    }

    private ApiAnswer Register(ApiCall call) => Change(call, customer => customer with
    {
        FreeAllocation = new FreeAllocation
        {
            Units = call.Body.Decimal("units"),
            Evidence = call.Body.Text("evidence"),
            Expires = call.Body.Date("expires"),
            RegisteredBy = call.Caller.Id,
        },
    });

    private ApiAnswer Approve(ApiCall call) => Change(call, customer => customer.FreeAllocation switch
    {
        null => new Refusal("not-awaiting-approval", "No free allocation is registered."),
        { ApprovedBy: not null } => new Refusal("not-awaiting-approval", "The free allocation is approved already."),
        { } free when free.RegisteredBy == call.Caller.Id => new Refusal("second-person-needed", "Who registered it cannot approve it."),
        { } free => customer with { FreeAllocation = free with { ApprovedBy = call.Caller.Id } },
    });

    private ApiAnswer Change(ApiCall call, Func<Customer, Verdict<Customer>> change) => store.Write(session =>
    {
        if (Customer.Find(session, call.Path("id")) is not { } found)
            return Unknown(call);
        if (!change(found.Value).TryGet(out var changed, out var refusal))
            return ApiAnswer.Problem(refusal);
        _ = changed.TryReplace(session, found.Version);
        _ = FreeAllocation.Waiting.Remove(session, found.Id);
        if (changed.FreeAllocation is { ApprovedBy: null } waiting)
            _ = FreeAllocation.Waiting.TryAdd(session, found.Id, waiting);
        return ApiAnswer.Ok(Show(session, changed), found.Version + 1);
    });

    private static ApiAnswer Unknown(ApiCall call) => ApiAnswer.Problem("not-found", $"The customer {call.Path("id")} is not registered.");
}
