using OpenSts.Vending.Access;

namespace OpenSts.SystemTests.Vending;

/// <summary>Who may decide for others is made by one person and approved by another, once there are two.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private LiveServer _server = null!;
    private PageUser _ann = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await LiveServer.StartAsync();
        _ann = await PersonAsync("admin");
    }

    public async ValueTask DisposeAsync()
    {
        _ann.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Administrator_TheOnlyOne_MakesTheSecondAloneAndNoThird()
    {
        var second = await _ann.CallAsync("PUT", "/v1/operators/ben", Body(Role.Administrator));
        var third = await _ann.CallAsync("PUT", "/v1/operators/eve", Body(Role.Administrator));

        Assert.Equal((201, 202), (second.Status, third.Status));
        Assert.Null(Find("eve"));
    }

    [Theory]
    [InlineData("a new administrator", "eve", Role.Administrator, false)]
    [InlineData("a new supervisor", "eve", Role.Supervisor, false)]
    [InlineData("a supervisor becomes an administrator", "second", Role.Administrator, false)]
    [InlineData("a supervisor becomes a clerk", "second", Role.Clerk, false)]
    [InlineData("a clerk becomes a supervisor", "clerk", Role.Supervisor, false)]
    [InlineData("a supervisor's new password", "second", Role.Supervisor, true)]
    [InlineData("the other administrator's new password", "ben", Role.Administrator, true)]
    public async Task Change_OfWhoMayDecide_WaitsForAnotherPerson(string what, string about, Role role, bool password)
    {
        using var ben = await SecondAsync();
        var (before, version) = (Find(about), Version(about));
        var asked = await _ann.CallAsync("PUT", "/v1/operators/" + about, Body(role, password || before is null), version);
        var id = (string)asked.Body!["id"]!;
        var unchanged = Find(about);

        var own = await _ann.CallAsync("POST", $"/v1/access-changes/{id}/approval");
        using var key = _server.Client();
        var byKey = await key.SendAsync("POST", $"/v1/access-changes/{id}/approval");
        var approved = await ben.CallAsync("POST", $"/v1/access-changes/{id}/approval");
        var again = await ben.CallAsync("POST", $"/v1/access-changes/{id}/approval");

        Assert.True(asked.Status == 202, what);
        Assert.Equal(before, unchanged);
        Assert.Equal((422, "second-person-needed"), (own.Status, (string?)own.Body!["code"]));
        Assert.Equal((422, "second-person-needed"), (byKey.Status, (string?)byKey.Body!["code"]));
        Assert.Equal((200, role), (approved.Status, Find(about)!.Role));
        // Whose rights or password changed is signed out.
        Assert.Equal(about == "ben" ? 401 : 404, again.Status);
    }

    [Theory]
    [InlineData("a new clerk", "eve", Role.Clerk, 201)]
    [InlineData("a new engineer", "eve", Role.Engineer, 201)]
    [InlineData("a clerk's new password", "clerk", Role.Clerk, 200)]
    public async Task Change_OfWhoMayNotDecide_IsDoneAtOnce(string what, string about, Role role, int status)
    {
        using var ben = await SecondAsync();

        var answer = await _ann.CallAsync("PUT", "/v1/operators/" + about, Body(role), Version(about));

        Assert.True(answer.Status == status, $"{what}: {answer.Status}");
    }

    [Fact]
    public async Task Change_AskedForWithAnApiKey_IsRefusedOnceThereAreTwoPersons()
    {
        using var key = _server.Client();
        using var ben = await SecondAsync();

        var person = await key.SendAsync("PUT", "/v1/operators/eve", Body(Role.Supervisor));
        var other = await key.SendAsync("POST", "/v1/api-keys", Key("vends:approve"));

        Assert.Equal((422, "second-person-needed"), (person.Status, (string?)person.Body!["code"]));
        Assert.Equal((422, "second-person-needed"), (other.Status, (string?)other.Body!["code"]));
        Assert.Null(Find("eve"));
    }

    [Fact]
    public async Task Key_ThatMayDecide_IsNoKeyUntilAnotherPersonApprovedIt()
    {
        using var ben = await SecondAsync();
        var plain = await _ann.CallAsync("POST", "/v1/api-keys", Key("vends:read"));
        var asked = await _ann.CallAsync("POST", "/v1/api-keys", Key("tariffs:activate"));
        var listed = await ben.CallAsync("GET", "/v1/access-changes");
        using var holder = new HttpClient { BaseAddress = _server.Address };
        holder.DefaultRequestHeaders.Authorization = new("Bearer", (string)asked.Body!["key"]!["secret"]!);

        var early = await holder.SendAsync("GET", "/v1/me");
        _ = await ben.CallAsync("POST", $"/v1/access-changes/{asked.Body["id"]}/approval");
        var late = await holder.SendAsync("GET", "/v1/me");

        Assert.Equal((201, 202), (plain.Status, asked.Status));
        var item = Assert.Single(listed.Body!["items"]!.AsArray())!;
        Assert.Equal("operator:admin", (string?)item["askedBy"]);
        // Who looks at the list sees no secret and no password.
        Assert.Null((string?)item["key"]!["secret"]);
        Assert.DoesNotContain("password", item.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal((401, 200), (early.Status, late.Status));
    }

    [Fact]
    public async Task Change_WithdrawnOrOvertaken_IsNeverDone()
    {
        using var ben = await SecondAsync();
        var version = Version("second");
        var first = await _ann.CallAsync("PUT", "/v1/operators/second", Body(Role.Administrator, password: false), version);
        var other = await _ann.CallAsync("PUT", "/v1/operators/second", Body(Role.Clerk, password: false), version);
        var withdrawn = await _ann.CallAsync("PUT", "/v1/operators/eve", Body(Role.Administrator));

        var done = await ben.CallAsync("POST", $"/v1/access-changes/{other.Body!["id"]}/approval");
        var overtaken = await ben.CallAsync("POST", $"/v1/access-changes/{first.Body!["id"]}/approval");
        var gone = await _ann.CallAsync("DELETE", $"/v1/access-changes/{withdrawn.Body!["id"]}");
        var late = await ben.CallAsync("POST", $"/v1/access-changes/{withdrawn.Body["id"]}/approval");

        Assert.Equal((200, 204, 404), (done.Status, gone.Status, late.Status));
        Assert.Equal((422, "not-awaiting-approval"), (overtaken.Status, (string?)overtaken.Body!["code"]));
        Assert.Equal(Role.Clerk, Find("second")!.Role);
        Assert.Null(Find("eve"));
    }

    [Fact]
    public async Task Pages_NewAdministrator_WaitsAmongTheApprovalsAndTheOtherApproves()
    {
        using var ben = await SecondAsync();
        await _ann.GetAsync("/operators/new");
        await _ann.SendAsync("/operators/new", ("id", "eve"), ("name", "Eve"), ("role", "administrator"));
        Assert.Contains("A second person approves it.", _ann.Page, StringComparison.Ordinal);
        await _ann.GetAsync("/approvals");
        Assert.Contains("somebody else approves", _ann.Page, StringComparison.Ordinal);
        await ben.GetAsync("/approvals");
        var id = _server.Store.Read(session => Assert.Single(AccessChange.Waiting.List(session)).Id);

        await ben.SendAsync($"/approvals/access-changes/{id}");

        Assert.Equal(Role.Administrator, Find("eve")!.Role);
    }

    // Ann made him while she was alone.
    private async Task<PageUser> SecondAsync()
    {
        Assert.Equal(201, (await _ann.CallAsync("PUT", "/v1/operators/ben", $$"""{"name":"Ben","role":"administrator","password":"{{_server.Secrets.Password}}"}""")).Status);
        return await PersonAsync("ben");
    }

    private async Task<PageUser> PersonAsync(string name)
    {
        var person = await new PageUser(_server.Address).SignInAsync(name, _server.Secrets.Password);
        await person.GetAsync("/meters");
        return person;
    }

    private Operator? Find(string id) => _server.Store.Read(session => Operator.Table.Find(session, id))?.Value;

    private long? Version(string id) => _server.Store.Read(session => Operator.Table.Find(session, id))?.Version;

    private static string Body(Role role, bool password = true) =>
        $$"""{"name":"Somebody","role":"{{role.ToString().ToLowerInvariant()}}"{{(password ? ",\"password\":\"a long password\"" : "")}}}""";

    private static string Key(string scope) => $$"""{"name":"till","scopes":[{"scope":"{{scope}}"}]}""";
}
