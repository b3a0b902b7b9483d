using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenSts.Cli.Meters.Wall;

/// <summary>Asks a vending server what was sold since the last time, as a customer at each meter would read it from a receipt.</summary>
/// <remarks>Two routes of its API: the list of issues without tokens, and one issue with them. An issue is given out once.</remarks>
internal sealed class SoldTokens : IDisposable
{
    private readonly HttpClient _http;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public SoldTokens(Uri server, string apiKey)
    {
        _http = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromSeconds(5) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <summary>Why the last question had no answer; null where it had.</summary>
    public string? Trouble { get; private set; }

    /// <summary>The tokens sold since, oldest first: a MeterPAN and 20 digits each.</summary>
    public async Task<IReadOnlyList<(string Pan, string Digits)>> TakeAsync(CancellationToken stop)
    {
        try
        {
            var list = await GetAsync("/v1/vends?limit=50", stop);
            var tokens = new List<(string, string)>();
            foreach (var item in list["items"]!.AsArray().Reverse())
            {
                var id = item!["id"]!.GetValue<string>();
                if (item["state"]?.GetValue<string>() != "issued" || item["sandbox"]?.GetValue<bool>() == true || !_seen.Add(id))
                    continue;
                var issue = await GetAsync($"/v1/vends/{Uri.EscapeDataString(id)}", stop);
                foreach (var set in issue["tokens"]?.AsArray() ?? [])
                    tokens.AddRange(set!["tokens"]!.AsArray().Select(token => (issue["meter"]!.GetValue<string>(), token!.GetValue<string>())));
            }

            Trouble = null;
            return tokens;
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or InvalidOperationException or NullReferenceException
            || (error is TaskCanceledException && !stop.IsCancellationRequested))
        {
            // A server that is not there yet, or not any more, is asked again.
            Trouble = error is HttpRequestException { StatusCode: { } code } ? $"the server answers {(int)code}" : "the server does not answer";
            return [];
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonObject> GetAsync(string path, CancellationToken stop)
    {
        using var answer = await _http.GetAsync(path, stop);
        _ = answer.EnsureSuccessStatusCode();
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(stop))!.AsObject();
    }
}
