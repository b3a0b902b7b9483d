using System.Text;
using System.Text.Json.Nodes;
using OpenSts.Vending.Access;
using OpenSts.Vending.Api;
using OpenSts.Vending.Hosting;

namespace OpenSts.SystemTests.Vending;

public sealed class ApiTests : IAsyncLifetime
{
    private LiveServer _server = null!;
    private HttpClient _client = null!;

    private static string Pan => FirstStart.DemonstrationMeter.ToString();

    public async ValueTask InitializeAsync()
    {
        _server = await LiveServer.StartAsync();
        _client = _server.Client();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Vend_TwiceWithOneId_CreatedThenTheSameBody()
    {
        var (first, body, answer) = await _client.SendAsync("PUT", "/v1/vends/sale-0001", Sale("100.00"));
        var (second, again, _) = await _client.SendAsync("PUT", "/v1/vends/sale-0001", Sale("100.00"));
        var (conflict, problem, _) = await _client.SendAsync("PUT", "/v1/vends/sale-0001", Sale("100.01"));
        var (looked, found, _) = await _client.SendAsync("GET", "/v1/vends/sale-0001");

        Assert.Equal(201, first);
        Assert.Equal("/v1/vends/sale-0001", answer.Headers.Location!.ToString());
        Assert.Equal(200, second);
        Assert.Equal(body!.ToJsonString(), again!.ToJsonString());
        Assert.Equal(body.ToJsonString(), found!.ToJsonString());
        Assert.Equal(200, looked);
        Assert.Equal(409, conflict);
        Assert.Equal("vend-exists-with-different-content", (string?)problem!["code"]);
        Assert.Equal(20, ((string?)body["tokens"]![0]!["tokens"]![0])!.Length);
        Assert.Equal("100.00", (string?)body["price"]!["tender"]);
    }

    [Fact]
    public async Task Vend_ModuleGone_504ThenResolvedByTheSameId()
    {
        _server.Module.Before = _ => Task.FromException(new OpenSts.Sts6.SecurityModuleException("gone"));
        var (unknown, problem, answer) = await _client.SendAsync("PUT", "/v1/vends/sale-0001", Sale("50"));
        var (_, pending, _) = await _client.SendAsync("GET", "/v1/vends/sale-0001");
        _server.Module.Before = null;
        var (resolved, body, _) = await _client.SendAsync("PUT", "/v1/vends/sale-0001", Sale("50"));

        Assert.Equal(504, unknown);
        Assert.Equal("outcome-unknown", (string?)problem!["code"]);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal("pending", (string?)pending!["state"]);
        Assert.Null(pending["tokens"]);
        Assert.Equal(201, resolved);
        Assert.Equal("issued", (string?)body!["state"]);
    }

    [Theory]
    [InlineData("no body", "", "meter")]
    [InlineData("not JSON", "{", null)]
    [InlineData("a list", "[]", "(body)")]
    [InlineData("number as money", """{"meter":"PAN","tender":100,"vendor":"corner-shop"}""", "tender")]
    [InlineData("exponent", """{"meter":"PAN","tender":"1e2","vendor":"corner-shop"}""", "tender")]
    [InlineData("negative", """{"meter":"PAN","tender":"-1","vendor":"corner-shop"}""", "tender")]
    [InlineData("too many decimals", """{"meter":"PAN","tender":"1.001","vendor":"corner-shop"}""", "tender")]
    [InlineData("unknown field", """{"meter":"PAN","tender":"1","vendor":"corner-shop","x":1}""", "x")]
    [InlineData("field twice", """{"meter":"PAN","tender":"1","tender":"2","vendor":"corner-shop"}""", "tender")]
    [InlineData("check digit", """{"meter":"600727000000000018","tender":"1","vendor":"corner-shop"}""", "meter")]
    [InlineData("half a surrogate", """{"meter":"PAN","tender":"10","vendor":"\ud800"}""", "vendor")]
    [InlineData("control character", """{"meter":"PAN","tender":"10","vendor":"a\u0000b"}""", "vendor")]
    public async Task Vend_BadBody_400NamesTheField(string description, string json, string? field)
    {
        var (status, problem, _) = await _client.SendAsync("PUT", "/v1/vends/sale-0001", json.Replace("PAN", Pan, StringComparison.Ordinal));

        Assert.True(status is 400 or 422, $"{description}: {status}");
        Assert.Equal(field, (string?)problem!["field"]);
        Assert.Equal(0, _server.Module.Asked);
        Assert.Equal(404, (await _client.SendAsync("GET", "/v1/vends/sale-0001")).Status);
    }

    [Fact]
    public async Task Routes_EveryRowWithoutAKeyOrScope_401Or403()
    {
        var bare = await Key("bare", "audit:read");
        using var stranger = new HttpClient { BaseAddress = _server.Address };
        using var poor = new HttpClient { BaseAddress = _server.Address };
        poor.DefaultRequestHeaders.Authorization = new("Bearer", bare);
        foreach (var route in VendingHost.Routes(_server.Services))
        {
            Assert.NotEqual(Permission.Anybody, route.Needs);
            var path = route.Path.Replace("{id}", "something1", StringComparison.Ordinal).Replace("{pan}", Pan, StringComparison.Ordinal);
            var (unknown, _, _) = await stranger.SendAsync(route.Method, path, route.Method == "GET" ? null : "{}");
            var (lacking, _, _) = await poor.SendAsync(route.Method, path, route.Method == "GET" ? null : "{}");

            Assert.True(unknown == 401, $"{route.Method} {path}: {unknown}");
            Assert.True(route.Needs is Permission.AuditRead or Permission.KnownCaller ? lacking < 500 : lacking == 403, $"{route.Method} {path}: {lacking}");
        }
    }

    [Fact]
    public async Task Routes_RandomRubbishOnEveryRow_Never500()
    {
        var random = new Random(2026);
        foreach (var route in VendingHost.Routes(_server.Services))
        {
            for (var i = 0; i < 60; i++)
            {
                var path = route.Path.Replace("{id}", Uri.EscapeDataString(Rubbish(random, 12)), StringComparison.Ordinal).Replace("{pan}", random.Next(2) == 0 ? Pan : Uri.EscapeDataString(Rubbish(random, 12)), StringComparison.Ordinal);
                if (route.Method == "GET")
                    path += $"?limit={Uri.EscapeDataString(Rubbish(random, 3))}&cursor={Uri.EscapeDataString(Rubbish(random, 9))}&from={Uri.EscapeDataString(Rubbish(random, 9))}";
                var (status, body, _) = await _client.SendAsync(route.Method, path, route.Method == "GET" ? null : Body(route, random).ToJsonString());

                Assert.True(status != 500, $"{route.Method} {path}: {body}");
            }
        }
    }

    [Fact]
    public async Task Put_MeterVersions_428Then412Then200()
    {
        var (_, _, answer) = await _client.SendAsync("GET", $"/v1/meters/{Pan}");
        const string json = """{"supplyGroup":"201457","keyRevisionNumber":1,"tariffIndex":"01","tariff":"business","customer":"c1"}""";
        var (missing, _, _) = await _client.SendAsync("PUT", $"/v1/meters/{Pan}", json);
        var (stale, _, _) = await _client.SendAsync("PUT", $"/v1/meters/{Pan}", json, ("If-Match", "\"99\""));
        var (good, body, _) = await _client.SendAsync("PUT", $"/v1/meters/{Pan}", json, ("If-Match", answer.Headers.ETag!.Tag));
        var (unchanged, _, _) = await _client.SendAsync("GET", $"/v1/meters/{Pan}", null, ("If-None-Match", "\"2\""));

        Assert.Equal(428, missing);
        Assert.Equal(412, stale);
        Assert.Equal(200, good);
        Assert.Equal("business", (string?)body!["tariff"]);
        Assert.Equal(304, unchanged);
    }

    [Fact]
    public async Task List_MetersByTwo_EveryMeterOnce()
    {
        var seen = new List<string>();
        var path = "/v1/meters?limit=2";
        while (true)
        {
            var (status, page, _) = await _client.SendAsync("GET", path);
            Assert.Equal(200, status);
            seen.AddRange(page!["items"]!.AsArray().Select(item => (string)item!["pan"]!));
            if (page["next"] is not { } next)
                break;
            path = $"/v1/meters?limit=2&cursor={(string?)next}";
        }

        Assert.Equal(14, seen.Count);
        Assert.Equal(seen.Distinct().Order(StringComparer.Ordinal), seen);
    }

    [Fact]
    public async Task Deposit_SameIdempotencyKeyOrReference_BookedOnce()
    {
        const string json = """{"amount":"10.00","reference":"slip-7"}""";
        var (_, first, _) = await _client.SendAsync("POST", "/v1/vendors/corner-shop/deposits", json, ("Idempotency-Key", "k1"));
        var (_, second, _) = await _client.SendAsync("POST", "/v1/vendors/corner-shop/deposits", json, ("Idempotency-Key", "k1"));
        var (_, third, _) = await _client.SendAsync("POST", "/v1/vendors/corner-shop/deposits", json);
        var (reused, _, _) = await _client.SendAsync("POST", "/v1/vendors/corner-shop/deposits", """{"amount":"11.00","reference":"slip-8"}""", ("Idempotency-Key", "k1"));

        Assert.Equal("50010.00", (string?)first!["wallet"]);
        Assert.Equal("50010.00", (string?)second!["wallet"]);
        Assert.Equal("50010.00", (string?)third!["wallet"]);
        Assert.Equal(422, reused);
    }

    [Fact]
    public async Task Tariff_DraftActivatedByItsWriter_Refused()
    {
        const string json = """{"name":"New","blocks":[{"upTo":"50","rate":"1.5"},{"rate":"2.5"}],"taxPercent":"15","minimum":"5","maximum":"500"}""";
        var (created, _, _) = await _client.SendAsync("PUT", "/v1/tariff-drafts/new", json);
        var (own, problem, _) = await _client.SendAsync("POST", "/v1/tariff-drafts/new/activation", "{}");
        using var second = new HttpClient { BaseAddress = _server.Address };
        second.DefaultRequestHeaders.Authorization = new("Bearer", await Key("second", "tariffs:activate"));
        var (activated, tariff, _) = await second.SendAsync("POST", "/v1/tariff-drafts/new/activation", "{}");
        var (_, trial, _) = await _client.SendAsync("POST", "/v1/tariffs/new/trial", """{"tender":"115"}""");

        Assert.Equal(201, created);
        Assert.Equal(422, own);
        Assert.Equal("second-person-needed", (string?)problem!["code"]);
        Assert.Equal(200, activated);
        Assert.Equal("active", (string?)tariff!["state"]);
        Assert.Equal("60", (string?)trial!["units"]);
    }

    [Fact]
    public async Task Receipts_Printed_FirstOriginalThenCopies()
    {
        _ = await _client.SendAsync("PUT", "/v1/vends/sale-0001", Sale("100.00"));
        async Task<string> Print(string json) => await (await _client.SendAsync("POST", "/v1/vends/sale-0001/receipts", json)).Answer.Content.ReadAsStringAsync();
        var original = await Print("{}");
        var copy = await Print("""{"form":"text32","language":"fr"}""");
        var html = await Print("""{"form":"html58"}""");

        Assert.DoesNotContain("COPY", original, StringComparison.Ordinal);
        Assert.Contains("COPIE 1", copy, StringComparison.Ordinal);
        Assert.Contains("COPY 2", html, StringComparison.Ordinal);
        Assert.All(original.Split('\n'), line => Assert.True(line.Length <= 48, line));
        Assert.All(copy.Split('\n'), line => Assert.True(line.Length <= 32, line));
        Assert.Equal(1, _server.Module.Asked);
    }

    [Fact]
    public async Task Explain_SoldToken_SaysWhereItWasSoldAndThatItOpens()
    {
        var (_, sale, _) = await _client.SendAsync("PUT", "/v1/vends/sale-0001", Sale("100.00"));
        var token = (string)sale!["tokens"]![0]!["tokens"]![0]!;
        var (status, found, _) = await _client.SendAsync("POST", "/v1/token-explanations", $$"""{"token":"{{token}}","meter":"{{Pan}}"}""");
        var wrong = token[..^1] + (token[^1] == '1' ? '2' : '1');
        var (_, rejected, _) = await _client.SendAsync("POST", "/v1/token-explanations", $$"""{"token":"{{wrong}}","meter":"{{Pan}}"}""");

        Assert.Equal(200, status);
        Assert.Equal("Accept", (string?)found!["answer"]);
        Assert.Equal("sale-0001", (string?)found["issue"]);
        Assert.Equal("CRCError", (string?)rejected!["answer"]);
    }

    [Fact]
    public async Task Documents_OpenApiHealthMetricsProblems_AreThere()
    {
        var (_, document, _) = await _client.SendAsync("GET", "/openapi.json");
        var (health, state, _) = await _client.SendAsync("GET", "/healthz");
        var metrics = await _client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("3.1.0", (string?)document!["openapi"]);
        Assert.Equal(VendingHost.Routes(_server.Services).Count, document["paths"]!.AsObject().Sum(path => path.Value!.AsObject().Count));
        Assert.Equal(200, health);
        Assert.Equal("up", (string?)state!["module"]);
        Assert.Contains("opensts_module_up 1", metrics, StringComparison.Ordinal);
        foreach (var kind in ProblemCatalogue.All)
            Assert.Contains(kind.Code, await _client.GetStringAsync(new Uri("/problems/" + kind.Code, UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vendor_KeyOfAnotherVendor_SeesNothingOfIt()
    {
        _ = await _client.SendAsync("PUT", "/v1/vends/sale-0001", Sale("100.00"));
        var (_, made, _) = await _client.SendAsync("POST", "/v1/api-keys", """{"name":"other","vendor":"other","scopes":[{"scope":"vends:read"},{"scope":"vends:write"},{"scope":"vendors:read"}]}""");
        using var other = new HttpClient { BaseAddress = _server.Address };
        other.DefaultRequestHeaders.Authorization = new("Bearer", (string?)made!["secret"]);

        Assert.Equal(404, (await other.SendAsync("GET", "/v1/vends/sale-0001")).Status);
        Assert.Equal(404, (await other.SendAsync("POST", "/v1/vends/sale-0001/receipts", "{}")).Status);
        Assert.Empty((await other.SendAsync("GET", "/v1/vends")).Body!["items"]!.AsArray());
        Assert.NotEqual(200, (await other.SendAsync("PUT", "/v1/vends/sale-0001", Sale("100.00"))).Status);
        Assert.Equal("original-unknown", (string?)(await other.SendAsync("PUT", "/v1/replacements/repl-0001", """{"original":"sale-0001","reason":"lost it"}""")).Body!["code"]);
        Assert.Equal(404, (await other.SendAsync("GET", "/v1/vendors/corner-shop")).Status);
        Assert.Equal(404, (await other.SendAsync("GET", "/v1/vendors/corner-shop/entries")).Status);
        Assert.Empty((await other.SendAsync("GET", "/v1/vendors")).Body!["items"]!.AsArray());
    }

    [Fact]
    public async Task Operators_KeyThatMayOnlyLookAfterOperators_MakesNobodyWhoMayMore()
    {
        using var limited = new HttpClient { BaseAddress = _server.Address };
        limited.DefaultRequestHeaders.Authorization = new("Bearer", await Key("personnel", "operators:write"));
        const string boss = """{"name":"Boss","role":"administrator","password":"a long password"}""";

        var made = await limited.SendAsync("PUT", "/v1/operators/boss", boss);
        var changed = await limited.SendAsync("PUT", "/v1/operators/admin", boss, ("If-Match", "\"1\""));

        Assert.Equal((403, "forbidden"), (made.Status, (string?)made.Body!["code"]));
        Assert.Equal(403, changed.Status);
    }

    private async Task<string> Key(string name, string scope)
    {
        var (status, body, _) = await _client.SendAsync("POST", "/v1/api-keys", $$"""{"name":"{{name}}","scopes":[{"scope":"{{scope}}"}]}""");
        Assert.Equal(201, status);
        return (string)body!["secret"]!;
    }

    private static string Sale(string tender) => $$"""{"meter":"{{Pan}}","tender":"{{tender}}","vendor":"corner-shop"}""";

    private static JsonObject Body(ApiRoute route, Random random) => Object(route.Body, random);

    // Mostly well formed, so that the rubbish reaches what lies behind the checks.
    private static JsonObject Object(IReadOnlyList<FieldSpec> fields, Random random)
    {
        var body = new JsonObject();
        foreach (var field in fields)
        {
            if (!field.Required && random.Next(2) == 0)
                continue;
            body[field.Name] = random.Next(12) == 0 ? Rubbish(random, 30) : field.Form switch
            {
                FieldForm.Text => Rubbish(random, (int)Math.Max(field.Least, Math.Min(20, field.Most))),
                FieldForm.Decimal => new[] { field.Least, field.Most, (field.Least + field.Most) / 3 }[random.Next(3)].ToString("0.######"),
                FieldForm.Whole => (long)new[] { field.Least, field.Most, decimal.Floor((field.Least + field.Most) / 3) }[random.Next(3)],
                FieldForm.Flag => random.Next(2) == 0,
                FieldForm.Choice => field.Choices[random.Next(field.Choices.Count)],
                FieldForm.Meter => Pan,
                FieldForm.SupplyGroup => "201457",
                FieldForm.TariffIndex => "07",
                FieldForm.Date => "2099-12-31",
                FieldForm.Object => Object(field.Fields, random),
                _ => new JsonArray([.. Enumerable.Range(0, (int)Math.Max(1, Math.Min(3, field.Most))).Select(_ => Object(field.Fields, random))]),
            };
        }

        return body;
    }

    private static string Rubbish(Random random, int length)
    {
        const string letters = "abcXYZ019.-_ ~'\"<>&%;/\\é漢";
        var text = new StringBuilder();
        while (text.Length < length)
            _ = text.Append(letters[random.Next(letters.Length)]);
        return text.ToString();
    }
}
