using System.Security.Cryptography;
using System.Text;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Access;

/// <summary>Finds out who calls and whether they may. A route without a permission does not exist.</summary>
public sealed class Gate(IStore store, Sessions sessions)
{
    private static readonly Caller Stranger = new() { Id = "nobody", Name = "", Permissions = new HashSet<Permission>() };

    /// <summary>The caller of a request; null where the key or the session is missing or not valid.</summary>
    public Caller? Identify(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var authorization = context.Request.Headers.Authorization.ToString();
        if (authorization.StartsWith("Bearer ", StringComparison.Ordinal))
        {
            return store.Look(session => ApiKeys.Find(session, authorization[7..])) is { } key
                ? new Caller { Id = "key:" + key.Id, Name = key.Name, Permissions = key.Permissions.ToHashSet(), Vendor = key.Vendor }
                : null;
        }

        return context.Request.Cookies.TryGetValue(Sessions.Cookie, out var secret) && secret is { Length: 64 } ? sessions.Find(secret) : null;
    }

    /// <summary>The caller, where they may; the refusal otherwise.</summary>
    /// <param name="context">The request.</param>
    /// <param name="needs">What the route needs.</param>
    /// <param name="csrf">What the form sent back, for a request with a session that changes something; null to take the header.</param>
    public Verdict<Caller> Pass(HttpContext context, Permission needs, string? csrf = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        var caller = Identify(context);
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
