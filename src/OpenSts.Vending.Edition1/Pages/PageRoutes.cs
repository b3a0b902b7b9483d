using System.Reflection;
using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Documents;
using OpenSts.Vending.Hosting;

namespace OpenSts.Vending.Pages;

/// <summary>One page: how it is reached, who may.</summary>
internal sealed record PageRoute(string Method, string Path, Permission Needs, Func<PageCall, Task<PageAnswer>> Handle)
{
    public static PageRoute Of(string method, string path, Permission needs, Func<PageCall, PageAnswer> handle) => new(method, path, needs, call => Task.FromResult(handle(call)));
}

/// <summary>Puts the pages on the server.</summary>
internal static class PageRoutes
{
    /// <summary>The rows of all pages.</summary>
    public static IReadOnlyList<PageRoute> Rows(IServiceProvider services)
    {
        var api = new ApiRows(VendingHost.Routes(services));
        T Made<T>(params object[] more) => ActivatorUtilities.CreateInstance<T>(services, more);
        return
        [
            PageRoute.Of("GET", "/", Permission.Anybody, call => PageAnswer.See(call.Caller.May(Permission.VendsWrite) ? "/sale" : call.Caller.IsOperator ? "/meters" : "/sign-in")),
            PageRoute.Of("GET", "/problems/{code}", Permission.Anybody, Problem),
            .. Made<SignInPages>().Rows,
            .. Made<SalePages>().Rows,
            .. Made<IssuePages>(api).Rows,
            .. Made<ShiftPages>().Rows,
            .. Made<MeterPages>(api).Rows,
            .. Made<CustomerPages>(api).Rows,
            .. Made<ExplainPages>().Rows,
            .. Made<WallPages>().Rows,
            .. Made<ApprovalPages>(api).Rows,
            .. Made<EngineeringPages>(api).Rows,
            .. Made<VendorPages>(api).Rows,
            .. Made<TariffPages>(api).Rows,
            .. Made<ReportPages>().Rows,
            .. Made<DigestPages>().Rows,
            .. Made<BoardPages>().Rows,
            .. Made<SupplyGroupPages>().Rows,
            .. Made<OperatorPages>(api).Rows,
            .. Made<ApiKeyPages>(api).Rows,
        ];
    }

    public static void Map(WebApplication app)
    {
        foreach (var row in Rows(app.Services))
            _ = app.MapMethods(row.Path, [row.Method], context => ServeAsync(context, row)).WithMetadata(row);
        foreach (var name in Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.StartsWith("assets/", StringComparison.Ordinal)))
        {
            var octets = Read(name);
            _ = app.MapGet("/" + name, context => SendAsync(context, new PageAnswer { Octets = octets, ContentType = Kind(name) }, "max-age=3600"));
        }
    }

    private static Caller Nobody { get; } = new() { Id = "nobody", Name = "", Permissions = new HashSet<Permission>() };

    private static async Task ServeAsync(HttpContext context, PageRoute row)
    {
        IFormCollection? form = null;
        if (HttpMethods.IsPost(row.Method))
        {
            if (!context.Request.HasFormContentType || context.Request.ContentLength is null or > ApiServer.LargestBody)
            {
                await ApiServer.WriteAsync(context, ApiAnswer.Problem("body-unreadable", "A page takes a form of at most 64 kB.")).ConfigureAwait(false);
                return;
            }

            try
            {
                form = await context.Request.ReadFormAsync().ConfigureAwait(false);
            }
            catch (InvalidDataException error)
            {
                await ApiServer.WriteAsync(context, ApiAnswer.Problem("body-unreadable", error.Message)).ConfigureAwait(false);
                return;
            }
        }

        var gate = context.RequestServices.GetRequiredService<Gate>();
        if (!gate.Pass(context, row.Needs, form?["_csrf"].ToString() ?? "").TryGet(out var caller, out var refusal))
        {
            await SendAsync(context, Refuse(context, gate.Identify(context), refusal), "no-store").ConfigureAwait(false);
            return;
        }

        await SendAsync(context, await row.Handle(new PageCall(context, caller, form)).ConfigureAwait(false), "no-store").ConfigureAwait(false);
    }

    private static PageAnswer Refuse(HttpContext context, Caller? caller, Refusal refusal)
    {
        if (refusal.Code == "unauthenticated")
            return PageAnswer.See("/sign-in");
        var kind = ProblemCatalogue.Of(refusal.Code);
        var call = new PageCall(context, caller ?? Nobody, null);
        var title = call.Words.Told(kind.Title);
        return PageAnswer.Page(call, title, Html.Of($"<section class=\"narrow\"><h1>{title}</h1><p>{call.Words.Told(refusal.Detail)}</p><p><a class=\"button quiet\" href=\"/\" data-escape>{call.Words["sale.back"]}</a></p></section>"), kind.Status);
    }

    private static PageAnswer Problem(PageCall call)
    {
        var words = call.Words;
        if (ProblemCatalogue.All.FirstOrDefault(kind => kind.Code == call.Path("code")) is { } kind)
            return PageAnswer.Page(call, words.Told(kind.Title), Html.Of($"<h1>{words.Told(kind.Title)}</h1><p><code>{kind.Code}</code>, HTTP {kind.Status}</p><p>{words.Told(kind.Meaning)}</p>"));
        var rows = ProblemCatalogue.All.Select(known => (Html[])[Html.Of($"<a href=\"/problems/{known.Code}\">{known.Code}</a>"), Html.Of($"{known.Status}"), Html.Of($"{words.Told(known.Title)}")]).ToList();
        return PageAnswer.Page(call, words["problems.title"], Html.Of($"<h1>{words["problems.title"]}</h1>{Tables.Of(words, [words["problems.code"], ">HTTP", words["explain.meaning"]], rows)}"), 404);
    }

    /// <summary>Answers a browser that asked for a page there is none of.</summary>
    public static Task NothingAsync(HttpContext context)
    {
        var call = new PageCall(context, context.RequestServices.GetRequiredService<Gate>().Identify(context) ?? Nobody, null);
        return SendAsync(context, PageAnswer.Page(call, call.Words["common.not-found"], Html.Of($"<section class=\"narrow\"><h1>{call.Words["common.not-found"]}</h1><p><a class=\"button quiet\" href=\"/\" data-escape>{call.Words["sale.back"]}</a></p></section>"), 404), "no-store");
    }

    private static async Task SendAsync(HttpContext context, PageAnswer answer, string cache)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.Headers.CacheControl = cache;
        if (answer.Location is { } location)
        {
            response.Headers.Location = location;
            return;
        }

        response.ContentType = answer.ContentType;
        await response.Body.WriteAsync(answer.Octets ?? System.Text.Encoding.UTF8.GetBytes(answer.Body.Text)).ConfigureAwait(false);
    }

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        var octets = new byte[stream.Length];
        stream.ReadExactly(octets);
        return octets;
    }

    private static string Kind(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}
