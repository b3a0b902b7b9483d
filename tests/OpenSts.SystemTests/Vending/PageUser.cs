using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OpenSts.SystemTests.Vending;

/// <summary>A person at the pages, without a browser: follows links, fills forms, sends back what their hidden fields hold.</summary>
internal sealed partial class PageUser : IDisposable
{
    private readonly HttpClient _client;

    public PageUser(Uri server) => _client = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = server };

    /// <summary>The page that was answered last.</summary>
    public string Page { get; private set; } = "";

    public HttpStatusCode Status { get; private set; }

    /// <summary>What the last answer permits a browser to load.</summary>
    public string Policy { get; private set; } = "";

    /// <summary>Where it is.</summary>
    public string Path { get; private set; } = "";

    /// <summary>The token of the session's forms, from the last page that had one.</summary>
    public string Csrf { get; private set; } = "";

    public async Task<PageUser> SignInAsync(string name, string password)
    {
        await PostAsync("/sign-in", ("name", name), ("password", password));
        Assert.True(Status is HttpStatusCode.OK or HttpStatusCode.Forbidden, $"{name} was not let in: {Status}");
        return this;
    }

    public async Task GetAsync(string path)
    {
        using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        await TakeAsync(answer);
    }

    /// <summary>Sends a form as it stands on the last page, with these fields filled in.</summary>
    public async Task SendAsync(string action, params (string Name, string Value)[] fields)
    {
        var form = FormPattern().Matches(Page).Select(match => match.Value).FirstOrDefault(form => form.Contains($"action=\"{action}\"", StringComparison.Ordinal));
        Assert.True(form is not null, $"{Path} has no form {action}");
        var held = InputPattern().Matches(form).Select(match => (Name: Attribute(match.Value, "name"), Value: Attribute(match.Value, "value"), Kind: Attribute(match.Value, "type"), Text: match.Value))
            .Where(input => input.Name.Length > 0 && (input.Kind != "checkbox" || input.Text.Contains(" checked", StringComparison.Ordinal)))
            .Select(input => (input.Name, input.Value))
            .Concat(SelectPattern().Matches(form).Select(match => (Attribute(match.Value, "name"), Chosen(match.Value))));
        await PostAsync(action, [.. held.Where(input => !fields.Any(field => field.Name == input.Item1)), .. fields]);
    }

    public async Task PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var answer = await _client.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        await TakeAsync(answer);
    }

    /// <summary>Calls the API with the session, as a script of the page would.</summary>
    public async Task<(int Status, JsonNode? Body)> CallAsync(string method, string path, string? json = null, long? version = null)
    {
        var (status, body, answer) = await _client.SendAsync(method, path, json, [("X-Csrf-Token", Csrf), .. version is null ? Array.Empty<(string, string)>() : [("If-Match", $"\"{version}\"")]]);
        answer.Dispose();
        return (status, body);
    }

    public void Dispose() => _client.Dispose();

    private async Task TakeAsync(HttpResponseMessage answer)
    {
        (Status, Path) = (answer.StatusCode, answer.RequestMessage!.RequestUri!.PathAndQuery);
        Page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Policy = answer.Headers.TryGetValues("Content-Security-Policy", out var policy) ? policy.Single() : "";
        if (CsrfPattern().Match(Page) is { Success: true } found)
            Csrf = found.Groups[1].Value;
    }

    private static string Attribute(string element, string name) => WebUtility.HtmlDecode(Regex.Match(element, $" {name}=\"([^\"]*)\"").Groups[1].Value);

    private static string Chosen(string select) => OptionPattern().Matches(select).Select(match => match.Value) is var options
        ? Attribute(options.FirstOrDefault(option => option.Contains(" selected", StringComparison.Ordinal)) ?? options.FirstOrDefault() ?? "", "value")
        : "";

    [GeneratedRegex("<form .*?</form>", RegexOptions.Singleline)]
    private static partial Regex FormPattern();

    [GeneratedRegex("<input[^>]*>")]
    private static partial Regex InputPattern();

    [GeneratedRegex("<select.*?</select>", RegexOptions.Singleline)]
    private static partial Regex SelectPattern();

    [GeneratedRegex("<option[^>]*>")]
    private static partial Regex OptionPattern();

    [GeneratedRegex("name=\"_csrf\" value=\"([0-9a-f]{32})\"")]
    private static partial Regex CsrfPattern();
}
