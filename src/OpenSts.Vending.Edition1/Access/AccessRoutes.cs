using OpenSts.Vending.Api;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Access;

/// <summary>Operators and API keys over the API.</summary>
internal sealed partial class AccessRoutes(IStore store, TimeProvider time, ILogger<AccessRoutes> log)
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
        ApiRoute.Of("GET", "/v1/access-changes", Permission.OperatorsWrite, "Operators and API keys with the right to decide that wait for a second person", ListChanges) with { Query = ApiRoute.Paging },
        ApiRoute.Of("POST", "/v1/access-changes/{id}/approval", Permission.OperatorsWrite, "Approve what another person asked for", Approve),
        ApiRoute.Of("DELETE", "/v1/access-changes/{id}", Permission.OperatorsWrite, "Withdraw or refuse it", Withdraw),
    ];

    private sealed record Me(string Id, string Name, string? Vendor, IReadOnlyList<string> Scopes);

    private sealed record OperatorView(string Id, string Name, Role Role, string? Vendor, string Language, bool Active, DateTimeOffset? LockedUntil);

    private sealed record KeyView(string Id, string Name, IReadOnlyList<string> Scopes, string? Vendor, DateTimeOffset Created, string CreatedBy, string? Secret);

    private sealed record ChangeView(string Id, string AskedBy, DateTimeOffset Asked, OperatorView? Operator, KeyView? Key);

    private static ChangeView Show(AccessChange change, string? secret = null) =>
        new(change.Id, change.AskedBy, change.Asked, change.Operator is { } person ? Show(person) : null, change.Key is { } key ? Show(key, secret) : null);

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
            var change = new AccessChange { Id = ApiKeys.NewId(), Operator = person, Replaces = found?.Version, AskedBy = call.Caller.Id, Asked = time.GetUtcNow() };
            var permissions = Permissions.Of(person.Role).Concat(found is null ? [] : Permissions.Of(found.Value.Role));
            if (Refuses(session, call, change, permissions, out var waits) is { } refusal)
                return ApiAnswer.Problem(refusal);
            var answer = call.Put(found, () => waits ? found is null : change.TryDo(session), version => waits ? version == found!.Version : (change with { Replaces = version }).TryDo(session), person, Show);
            return waits && answer.Status < 300 ? Ask(session, change) : answer;
        });
    }

    // What lets its owner decide for others is two persons' business as soon as there are two; an API key is nobody's second person.
    private Refusal? Refuses(IStoreSession session, ApiCall call, AccessChange change, IEnumerable<Permission> permissions, out bool waits)
    {
        waits = false;
        if (!AccessChange.IsNeededFor(permissions))
            return null;
        waits = AccessChange.CanBeApproved(session);
        if (waits)
            return call.Caller.IsOperator ? null : new Refusal("second-person-needed", "Who may decide for others is made by one person and approved by another: sign in, an API key is neither.");
        MadeAlone(change.About, change.AskedBy);
        return null;
    }

    private ApiAnswer Ask(IStoreSession session, AccessChange change, string? secret = null)
    {
        _ = AccessChange.Waiting.TryAdd(session, change.Id, change);
        Asked(change.About, change.AskedBy);
        return ApiAnswer.Ok(Show(change, secret)) with { Status = 202, Location = $"/v1/access-changes/{change.Id}" };
    }

    private ApiAnswer ListChanges(ApiCall call)
    {
        if (!call.TryLimit(out var limit, out var problem) || !call.TryCursor(out var after, out problem))
            return problem;
        return ApiCall.Page(store.Read(session => AccessChange.Waiting.List(session, after, limit + 1)), limit, row => row.Id, row => Show(row.Value));
    }

    private ApiAnswer Approve(ApiCall call) => store.Write(session =>
    {
        if (AccessChange.Waiting.Find(session, call.Path("id")) is not { Value: var change })
            return ApiAnswer.Problem("not-found", "Nothing of this id waits.");
        if (!call.Caller.IsOperator)
            return ApiAnswer.Problem("second-person-needed", "A person approves it: sign in, an API key is nobody's second person.");
        if (change.AskedBy == call.Caller.Id)
            return ApiAnswer.Problem("second-person-needed", "Who asked for it cannot approve it.");
        if ((change.Operator is { } person ? Exceeds(call.Caller, person) : Exceeds(call.Caller, change.Key!.Permissions)) is { } more)
            return ApiAnswer.Problem("forbidden", more);
        _ = AccessChange.Waiting.Remove(session, change.Id);
        if (!change.TryDo(session))
            return ApiAnswer.Problem("not-awaiting-approval", $"The {change.About} has changed since; ask again.");
        Approved(change.About, change.AskedBy, call.Caller.Id);
        return ApiAnswer.Ok(Show(change));
    });

    private ApiAnswer Withdraw(ApiCall call)
    {
        var removed = store.Write(session => AccessChange.Waiting.Find(session, call.Path("id")) is { } found && AccessChange.Waiting.Remove(session, found.Id) ? found.Value : null);
        if (removed is null)
            return ApiAnswer.Problem("not-found", "Nothing of this id waits.");
        Withdrawn(removed.About, removed.AskedBy, call.Caller.Id);
        return ApiAnswer.Nothing;
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

    // Nobody gives away a scope that they lack.
    private static string? Exceeds(Caller caller, IReadOnlyList<Permission> permissions) =>
        permissions.FirstOrDefault(permission => !caller.May(permission)) is var missing && missing != Permission.Anybody
            ? $"The caller cannot give away the scope {missing.Scope()}, which it lacks."
            : null;

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
        if (Exceeds(call.Caller, granted) is { } more)
            return ApiAnswer.Problem("forbidden", more);
        var key = new ApiKey
        {
            Id = ApiKeys.NewId(),
            Name = call.Body.Text("name"),
            Permissions = granted,
            Vendor = call.Caller.Vendor ?? call.Body.TextOrNull("vendor"),
            Created = time.GetUtcNow(),
            CreatedBy = call.Caller.Id,
        };
        var secret = ApiKeys.NewText(key, out var digest);
        var change = new AccessChange { Id = ApiKeys.NewId(), Key = key, KeyDigest = digest, AskedBy = call.Caller.Id, Asked = key.Created };
        return store.Write(session =>
        {
            if (Refuses(session, call, change, granted, out var waits) is { } refusal)
                return ApiAnswer.Problem(refusal);
            if (waits)
                return Ask(session, change, secret);
            _ = change.TryDo(session);
            return ApiAnswer.Created($"/v1/api-keys/{key.Id}", Show(key, secret));
        });
    }

    [LoggerMessage(1201, LogLevel.Information, "{Asker} asked for the {About}; a second person must approve it")]
    private partial void Asked(string about, string asker);

    [LoggerMessage(1202, LogLevel.Information, "{Approver} approved the {About}, which {Asker} asked for")]
    private partial void Approved(string about, string asker, string approver);

    [LoggerMessage(1203, LogLevel.Information, "{By} withdrew the {About}, which {Asker} asked for")]
    private partial void Withdrawn(string about, string asker, string by);

    [LoggerMessage(1204, LogLevel.Warning, "{Asker} made or changed the {About} alone, which may decide for others: there is no second administrator")]
    private partial void MadeAlone(string about, string asker);
}
