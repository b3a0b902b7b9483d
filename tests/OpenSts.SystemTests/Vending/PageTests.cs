using System.Net;
using System.Text.RegularExpressions;
using OpenSts.Vending.Access;
using OpenSts.Vending.Hosting;

namespace OpenSts.SystemTests.Vending;

public sealed partial class PageTests : IAsyncLifetime
{
    private LiveServer _server = null!;
    private HttpClient _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await LiveServer.StartAsync();
        _browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = _server.Address };
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Sale_FromSignInToToken_FourFormsAndSendingTwiceSellsOnce()
    {
        var csrf = Csrf(await SignInAsync("clerk"));
        _ = await PostAsync("/shifts", ("_csrf", csrf), ("float", "100"));
        var confirm = await _browser.GetStringAsync(new Uri($"/sale/confirm?meter={FirstStart.DemonstrationMeter}&vendor=corner-shop&amount=100", UriKind.Relative), TestContext.Current.CancellationToken);
        var id = IdPattern().Match(confirm).Groups[1].Value;
        (string, string)[] form = [("_csrf", csrf), ("id", id), ("meter", FirstStart.DemonstrationMeter.ToString()), ("vendor", "corner-shop"), ("amount", "100")];
        var sold = await PostAsync("/sale", form);
        var again = await PostAsync("/sale", form);

        Assert.Equal(HttpStatusCode.OK, sold.Status);
        var token = string.Concat(GroupPattern().Matches(sold.Text).Take(5).Select(match => match.Groups[1].Value));
        Assert.Equal(20, token.Length);
        Assert.Contains(GroupPattern().Match(again.Text).Value, again.Text, StringComparison.Ordinal);
        Assert.Equal(1, _server.Module.Asked);
    }

    [Fact]
    public async Task Forms_WithoutOrWithAWrongToken_403AndNothingHappens()
    {
        var csrf = Csrf(await SignInAsync("clerk"));
        var without = await PostAsync("/shifts", ("float", "100"));
        var wrong = await PostAsync("/shifts", ("_csrf", csrf[..^1] + (csrf[^1] == 'a' ? 'b' : 'a')), ("float", "100"));
        var (api, _, _) = await _browser.SendAsync("POST", "/v1/shifts", "{}");

        Assert.Equal(HttpStatusCode.Forbidden, without.Status);
        Assert.Equal(HttpStatusCode.Forbidden, wrong.Status);
        Assert.Equal(403, api);
        Assert.Empty(_server.Store.Read(session => OpenSts.Vending.Shifts.Shift.List(session, "~", 9)));
    }

    [Fact]
    public async Task SignIn_FiveWrongPasswords_LockedEvenForTheRightOne()
    {
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync("/sign-in", ("name", "clerk"), ("password", "wrong"))).Status);
        var right = await PostAsync("/sign-in", ("name", "clerk"), ("password", _server.Secrets.Password));
        var other = await PostAsync("/sign-in", ("name", "second"), ("password", _server.Secrets.Password));

        Assert.Equal(HttpStatusCode.Unauthorized, right.Status);
        Assert.Equal(HttpStatusCode.OK, other.Status);
    }

    [Fact]
    public async Task SignIn_ManyAttemptsFromOneAddress_429()
    {
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 14; i++)
            statuses.Add((await PostAsync("/sign-in", ("name", "nobody"), ("password", "wrong"))).Status);

        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
    }

    [Theory]
    [InlineData("/sale")]
    [InlineData("/meters")]
    [InlineData("/explain")]
    [InlineData("/tariffs")]
    [InlineData("/board")]
    [InlineData("/report")]
    [InlineData("/report.csv")]
    public async Task Pages_Stranger_IsSentToSignIn(string path)
    {
        using var answer = await _browser.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("/sign-in", answer.RequestMessage!.RequestUri!.AbsolutePath);
    }

    [Fact]
    public async Task Pages_Administrator_EveryPageAnswersWithItsSafetyHeaders()
    {
        _ = await SignInAsync("admin");
        foreach (var path in (string[])["/sale", "/meters", $"/meters/{FirstStart.DemonstrationMeter}", "/meters?number=1", "/explain", "/tariffs", "/tariffs/household?tender=100", "/tariffs/household?tender=x", "/board", "/report", "/report?from=x"])
        {
            using var answer = await _browser.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.True((int)answer.StatusCode is 200 or 400 or 422, $"{path}: {answer.StatusCode}");
            Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Store_AfterFirstStart_HoldsNoPasswordAndNoKeyInClear()
    {
        var secret = _server.Secrets.ApiKey.Split('_')[2];
        var texts = _server.Store.Read(session => session.Query("SELECT body FROM documents UNION ALL SELECT body FROM api_keys UNION ALL SELECT digest FROM api_keys", row => row.Text(0)));

        Assert.DoesNotContain(texts, text => text.Contains(_server.Secrets.Password, StringComparison.Ordinal) || text.Contains(secret, StringComparison.Ordinal));
        Assert.Null(_server.Store.Read(session => ApiKeys.Find(session, _server.Secrets.ApiKey[..^1] + "g")));
        await Task.CompletedTask;
    }

    private async Task<string> SignInAsync(string name)
    {
        var (status, text) = await PostAsync("/sign-in", ("name", name), ("password", _server.Secrets.Password));
        Assert.Equal(HttpStatusCode.OK, status);
        return text;
    }

    private async Task<(HttpStatusCode Status, string Text)> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var answer = await _browser.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static string Csrf(string page) => CsrfPattern().Match(page).Groups[1].Value;

    [GeneratedRegex("name=\"_csrf\" value=\"([0-9a-f]{32})\"")]
    private static partial Regex CsrfPattern();

    [GeneratedRegex("name=\"id\" value=\"([^\"]+)\"")]
    private static partial Regex IdPattern();

    [GeneratedRegex("<span>([0-9]{4})</span>")]
    private static partial Regex GroupPattern();
}
