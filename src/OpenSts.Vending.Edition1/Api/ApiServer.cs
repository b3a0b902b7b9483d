using System.Text.Json;
using OpenSts.Vending.Access;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Receipts;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Api;

/// <summary>Puts the routes' rows on the server: gate, body check, idempotency key, work, answer.</summary>
public sealed class ApiServer(IStore store, Gate gate, TimeProvider time)
{
    /// <summary>The largest body, in octets.</summary>
    public const int LargestBody = 64 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8 };
    private readonly IssueLocks _locks = new();

    /// <summary>Maps the rows.</summary>
    public void Map(IEndpointRouteBuilder routes, IEnumerable<ApiRoute> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var route in rows)
            _ = routes.MapMethods(route.Path, [route.Method], context => ServeAsync(context, route)).WithMetadata(route);
    }

    /// <summary>Writes an answer.</summary>
    public static async Task WriteAsync(HttpContext context, ApiAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(answer);
        var response = context.Response;
        response.StatusCode = answer.Status;
        if (answer.Version is { } version)
            response.Headers.ETag = $"\"{version}\"";
        if (answer.Location is { } location)
            response.Headers.Location = location;
        if (answer.RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (answer.Status == 401)
            response.Headers.WWWAuthenticate = "Bearer";
        response.Headers.CacheControl = "no-store";
        if (answer.Json is null && answer.Octets is null)
            return;
        response.ContentType = answer.ContentType;
        var json = answer.Json;
        if (answer.Refusal is { } refusal && Words.Preferred(context.Request.Headers.AcceptLanguage.ToString()) is { Language: not "en" } words)
            (json, response.Headers.ContentLanguage) = (ApiAnswer.Told(refusal, answer.Errors, words), words.Language);
        var octets = answer.Octets ?? System.Text.Encoding.UTF8.GetBytes(json!);
        response.ContentLength = octets.Length;
        await response.Body.WriteAsync(octets).ConfigureAwait(false);
    }

    private async Task ServeAsync(HttpContext context, ApiRoute route)
    {
        var answer = await AnswerAsync(context, route).ConfigureAwait(false);
        if (answer is { Status: 200, Version: { } version } && HttpMethods.IsGet(route.Method) && context.Request.Headers.IfNoneMatch == $"\"{version}\"")
            answer = new ApiAnswer { Status = 304, Version = version };
        await WriteAsync(context, answer).ConfigureAwait(false);
    }

    private async Task<ApiAnswer> AnswerAsync(HttpContext context, ApiRoute route)
    {
        if (!(await gate.PassAsync(context, route.Needs).ConfigureAwait(false)).TryGet(out var caller, out var refusal))
            return ApiAnswer.Problem(refusal);
        RequestBody? body = null;
        if (route.Body.Count > 0)
        {
            var (read, problem) = await ReadAsync(context, route).ConfigureAwait(false);
            if (problem is not null)
                return problem;
            body = read;
        }

        var call = new ApiCall(context, caller, body);
        var key = context.Request.Headers["Idempotency-Key"].ToString();
        return route.Method == "POST" && key.Length > 0 && !route.AnswersSecret
            ? await OnceAsync(call, route, key, body).ConfigureAwait(false)
            : await route.Handle(call).ConfigureAwait(false);
    }

    private static async Task<(RequestBody? Body, ApiAnswer? Problem)> ReadAsync(HttpContext context, ApiRoute route)
    {
        if (context.Request.ContentLength > LargestBody)
            return (null, ApiAnswer.Problem("body-too-large", $"The body has {context.Request.ContentLength} octets; permitted are {LargestBody}."));
        var buffer = new MemoryStream();
        var chunk = new byte[8192];
        int count;
        while ((count = await context.Request.Body.ReadAsync(chunk, context.RequestAborted).ConfigureAwait(false)) > 0)
        {
            buffer.Write(chunk, 0, count);
            if (buffer.Length > LargestBody)
                return (null, ApiAnswer.Problem("body-too-large", $"The body has more than {LargestBody} octets."));
        }

        try
        {
            // An empty body is an empty object: routes whose fields are all optional need none.
            ReadOnlyMemory<byte> content = buffer.Length == 0 ? "{}"u8.ToArray() : buffer.ToArray();
            // Some clients begin with a byte order mark, which JSON permits a reader to pass over (RFC 8259, 8.1).
            if (content.Span.StartsWith("\uFEFF"u8))
                content = content[3..];
            using var document = JsonDocument.Parse(content, Strict);
            var faults = new List<FieldFault>();
            var body = RequestBody.TryCreate(document.RootElement.Clone(), route.Body, faults);
            return body is not null ? (body, null) : (null, ApiAnswer.Problem(faults));
        }
        catch (JsonException error)
        {
            return (null, ApiAnswer.Problem("body-unreadable", $"Not JSON at line {error.LineNumber + 1}, octet {error.BytePositionInLine + 1}, or deeper than 8 levels."));
        }
    }

    private async Task<ApiAnswer> OnceAsync(ApiCall call, ApiRoute route, string key, RequestBody? body)
    {
        if (key.Length > 128 || key.Any(c => c is < '!' or > '~'))
            return ApiCall.Invalid("Idempotency-Key", key, "1 to 128 printable ASCII characters");
        using var turn = await _locks.EnterAsync($"{call.Caller.Id} {key}").ConfigureAwait(false);
        var digest = IssueDesk.DigestOf($"{route.Method} {call.Context.Request.Path}{call.Context.Request.QueryString} {body}");
        var (seen, status, text) = store.Read(session => session.First("SELECT digest, status, answer FROM idempotency WHERE caller = $1 AND key = $2",
            row => (row.Text(0), (int)row.Number(1), row.Text(2)), call.Caller.Id, key));
        if (seen is not null)
        {
            return seen == digest
                ? new ApiAnswer { Status = status, Json = text.Length == 0 ? null : text, ContentType = status < 400 ? "application/json" : "application/problem+json" }
                : ApiAnswer.Problem("idempotency-key-reused", $"The key '{key}' was used for another request.");
        }

        var answer = await route.Handle(call).ConfigureAwait(false);
        // What can be mended or is in doubt is asked anew; what was done is told again.
        if (answer.Status < 300 && answer.Octets is null)
        {
            store.Write(session => session.Execute("INSERT INTO idempotency (caller, key, digest, status, answer, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                call.Caller.Id, key, digest, answer.Status, answer.Json ?? "", time.GetUtcNow()));
        }

        return answer;
    }
}
