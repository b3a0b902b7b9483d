using OpenSts.Vending.Api;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Access;

/// <summary>Operators and API keys over the API.</summary>
internal sealed class AccessRoutes(IStore store, TimeProvider time)
{
    public IEnumerable<ApiRoute> Rows =>
    [
        ApiRoute.Of("GET", "/v1/me", Permission.KnownCaller, "Who the caller is and what it may", call => ApiAnswer.Ok(new Me(call.Caller.Id, call.Caller.Name, call.Caller.Vendor, [.. call.Caller.Permissions.Select(p => p.Scope()).Order(StringComparer.Ordinal)]))),
        ApiRoute.Of("GET", "/v1/operators", Permission.OperatorsWrite, "Operators in order of their names", ListOperators) with { Query = ApiRoute.Paging },
        ApiRoute.Of("PUT", "/v1/operators/{id}", Permission.OperatorsWrite, "Add an operator, or change it by If-Match; without a password it stays", PutOperator) with
        {
            Body =
            [
                FieldSpec.Text("name", 100),
                FieldSpec.Choice<Role>("role"),
                FieldSpec.Text("vendor", 40).Optional,
                FieldSpec.Choice("language", "en", "fr").Optional,
                FieldSpec.Flag("active").Optional,
                FieldSpec.Text("password", 200, 12).Optional,
            ],
        },
        ApiRoute.Of("GET", "/v1/api-keys", Permission.OperatorsWrite, "API keys, without their secrets", ListKeys) with { Query = ApiRoute.Paging },
        ApiRoute.Of("POST", "/v1/api-keys", Permission.OperatorsWrite, "Make an API key; its secret is shown this once", MakeKey) with
        {
            AnswersSecret = true,
            Body =
            [
                FieldSpec.Text("name", 100),
                FieldSpec.List("scopes", 1, 40, FieldSpec.Choice("scope", [.. Permissions.Grantable.Select(permission => permission.Scope())])),
                FieldSpec.Text("vendor", 40).Optional,
            ],
        },
        ApiRoute.Of("DELETE", "/v1/api-keys/{id}", Permission.OperatorsWrite, "Revoke an API key", call => store.Write(session => ApiKeys.Revoke(session, call.Path("id")))
            ? ApiAnswer.Nothing
            : ApiAnswer.Problem("not-found", "There is no such API key.")),
    ];

    private sealed record Me(string Id, string Name, string? Vendor, IReadOnlyList<string> Scopes);

    private sealed record OperatorView(string Id, string Name, Role Role, string? Vendor, string Language, bool Active, DateTimeOffset? LockedUntil);

    private sealed record KeyView(string Id, string Name, IReadOnlyList<string> Scopes, string? Vendor, DateTimeOffset Created, string CreatedBy, string? Secret);

    private static OperatorView Show(Operator person) => new(person.Id, person.Name, person.Role, person.Vendor, person.Language, person.Active, person.LockedUntil);

    private static KeyView Show(ApiKey key, string? secret = null) => new(key.Id, key.Name, [.. key.Permissions.Select(permission => permission.Scope())], key.Vendor, key.Created, key.CreatedBy, secret);

    private ApiAnswer ListOperators(ApiCall call)
    {
        if (!call.TryLimit(out var limit, out var problem) || !call.TryCursor(out var after, out problem))
            return problem;
        return ApiCall.Page(store.Read(session => Operator.Table.List(session, after, limit + 1)), limit, row => row.Id, row => Show(row.Value));
    }

    private ApiAnswer PutOperator(ApiCall call)
    {
        if (call.ResourceId(out var problem) is not { } id)
            return problem;
        // Hashing takes a while and is done before the store is locked.
        var hash = call.Body.TextOrNull("password") is { } password ? PasswordHash.Create(password) : null;
        return store.Write(session =>
        {
            var found = Operator.Table.Find(session, id);
            if ((hash ?? found?.Value.Password) is not { } stored)
                return ApiCall.Invalid("password", "nothing", "a text of 12 to 200 characters, for a new operator");
            var person = new Operator
            {
                Id = id,
                Name = call.Body.Text("name"),
                Role = call.Body.Choice<Role>("role"),
                Vendor = call.Body.TextOrNull("vendor"),
                Language = call.Body.Text("language", "en"),
                Active = call.Body.Flag("active", true),
                Password = stored,
            };
            if ((Exceeds(call.Caller, person) ?? (found is null ? null : Exceeds(call.Caller, found.Value))) is { } more)
                return ApiAnswer.Problem("forbidden", more);
            var answer = call.Put(found, () => Operator.Table.TryAdd(session, id, person), version => Operator.Table.TryReplace(session, id, version, person), person, Show);
            // A new password or a lost right ends what is open.
            if (found is not null && answer.Status == 200)
                _ = session.Execute("DELETE FROM sessions WHERE operator = $1", id);
            return answer;
        });
    }

    // Nobody makes or changes a person who may more than they themselves.
    private static string? Exceeds(Caller caller, Operator person)
    {
        if (caller.Vendor is { } own && own != person.Vendor)
            return $"The caller belongs to vendor {own} and looks after that vendor's operators only.";
        return Permissions.Of(person.Role).FirstOrDefault(permission => !caller.May(permission)) is var missing && missing != Permission.Anybody
            ? $"A {FieldSpec.Kebab(person.Role.ToString())} has the scope {missing.Scope()}, which the caller lacks."
            : null;
    }

    private ApiAnswer ListKeys(ApiCall call)
    {
        if (!call.TryLimit(out var limit, out var problem) || !call.TryCursor(out var after, out problem))
            return problem;
        return ApiCall.Page(store.Read(session => ApiKeys.List(session, after, limit + 1)), limit, key => key.Id, key => Show(key));
    }

    private ApiAnswer MakeKey(ApiCall call)
    {
        var scopes = call.Body.List("scopes").Select(item => item.Text("scope")).ToHashSet(StringComparer.Ordinal);
        var granted = Permissions.Grantable.Where(permission => scopes.Contains(permission.Scope())).ToList();
        if (granted.FirstOrDefault(permission => !call.Caller.May(permission)) is var missing && missing != Permission.Anybody)
            return ApiAnswer.Problem("forbidden", $"The caller cannot give away the scope {missing.Scope()}, which it lacks.");
        var key = new ApiKey
        {
            Id = ApiKeys.NewId(),
            Name = call.Body.Text("name"),
            Permissions = granted,
            Vendor = call.Caller.Vendor ?? call.Body.TextOrNull("vendor"),
            Created = time.GetUtcNow(),
            CreatedBy = call.Caller.Id,
        };
        var secret = store.Write(session => ApiKeys.Create(session, key));
        return ApiAnswer.Created($"/v1/api-keys/{key.Id}", Show(key, secret));
    }
}
