using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpenSts.Vending.Hosting;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Operations;

namespace OpenSts.SystemTests.Vending;

/// <summary>What an operator watches: metrics, ends that come near, traces, the daily digest.</summary>
public sealed class WatchingTests : IAsyncLifetime
{
    private LiveServer _server = null!;
    private HttpClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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
    public async Task Metrics_AfterSalesAndAnUnknownOutcome_AreOfTheFormatAndSaySo()
    {
        _ = await _client.SendAsync("PUT", "/v1/vends/sale-0001", Sale());
        _server.Module.Before = _ => Task.FromException(new OpenSts.Sts6.SecurityModuleException("gone"));
        _ = await _client.SendAsync("PUT", "/v1/vends/sale-0002", Sale());
        _ = await _client.SendAsync("GET", "/nowhere/\"quoted\\path\"\n");
        var metrics = await MetricsAsync();

        Assert.Equal(1, metrics["opensts_issues{state=\"pending\"}"]);
        Assert.Equal(2, metrics["opensts_issues_total"]);
        Assert.Equal(1, metrics["opensts_requests_total{method=\"PUT\",route=\"/v1/vends/{id}\",status=\"504\"}"]);
        Assert.True(metrics["opensts_unknown_outcome_seconds"] is >= 0 and < 60);
        Assert.Equal(1, metrics["opensts_module_up"]);
        Assert.True(metrics["opensts_base_date_days_left{base_date=\"2014\",in_use=\"true\"}"] > 1000);
        Assert.True(metrics["opensts_base_date_days_left{base_date=\"1993\",in_use=\"false\"}"] < 0);
        Assert.Equal(0, metrics["opensts_deadlines{kind=\"base-date\",level=\"alarm\"}"]);
        Assert.Equal(1, metrics["opensts_reconciliation_in_order"]);
    }

    [Theory]
    [InlineData(91, null)]
    [InlineData(90, "notice")]
    [InlineData(31, "notice")]
    [InlineData(30, "warning")]
    [InlineData(8, "warning")]
    [InlineData(7, "alarm")]
    [InlineData(-1, "alarm")]
    public async Task Metrics_KeyThatExpires_RaisesTheLevelOfItsDays(int days, string? level)
    {
        // A key expiry number counts months or so of minutes; the test takes the clock to the day before the end.
        var number = Enumerable.Range(0, 255).Select(KeyExpiryNumber.FromNumber).First(ken => ken.LastMinute(BaseDate.Base2014) is { } end && end > DateTimeOffset.UtcNow);
        var end = number.LastMinute(BaseDate.Base2014)!.Value.AddMinutes(1);
        using var shop = new Shop();
        shop.ChangeGroup(group => group with { Keys = [.. group.Keys.Select((key, i) => i == 0 ? key with { KeyExpiryNumber = number.Value } : key)] });
        shop.Clock.Now = end - TimeSpan.FromDays(days) - TimeSpan.FromMinutes(1);
        var health = new ModuleHealth(shop.Module, shop.Settings, shop.Clock);
        _ = await health.AskAsync();
        var metrics = new PrometheusReading(new Metrics(shop.Store, health, new LastReconciliation(), shop.Clock).Write());

        var key = metrics["opensts_key_days_left{supply_group=\"123457\",revision=\"1\",key_type=\"Unique\",current=\"true\"}"];
        Assert.Equal(days, key);
        Assert.False(metrics.Has("opensts_key_days_left{supply_group=\"123457\",revision=\"2\",key_type=\"Unique\",current=\"false\"}"));
        foreach (var each in (string[])["notice", "warning", "alarm"])
            Assert.Equal(each == level ? 1 : 0, metrics[$"opensts_deadlines{{kind=\"key\",level=\"{each}\"}}"]);
        Assert.False(metrics.Has("opensts_reconciliation_in_order"));
    }

    [Fact]
    public async Task Health_ModuleGone_503AndTheGaugeFalls()
    {
        _server.Module.StatusFails = true;
        var (status, health, _) = await _client.SendAsync("GET", "/healthz");

        Assert.Equal(503, status);
        Assert.Equal("down", (string?)health!["module"]);
        Assert.Equal(0, (await MetricsAsync())["opensts_module_up"]);
    }

    [Fact]
    public async Task Sale_WithAListener_EverySpanHasTheIdAndNoneATokenOrCustomer()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "OpenSts.Vending",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);

        var (status, sale, _) = await _client.SendAsync("PUT", "/v1/vends/traced-0001", Sale());
        _server.Module.Before = _ => Task.FromException(new OpenSts.Sts6.SecurityModuleException("gone 12345678901234567890"));
        _ = await _client.SendAsync("PUT", "/v1/vends/traced-0002", Sale());

        Assert.Equal(201, status);
        var first = spans.Where(span => (string?)span.GetTagItem("opensts.issue.id") == "traced-0001").ToList();
        Assert.Equal(["issue", "issue.intent", "issue.module", "issue.result"], first.Select(span => span.OperationName).Order(StringComparer.Ordinal));
        _ = Assert.Single(first.Select(span => span.TraceId).Distinct());
        var failed = spans.Single(span => span.OperationName == "issue.module" && (string?)span.GetTagItem("opensts.issue.id") == "traced-0002");
        Assert.Equal((ActivityStatusCode.Error, "SecurityModuleException"), (failed.Status, failed.StatusDescription));
        var everything = string.Join('\n', spans.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Append(span.DisplayName).Append(span.StatusDescription)));
        Assert.DoesNotContain((string)sale!["tokens"]![0]!["tokens"]![0]!, everything, StringComparison.Ordinal);
        Assert.DoesNotContain("12345678901234567890", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("Mokoena", everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_OtlpEndpointInTheEnvironment_SpansArriveThere()
    {
        var folder = Directory.CreateTempSubdirectory("opensts-otlp-").FullName;
        var received = new ConcurrentQueue<(string Path, byte[] Body)>();
        using var collector = new HttpListener();
        var endpoint = $"http://127.0.0.1:{VendingCommand.FreePort()}/";
        collector.Prefixes.Add(endpoint);
        collector.Start();
        _ = CollectAsync(collector, received);
        try
        {
            using var module = new Serving("--test-registers");
            using var server = VendingCommand.Start([("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")],
                "serve", "--folder", Path.Combine(folder, "store"), "--listen", "http://127.0.0.1:0", "--module", $"127.0.0.1:{module.Port}");
            var (address, key) = await VendingCommand.FirstLinesAsync(server, Cancellation);
            using var client = new HttpClient { BaseAddress = address };
            client.DefaultRequestHeaders.Authorization = new("Bearer", key);
            var (_, sale, _) = await client.SendAsync("PUT", "/v1/vends/over-otlp-0001", Sale());
            VendingCommand.Terminate(server);
            Assert.True(server.WaitForExit(120_000));

            // What a span says is text in it; the end of the server sent what was left.
            var text = string.Concat(received.Where(post => post.Path == "/v1/traces").Select(post => Encoding.Latin1.GetString(post.Body)));
            foreach (var expected in (string[])["issue.module", "over-otlp-0001", "sts-vending", "OpenSts.Vending"])
                Assert.Contains(expected, text, StringComparison.Ordinal);
            Assert.DoesNotContain((string)sale!["tokens"]![0]!["tokens"]![0]!, text, StringComparison.Ordinal);
            Assert.DoesNotContain(key, text, StringComparison.Ordinal);
        }
        finally
        {
            collector.Stop();
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Digest_DayOfEveryKind_NamesWhoAskedWhoApprovedAndWhy()
    {
        using var shop = new Shop();
        shop.ChangeCustomer(customer => customer with { FreeAllocation = new() { Units = 50, Evidence = "decision 7", Expires = new DateOnly(2030, 1, 1), RegisteredBy = "a", ApprovedBy = "b" } });
        var clear = new EngineeringOrder(Shop.Pan, new EngineeringRequest(EngineeringKind.ClearTamper, 0, 0), "seal renewed", "W-17");
        shop.Clock.Now = new DateTimeOffset(2026, 11, 20, 23, 59, 30, TimeSpan.Zero);
        _ = await shop.Desk.EngineerAsync("eng-before", clear with { Reason = "the day before" }, Shop.Till);
        _ = await shop.Desk.ApproveAsync("eng-before", Shop.Second);
        shop.Clock.Now = new DateTimeOffset(2026, 11, 21, 0, 0, 30, TimeSpan.Zero);
        _ = await shop.SellAsync("sale-0001");
        _ = await shop.SellAsync("sale-0002");
        _ = await shop.Desk.EngineerAsync("eng-00001", clear, Shop.Till);
        _ = await shop.Desk.ApproveAsync("eng-00001", Shop.Second);
        _ = await shop.Desk.EngineerAsync("eng-00002", clear with { Reason = "nobody looked yet" }, Shop.Till);
        _ = await shop.Desk.ReplaceAsync("repl-0001", new ReplacementOrder("sale-0002", "paper lost", null), Shop.Till);
        _ = await shop.Desk.ApproveAsync("repl-0001", Shop.Second);
        shop.Clock.Now = shop.Clock.Now.AddDays(1);
        _ = await shop.Desk.EngineerAsync("test-00001", new EngineeringOrder(null, new EngineeringRequest(EngineeringKind.Test, 0, 0), "the day after", null), Shop.Till);

        var report = DailyDigest.Run(shop.Store, shop.Settings, new DateOnly(2026, 11, 21));
        var text = DailyDigest.Text(report, shop.Settings);

        Assert.Equal(["sale-0001", "eng-00001", "repl-0001"], report.Entries.Select(entry => entry.Issue));
        Assert.Equal(["free 50", "clear-tamper 0", "replacement 50"], report.Entries.Select(entry => entry.What));
        var engineering = report.Entries[1];
        Assert.Equal(("key:till", "key:second", "seal renewed", "W-17"), (engineering.AskedBy, engineering.ApprovedBy, engineering.Reason, engineering.WorkOrder));
        Assert.Equal("sale-0002", report.Entries[2].Original);
        Assert.Equal("eng-00002", Assert.Single(report.Waiting).Issue);
        Assert.Contains("1 engineering, 1 replacement, 1 free, 0 key change; 0 taken back; 1 waiting", text, StringComparison.Ordinal);
        Assert.Contains("asked for by key:till, approved by key:second", text, StringComparison.Ordinal);
        Assert.Contains("nobody approved", text, StringComparison.Ordinal);
        Assert.Equal(["eng-before"], DailyDigest.Run(shop.Store, shop.Settings, new DateOnly(2026, 11, 20)).Entries.Select(entry => entry.Issue));
        Assert.Equal(["test-00001"], DailyDigest.Run(shop.Store, shop.Settings, new DateOnly(2026, 11, 22)).Entries.Select(entry => entry.Issue));
        Assert.Empty(DailyDigest.Run(shop.Store, shop.Settings, new DateOnly(2026, 11, 23)).Entries);
    }

    [Fact]
    public async Task Digest_OverTheApi_IsJsonAndText()
    {
        _ = await _client.SendAsync("PUT", "/v1/engineering-tokens/test-00001", """{"kind":"test","reason":"display"}""");
        var (status, body, _) = await _client.SendAsync("GET", "/v1/reports/digest");
        var (_, _, text) = await _client.SendAsync("GET", "/v1/reports/digest?format=text");

        Assert.Equal(200, status);
        Assert.Equal("test-00001", (string?)body!["entries"]![0]!["issue"]);
        Assert.Equal("text/plain", text.Content.Headers.ContentType!.MediaType);
        Assert.Contains("display", await text.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(400, (await _client.SendAsync("GET", "/v1/reports/digest?day=today")).Status);
        Assert.Equal(400, (await _client.SendAsync("GET", "/v1/reports/digest?format=xml")).Status);
    }

    private async Task<PrometheusReading> MetricsAsync()
    {
        // The first reconciliation comes with the first step of the background.
        var last = _server.Services.GetRequiredService<LastReconciliation>();
        for (var i = 0; i < 100 && last.Report is null; i++)
            await Task.Delay(50, Cancellation);
        return new PrometheusReading(await _client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancellation));
    }

    private static async Task CollectAsync(HttpListener collector, ConcurrentQueue<(string Path, byte[] Body)> received)
    {
        try
        {
            while (true)
            {
                var call = await collector.GetContextAsync();
                var body = new MemoryStream();
                await call.Request.InputStream.CopyToAsync(body);
                received.Enqueue((call.Request.Url!.AbsolutePath, body.ToArray()));
                call.Response.ContentType = "application/x-protobuf";
                call.Response.Close();
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
        }
    }

    private static string Sale() => $$"""{"meter":"{{Pan}}","tender":"10","vendor":"corner-shop"}""";
}
