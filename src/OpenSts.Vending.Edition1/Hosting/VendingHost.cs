using System.Diagnostics;
using OpenSts.Sts6;
using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Customers;
using OpenSts.Vending.Explaining;
using OpenSts.Vending.IssueLog;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Readings;
using OpenSts.Vending.Shifts;
using OpenSts.Vending.Storage;
using OpenSts.Vending.SupplyGroups;
using OpenSts.Vending.Tariffs;
using OpenSts.Vending.Vendors;

namespace OpenSts.Vending.Hosting;

/// <summary>Puts the parts together into one server.</summary>
public static partial class VendingHost
{
    /// <summary>The rows of the API, in the order of its document.</summary>
    internal static IReadOnlyList<ApiRoute> Routes(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        T Made<T>() => ActivatorUtilities.CreateInstance<T>(services);
        return
        [
            .. Made<IssueRoutes>().Rows,
            .. Made<MeterRoutes>().Rows,
            .. Made<CustomerRoutes>().Rows,
            .. Made<TariffRoutes>().Rows,
            .. Made<VendorRoutes>().Rows,
            .. Made<ShiftRoutes>().Rows,
            .. Made<SupplyGroupRoutes>().Rows,
            .. Made<AccessRoutes>().Rows,
            .. Made<AuditRoutes>().Rows,
            .. Made<ReportRoutes>().Rows,
            .. Made<DigestRoutes>().Rows,
            .. Made<InquiryRoutes>().Rows,
            .. Made<ReadingRoutes>().Rows,
        ];
    }

    /// <summary>Builds the server; the caller starts it.</summary>
    /// <param name="store">Disposed by the caller.</param>
    /// <param name="module">Disposed by the caller.</param>
    /// <param name="settings">Of the utility.</param>
    /// <param name="listen">An address; port 0 takes a free one.</param>
    /// <param name="time">The clock.</param>
    public static WebApplication Build(IStore store, ISecurityModule module, VendingSettings settings, string listen, TimeProvider? time = null)
    {
        // Files of settings are not watched: the watch is on the working folder and all below it, and each write of a database there was work for the server.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        _ = builder.WebHost.UseUrls(listen).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 4 * ApiServer.LargestBody;
        });
        _ = builder.Logging.ClearProviders().AddJsonConsole().SetMinimumLevel(LogLevel.Warning).AddFilter("OpenSts", LogLevel.Information);
        _ = builder.Services
            .AddSingleton(store).AddSingleton(module).AddSingleton(settings).AddSingleton(time ?? TimeProvider.System)
            .AddSingleton<ClockGuard>().AddSingleton<IssueDesk>().AddSingleton<Sessions>().AddSingleton<Gate>().AddSingleton<ApiServer>()
            .AddSingleton<ModuleHealth>().AddSingleton<Metrics>().AddSingleton<LastReconciliation>().AddSingleton<TokenInquiry>().AddSingleton<SignInLimit>().AddSingleton<MeterReadings>()
            .AddHostedService<Background>();
        var app = builder.Build();
        _ = app.Use(GuardAsync);
        _ = app.UseRouting();
        var routes = Routes(app.Services);
        app.Services.GetRequiredService<ApiServer>().Map(app, routes);
        var document = OpenApiDocument.Write(routes);
        _ = app.MapGet("/openapi.json", context => ApiServer.WriteAsync(context, new ApiAnswer { Status = 200, Json = document }));
        _ = app.MapGet("/healthz", HealthAsync);
        _ = app.MapGet("/metrics", context => ApiServer.WriteAsync(context, new ApiAnswer
        {
            Status = 200,
            ContentType = "text/plain; version=0.0.4; charset=utf-8",
            Octets = System.Text.Encoding.UTF8.GetBytes(context.RequestServices.GetRequiredService<Metrics>().Write()),
        }));
        Pages.PageRoutes.Map(app);
        _ = app.MapFallback(context => HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
            ? Pages.PageRoutes.NothingAsync(context)
            : ApiServer.WriteAsync(context, ApiAnswer.Problem("not-found", "There is nothing at this path.")));
        return app;
    }

    // Outermost: every failure becomes a problem, every answer is counted and has its safety headers.
    private static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        var began = Stopwatch.GetTimestamp();
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "same-origin";
        try
        {
            await next(context).ConfigureAwait(false);
            if (context.Response is { StatusCode: 405, HasStarted: false })
                await ApiServer.WriteAsync(context, ApiAnswer.Problem("method-not-allowed", $"{context.Request.Method} is not offered at this path.")).ConfigureAwait(false);
        }
        catch (Exception error) when (!context.Response.HasStarted && error is not OperationCanceledException)
        {
            var log = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("OpenSts.Vending.Requests");
            var path = context.Request.Path.Value ?? "";
            var known = error is StoreException or BadHttpRequestException;
            Failed(log, known ? LogLevel.Warning : LogLevel.Error, context.Request.Method, path, known ? null : error);
            var problem = error switch
            {
                StoreException => ApiAnswer.Problem("store-unavailable", error.Message),
                BadHttpRequestException { StatusCode: 413 } => ApiAnswer.Problem("body-too-large", "The body is larger than the server reads."),
                BadHttpRequestException => ApiAnswer.Problem("body-unreadable", error.Message),
                _ => ApiAnswer.Problem("internal", $"Trace id {context.TraceIdentifier}."),
            };
            await ApiServer.WriteAsync(context, problem).ConfigureAwait(false);
        }
        finally
        {
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
            context.RequestServices.GetRequiredService<Metrics>().Count(context.Request.Method.Length <= 7 ? context.Request.Method : "(other)", route, context.Response.StatusCode, Stopwatch.GetElapsedTime(began));
        }
    }

    private static async Task HealthAsync(HttpContext context)
    {
        var sight = await context.RequestServices.GetRequiredService<ModuleHealth>().AskAsync().ConfigureAwait(false);
        var store = context.RequestServices.GetRequiredService<IStore>();
        // A real write: a full disk shows here and not first with a sale.
        _ = store.Write(session => Counters.Next(session, Counters.Health));
        var view = new HealthView(sight.Up ? "up" : "down", store.Kind, sight.Up ? "up" : "down", sight.Text, (long)sight.RoundTrip.TotalMicroseconds);
        await ApiServer.WriteAsync(context, ApiAnswer.Ok(view) with { Status = sight.Up ? 200 : 503 }).ConfigureAwait(false);
    }

    private sealed record HealthView(string Status, string Store, string Module, string ModuleText, long ModuleMicroseconds);

    [LoggerMessage(EventId = 1101, Message = "{Method} {Path} failed")]
    private static partial void Failed(ILogger log, LogLevel level, string method, string path, Exception? error);
}
