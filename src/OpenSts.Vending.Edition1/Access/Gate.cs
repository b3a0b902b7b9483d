using System.Security.Cryptography;
using System.Text;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Access;

/// <summary>Finds out who calls and whether they may. A route without a permission does not exist.</summary>
public sealed class Gate(IStore store, Sessions sessions)
{
    private readonly ApiKeyLook _keys = new(store);
    private static readonly Caller Stranger = new() { Id = "nobody", Name = "", Permissions = new HashSet<Permission>() };

    /// <summary>The caller of a request; null where the key or the session is missing or not valid.</summary>
    public Caller? Identify(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (KeyOf(context) is { } text)
            return store.Look(session => ApiKeys.Find(session, text)) is { } key ? CallerOf(key) : null;
        return context.Request.Cookies.TryGetValue(Sessions.Cookie, out var secret) && secret is { Length: 64 } ? sessions.Find(secret) : null;
    }

    /// <summary>The caller, where they may; the refusal otherwise.</summary>
    /// <param name="context">The request.</param>
    /// <param name="needs">What the route needs.</param>
    /// <param name="csrf">What the form sent back, for a request with a session that changes something; null to take the header.</param>
    public Verdict<Caller> Pass(HttpContext context, Permission needs, string? csrf = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Judge(context, Identify(context), needs, csrf);
    }

    /// <summary>The same for a route of the API; keys are looked up together with those of other requests.</summary>
    public async ValueTask<Verdict<Caller>> PassAsync(HttpContext context, Permission needs)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (KeyOf(context) is not { } text)
            return Pass(context, needs);
        return Judge(context, await _keys.FindAsync(text).ConfigureAwait(false) is { } key ? CallerOf(key) : null, needs, null);
    }

    private static string? KeyOf(HttpContext context)
    {
        const string scheme = "Bearer ";
        var authorization = context.Request.Headers.Authorization.ToString();
        return authorization.StartsWith(scheme, StringComparison.Ordinal) ? authorization[scheme.Length..] : null;
    }

    private static Caller CallerOf(ApiKey key) => new() { Id = "key:" + key.Id, Name = key.Name, Permissions = key.Permissions.ToHashSet(), Vendor = key.Vendor };

    private static Verdict<Caller> Judge(HttpContext context, Caller? caller, Permission needs, string? csrf)
    {
        if (caller is null)
            return needs == Permission.Anybody ? Stranger : new Refusal("unauthenticated", "The request has no valid API key and no session.");
        if (!caller.May(needs))
            return new Refusal("forbidden", $"The scope {needs.Scope()} is missing.");
        if (caller.IsOperator && !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            var given = csrf ?? context.Request.Headers["X-Csrf-Token"].ToString();
            if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(caller.Csrf)))
                return new Refusal("csrf", "The token of the session's forms is missing or wrong.");
        }

        return caller;
    }
}
