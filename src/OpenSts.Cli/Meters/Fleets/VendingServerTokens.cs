using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenSts.Meter.Simulation.Fleets;

namespace OpenSts.Cli.Meters.Fleets;

/// <summary>The tokens that a vending server sold since the last call, as its customers read them from their
/// receipts.</summary>
/// <remarks>Uses two routes of its API: the list of vends without tokens, and one vend with them. Each vend is
/// returned once.</remarks>
internal sealed class VendingServerTokens : ISoldTokenSource, IDisposable
{
    private readonly HttpClient _http;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public VendingServerTokens(Uri server, string apiKey)
    {
        _http = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromSeconds(5) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <inheritdoc/>
    public string? Problem { get; private set; }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SoldToken>> TakeAsync(CancellationToken cancellation)
    {
        try
        {
            var list = await GetAsync("/v1/vends?limit=50", cancellation);
            var tokens = new List<SoldToken>();
            foreach (var item in list["items"]!.AsArray().Reverse())
            {
                var id = item!["id"]!.GetValue<string>();
                if (item["state"]?.GetValue<string>() != "issued" || item["sandbox"]?.GetValue<bool>() == true
                        || !_seen.Add(id))
                    continue;
                var issue = await GetAsync($"/v1/vends/{Uri.EscapeDataString(id)}", cancellation);
                foreach (var set in issue["tokens"]?.AsArray() ?? [])
                    tokens.AddRange(
                        set!["tokens"]!.AsArray().Select(
                            token => new SoldToken(issue["meter"]!.GetValue<string>(), token!.GetValue<string>())));
            }

            Problem = null;
            return tokens;
        }
        catch (Exception error) when (
            error is HttpRequestException or JsonException or InvalidOperationException or NullReferenceException
            || (error is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            // A server that does not answer is asked again at the next step.
            Problem = error is HttpRequestException { StatusCode: { } code }
                ? $"the server answers {(int)code}"
                : "the server does not answer";
            return [];
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonObject> GetAsync(string path, CancellationToken cancellation)
    {
        using var answer = await _http.GetAsync(path, cancellation);
        _ = answer.EnsureSuccessStatusCode();
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellation))!.AsObject();
    }
}
