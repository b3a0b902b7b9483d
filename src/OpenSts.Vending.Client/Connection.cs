using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OpenSts.Vending.Client;

/// <summary>One attempt: what was heard, and whether the server may have heard.</summary>
internal readonly record struct Exchange
{
    /// <summary>0 where no whole answer came.</summary>
    public int Status { get; init; }

    public byte[]? Body { get; init; }

    public string? ContentType { get; init; }

    public string? ETag { get; init; }

    /// <summary>The server's own words; null where the answer is none of its own.</summary>
    public Problem? Problem { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>False where the connection was never made: then nothing arrived.</summary>
    public bool MayHaveArrived { get; init; }

    /// <summary>A sentence about a failure.</summary>
    public string Why { get; init; }

    /// <summary>The body as an object; null where it is none.</summary>
    public T? Read<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return Status is >= 200 and < 300 && Body is { Length: > 0 } ? JsonSerializer.Deserialize(Body, type) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A request that can be sent again.</summary>
internal readonly record struct Question(HttpMethod Method, string Path)
{
    public byte[]? Body { get; init; }

    public string? IfMatch { get; init; }

    public string? IfNoneMatch { get; init; }

    /// <summary>Makes a POST one that is done once, however often it is sent.</summary>
    public string? IdempotencyKey { get; init; }

    public static Question Get(string path) => new(HttpMethod.Get, path);

    public static Question Of<T>(HttpMethod method, string path, T body, JsonTypeInfo<T> type) => new(method, path) { Body = JsonSerializer.SerializeToUtf8Bytes(body, type) };

    /// <summary>A POST with a key of its own.</summary>
    public static Question Once<T>(string path, T body, JsonTypeInfo<T> type) => Of(HttpMethod.Post, path, body, type) with { IdempotencyKey = Guid.NewGuid().ToString("N") };

    /// <summary>A POST without a body, with a key of its own.</summary>
    public static Question Once(string path) => new(HttpMethod.Post, path) { IdempotencyKey = Guid.NewGuid().ToString("N") };
}

/// <summary>Sends requests and says what was heard; nothing of the network is thrown.</summary>
internal sealed class Connection(HttpClient http, VendingClientOptions options)
{
    private const int PageSize = 200;

    public VendingClientOptions Options => options;

    /// <summary>One attempt.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up; whether the request arrived is not known.</exception>
    public async Task<Exchange> TryAsync(Question question, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(options.AnswerTimeout, options.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var request = Request(question);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, both.Token).ConfigureAwait(false);
            var body = await answer.Content.ReadAsByteArrayAsync(both.Token).ConfigureAwait(false);
            var type = answer.Content.Headers.ContentType?.ToString();
            var problem = type?.StartsWith("application/problem+json", StringComparison.OrdinalIgnoreCase) == true ? ReadProblem(body) : null;
            return new Exchange
            {
                Status = (int)answer.StatusCode,
                Body = body,
                ContentType = type,
                ETag = answer.Headers.ETag?.ToString(),
                Problem = problem,
                RetryAfter = answer.Headers.RetryAfter?.Delta,
                MayHaveArrived = true,
                Why = problem?.ToString() ?? $"The answer was {(int)answer.StatusCode}.",
            };
        }
        catch (HttpRequestException error)
        {
            var never = error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;
            return new Exchange { MayHaveArrived = !never, Why = error.Message };
        }
        catch (IOException error)
        {
            return new Exchange { MayHaveArrived = true, Why = error.Message };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new Exchange { MayHaveArrived = true, Why = $"No answer came within {options.AnswerTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s." };
        }
    }

    /// <summary>The first answer of the server's own; what may be sent twice is sent again for a while where none comes.</summary>
    /// <exception cref="VendingServerException">No answer came, or one that is not the server's.</exception>
    public async Task<Exchange> AskAsync(Question question, CancellationToken cancellation)
    {
        var repeatable = question.Method == HttpMethod.Get || question.IdempotencyKey is not null;
        var began = options.Time.GetTimestamp();
        var pause = new Pauses(options);
        while (true)
        {
            var heard = await TryAsync(question, cancellation).ConfigureAwait(false);
            var busy = heard.Status is 0 or 429 or >= 500;
            if (!busy || !repeatable || options.Time.GetElapsedTime(began) >= options.Patience)
                return heard.Status == 0 ? throw new VendingServerException(heard.Why) : heard;
            await pause.WaitAsync(heard.RetryAfter, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The object that is asked for; null for 404.</summary>
    /// <exception cref="VendingServerException">The server refused, or did not answer.</exception>
    public async Task<Versioned<T>?> FindAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        var heard = await AskAsync(Question.Get(path), cancellation).ConfigureAwait(false);
        return heard is { Status: 404, Problem: not null } ? null : Version(heard, type);
    }

    /// <summary>The same object where it has not changed, the new one where it has.</summary>
    public async Task<Versioned<T>> RefreshAsync<T>(Versioned<T> known, string path, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        var heard = await AskAsync(Question.Get(path) with { IfNoneMatch = known.ETag }, cancellation).ConfigureAwait(false);
        return heard.Status == (int)HttpStatusCode.NotModified ? known : Version(heard, type);
    }

    /// <summary>Adds a resource, or changes it where an ETag is given.</summary>
    public async Task<Versioned<TView>> PutAsync<TBody, TView>(string path, TBody body, JsonTypeInfo<TBody> bodyType, string? etag, JsonTypeInfo<TView> type, CancellationToken cancellation)
        where TView : class =>
        Version(await AskAsync(Question.Of(HttpMethod.Put, path, body, bodyType) with { IfMatch = etag }, cancellation).ConfigureAwait(false), type);

    /// <summary>Asks and reads the answer.</summary>
    public async Task<T> ReadAsync<T>(Question question, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class => Read(await AskAsync(question, cancellation).ConfigureAwait(false), type);

    /// <summary>Every item of a list, page by page as they are taken.</summary>
    public async IAsyncEnumerable<T> ListAsync<T>(string path, JsonTypeInfo<ListPage<T>> type, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? cursor = null;
        do
        {
            var page = await ReadAsync(Question.Get($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit={PageSize}{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}"), type, cancellation).ConfigureAwait(false);
            foreach (var item in page.Items)
                yield return item;
            cursor = page.Next;
        }
        while (cursor is not null);
    }

    private static Versioned<T> Version<T>(Exchange heard, JsonTypeInfo<T> type)
        where T : class => new(Read(heard, type), heard.ETag ?? "");

    private static T Read<T>(Exchange heard, JsonTypeInfo<T> type)
        where T : class => heard.Read(type) ?? throw Refusal(heard);

    internal static VendingServerException Refusal(Exchange heard) =>
        new(heard.Status is >= 200 and < 300 ? "The answer is not one of a vending server." : heard.Why, heard.Problem);

    private static Problem? ReadProblem(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ClientJson.Default.Problem);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static HttpRequestMessage Request(Question question)
    {
        var request = new HttpRequestMessage(question.Method, question.Path);
        if (question.Body is not null)
            request.Content = new ByteArrayContent(question.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        if (question.IfMatch is not null)
            _ = request.Headers.TryAddWithoutValidation("If-Match", question.IfMatch);
        if (question.IfNoneMatch is not null)
            _ = request.Headers.TryAddWithoutValidation("If-None-Match", question.IfNoneMatch);
        if (question.IdempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", question.IdempotencyKey);
        return request;
    }
}

/// <summary>The pauses between attempts: each twice as long as the one before, up to a longest, none quite alike.</summary>
internal struct Pauses(VendingClientOptions options)
{
    private TimeSpan _next = options.FirstPause;

    public Task WaitAsync(TimeSpan? asked, CancellationToken cancellation)
    {
        var pause = asked > _next ? asked.Value : _next;
        pause = pause > options.LongestPause ? options.LongestPause : pause;
        _next = _next * 2 > options.LongestPause ? options.LongestPause : _next * 2;
        // Many tills that lost the server at one moment do not all come back at one moment.
        return Task.Delay(pause * (0.75 + (Random.Shared.NextDouble() / 4)), options.Time, cancellation);
    }
}

/// <summary>A resource with the ETag of the version that was read.</summary>
/// <param name="Value">The resource.</param>
/// <param name="ETag">Sent back with a change, which is refused where somebody else was first.</param>
public sealed record Versioned<T>(T Value, string ETag);
