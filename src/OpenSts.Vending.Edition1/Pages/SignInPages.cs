using OpenSts.Vending.Access;
using OpenSts.Vending.Documents;

namespace OpenSts.Vending.Pages;

/// <summary>Signing in and out.</summary>
internal sealed class SignInPages(Sessions sessions, SignInLimit limit)
{
    public IEnumerable<PageRoute> Rows =>
    [
        PageRoute.Of("GET", "/sign-in", Permission.Anybody, call => Show(call, null)),
        PageRoute.Of("POST", "/sign-in", Permission.Anybody, SignIn),
        PageRoute.Of("POST", "/sign-out", Permission.KnownCaller, SignOut),
    ];

    private static PageAnswer Show(PageCall call, Refusal? refusal) => PageAnswer.Page(call, call.Words["page.sign-in"], Html.Of($"""
        <section class="narrow">
        <h1>{call.Words["page.sign-in"]}</h1>
        {Frame.Fault(call.Words, refusal)}
        <form method="post" action="/sign-in" class="stack">
        {call.Csrf}
        <div class="field"><label for="name">{call.Words["sign-in.name"]}</label><input id="name" name="name" autocomplete="username" autocapitalize="none" autofocus required maxlength="40"></div>
        <div class="field"><label for="password">{call.Words["sign-in.password"]}</label><input id="password" name="password" type="password" autocomplete="current-password" required maxlength="200"></div>
        <div><button>{call.Words["page.sign-in"]}</button></div>
        </form>
        </section>
        """), refusal);

    private PageAnswer SignIn(PageCall call)
    {
        if (!limit.TryEnter(call.Context.Connection.RemoteIpAddress?.ToString() ?? "unknown"))
            return Show(call, new Refusal("too-many-requests", "Too many attempts; wait some seconds."));
        if (!sessions.SignIn(call.Field("name"), call.Field("password")).TryGet(out var secret, out var refusal))
            return Show(call, refusal);
        call.Context.Response.Cookies.Append(Sessions.Cookie, secret, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = call.Context.Request.IsHttps,
            Path = "/",
        });
        return PageAnswer.See("/");
    }

    private PageAnswer SignOut(PageCall call)
    {
        if (call.Context.Request.Cookies.TryGetValue(Sessions.Cookie, out var secret))
            sessions.SignOut(secret);
        call.Context.Response.Cookies.Delete(Sessions.Cookie);
        return PageAnswer.See("/sign-in");
    }
}
