using System.Net;
using System.Text.RegularExpressions;
using OpenSts.Vending.Access;
using OpenSts.Vending.Hosting;

namespace OpenSts.SystemTests.Vending;

public sealed partial class PageTests : IAsyncLifetime
{
    private LiveServer _server = null!;
    private PageUser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await LiveServer.StartAsync();
        _browser = new PageUser(_server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Sale_FromSignInToToken_FourFormsAndSendingTwiceSellsOnce()
    {
        var csrf = await SignInAsync("clerk");
        _ = await PostAsync("/shifts", ("_csrf", csrf), ("float", "100"));
        await _browser.GetAsync($"/sale/confirm?meter={FirstStart.DemonstrationMeter}&vendor=corner-shop&amount=100");
        var id = IdPattern().Match(_browser.Page).Groups[1].Value;
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
        var csrf = await SignInAsync("clerk");
        var without = await PostAsync("/shifts", ("float", "100"));
        var wrong = await PostAsync("/shifts", ("_csrf", csrf[..^1] + (csrf[^1] == 'a' ? 'b' : 'a')), ("float", "100"));
        await _browser.PostAsync("/v1/shifts");

        Assert.Equal(HttpStatusCode.Forbidden, without.Status);
        Assert.Equal(HttpStatusCode.Forbidden, wrong.Status);
        Assert.Equal(HttpStatusCode.Forbidden, _browser.Status);
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

    [Fact]
    public async Task Pages_Administrator_EveryPageAnswersWithItsSafetyHeaders()
    {
        _ = await SignInAsync("admin");
        foreach (var path in (string[])["/sale", "/meters", $"/meters/{FirstStart.DemonstrationMeter}", "/meters?number=1", "/explain", "/tariffs", "/tariffs/household?tender=100", "/tariffs/household?tender=x", "/board", "/report", "/report?from=x"])
        {
            await _browser.GetAsync(path);
            Assert.True((int)_browser.Status is 200 or 400 or 422, $"{path}: {_browser.Status}");
            Assert.Contains("frame-ancestors 'none'", _browser.Policy, StringComparison.Ordinal);
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

    private async Task<string> SignInAsync(string name) => (await _browser.SignInAsync(name, _server.Secrets.Password)).Csrf;

    private async Task<(HttpStatusCode Status, string Text)> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        await _browser.PostAsync(path, fields);
        return (_browser.Status, _browser.Page);
    }

    [GeneratedRegex("name=\"id\" value=\"([^\"]+)\"")]
    private static partial Regex IdPattern();

    [GeneratedRegex("<span>([0-9]{4})</span>")]
    private static partial Regex GroupPattern();
}
