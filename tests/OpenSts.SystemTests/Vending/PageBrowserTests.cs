using Microsoft.Playwright;
using OpenSts.Vending.Access;
using OpenSts.Vending.Hosting;
using OpenSts.Vending.Pages;

namespace OpenSts.SystemTests.Vending;

/// <summary>The pages in a real browser: with the keyboard alone, on small and large screens, in the light and in the dark, without scripts.</summary>
public sealed partial class PageBrowserTests : IAsyncLifetime
{
    private static readonly string Meter = FirstStart.DemonstrationMeter.ToString();

    // Reading widths: 320 px is 1280 at 400 %, 640 is 1280 at 200 %.
    private static readonly int[] Widths = [320, 360, 640, 768, 1440];

    private LiveServer _server = null!;
    private Browser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await LiveServer.StartAsync();
        _browser = await Browser.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Sale_KeyboardOnly_FourKeysAfterTheScanAndEscapeGoesBack()
    {
        var page = await _browser.OpenAsync(_server.Address);
        var keys = page.Keyboard;
        _ = await page.GotoAsync("/");
        await keys.TypeAsync("clerk");
        await keys.PressAsync("Tab");
        await keys.TypeAsync(_server.Secrets.Password);
        await keys.PressAsync("Enter");
        await page.WaitForSelectorAsync("#float");
        await keys.PressAsync("Enter");
        await page.WaitForSelectorAsync("#meter:focus");

        // A scanner types the number and Enter. Then: 5, 0, Enter, Enter.
        await keys.TypeAsync(Meter);
        await keys.PressAsync("Enter");
        await page.WaitForSelectorAsync("#amount:focus");
        await keys.PressAsync("5");
        await keys.PressAsync("0");
        await keys.PressAsync("Enter");
        await page.WaitForSelectorAsync(".total");
        await keys.PressAsync("Enter");
        await page.WaitForSelectorAsync(".tokens .token");
        var sold = await page.Locator(".tokens .token").First.InnerTextAsync();
        Assert.Equal(20, sold.Count(char.IsAsciiDigit));
        Assert.Equal(1, _server.Module.Asked);

        // F4 prints it in a window of its own; Enter is the next sale.
        var receipt = await page.RunAndWaitForPopupAsync(() => keys.PressAsync("F4"));
        await receipt.WaitForLoadStateAsync();
        Assert.Contains("Demonstration Utility", await receipt.InnerTextAsync("body"), StringComparison.Ordinal);
        await receipt.CloseAsync();
        await page.Locator("a[data-escape]").FocusAsync();
        await keys.PressAsync("Enter");
        await page.WaitForSelectorAsync("#meter:focus");

        // Escape goes back a step, and what was typed is still there; one key shows the last sales.
        await keys.TypeAsync(Meter);
        await keys.PressAsync("Enter");
        await page.WaitForSelectorAsync("#amount:focus");
        await keys.TypeAsync("75");
        await keys.PressAsync("Enter");
        await page.WaitForSelectorAsync(".total");
        await keys.PressAsync("Escape");
        await page.WaitForSelectorAsync("#amount:focus");
        Assert.Equal("75", await page.InputValueAsync("#amount"));
        await keys.PressAsync("Escape");
        await page.WaitForSelectorAsync("#meter:focus");
        await keys.PressAsync("F2");
        await page.WaitForSelectorAsync("#recent a:focus");
        Assert.Equal(1, await page.Locator("#recent tbody tr").CountAsync());
        Assert.Equal(1, _server.Module.Asked);
    }

    [Fact]
    public async Task Sale_WithoutScripts_SellsAndTheWallReloadsItself()
    {
        var page = await _browser.OpenAsync(_server.Address, scripts: false);
        await page.SignInAsync("clerk", _server.Secrets.Password);
        await page.ClickAsync("main button");
        await page.FillAsync("#meter", Meter);
        await page.ClickAsync("main button");
        await page.FillAsync("#amount", "50");
        await page.ClickAsync("main button");
        await page.ClickAsync("main button");
        Assert.Equal(20, (await page.Locator(".tokens .token").First.InnerTextAsync()).Count(char.IsAsciiDigit));

        _ = await page.GotoAsync("/wall");
        Assert.Equal(1, await page.Locator("meta[http-equiv=refresh]").CountAsync());
    }

    [Fact]
    public async Task Wall_NewReading_ShowsWithoutReloadingUntilItIsHeldStill()
    {
        using var client = _server.Client();
        async Task ReadAsync(string credit, string more = "") => Assert.Equal(200, (await client.SendAsync("POST", "/v1/meter-readings", $$"""{"readings":[{"meter":"{{Meter}}","credit":"{{credit}}","load":640{{more}}}]}""")).Status);
        await ReadAsync("12.3");
        var page = await _browser.OpenAsync(_server.Address);
        await page.SignInAsync("clerk", _server.Secrets.Password);
        _ = await page.GotoAsync("/wall");
        await page.WaitForSelectorAsync(".closed >> text=12.3");
        await ReadAsync("0", ",\"openBecause\":\"no-credit\",\"lastResult\":\"UsedError\",\"lastSecondsAgo\":1");
        await page.WaitForSelectorAsync(".open >> text=no credit");
        await page.WaitForSelectorAsync(".verdict.bad >> text=UsedError");
        await ReadAsync("62.3", ",\"lastResult\":\"Accept\",\"lastAmount\":\"50\",\"lastSecondsAgo\":0");
        await page.WaitForSelectorAsync(".verdict.good >> text=+50.0 kWh");
        await page.ClickAsync("#hold");
        await ReadAsync("1");
        await page.WaitForTimeoutAsync(2500);
        Assert.Contains("62.3", await page.InnerTextAsync("#wall"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("html80", 80)]
    [InlineData("html58", 58)]
    [InlineData("html-a4", 210)]
    public async Task Receipt_OfKeyChangeAndCredit_PrintsOnOnePageOfItsPaper(string form, int millimetres)
    {
        using var client = _server.Client();
        var to = $$"""{"supplyGroup":"{{FirstStart.DemonstrationGroup}}","keyRevisionNumber":2,"keyType":"DUTK","tariffIndex":"01"}""";
        Assert.Equal(201, (await client.SendAsync("PUT", "/v1/key-changes/prepared-1", $$"""{"meter":"{{Meter}}","to":{{to}},"reason":"new revision"}""")).Status);
        Assert.Equal(201, (await client.SendAsync("PUT", "/v1/vends/prepared-2", $$"""{"meter":"{{Meter}}","tender":"850","cash":"1000","vendor":"corner-shop"}""")).Status);
        var (status, _, answer) = await client.SendAsync("POST", "/v1/vends/prepared-2/receipts", $$"""{"form":"{{form}}"}""");
        Assert.Equal(200, status);
        var page = await _browser.OpenAsync(_server.Address);
        await page.SetContentAsync(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var pdf = await page.PdfAsync(new PagePdfOptions { PreferCSSPageSize = true });
        if (Screens is { } folder)
            await File.WriteAllBytesAsync(Path.Combine(folder, form + ".pdf"), pdf, TestContext.Current.CancellationToken);

        var text = System.Text.Encoding.Latin1.GetString(pdf);
        var box = MediaBox().Matches(text);
        Assert.Equal(millimetres * 72 / 25.4, double.Parse(Assert.Single(box).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), 1.5);
        Assert.Equal(0, await page.EvaluateAsync<int>($"() => {{ document.body.style.width = '{millimetres}mm'; return document.body.scrollWidth - document.body.clientWidth; }}"));
    }

    [Fact]
    public async Task Pages_EveryOne_NothingSeriousForAxeAndNoSidewaysScroll()
    {
        var page = await _browser.OpenAsync(_server.Address);
        var visits = await PrepareAsync(page);
        var faults = new List<string>();
        foreach (var path in visits)
        {
            _ = await page.GotoAsync(path);
            await page.EvaluateAsync("() => document.querySelectorAll('main details').forEach(d => d.open = true)");
            await FindSidewaysAsync(page, path, Widths, faults);
            foreach (var (scheme, width) in ((ColorScheme, int)[])[(ColorScheme.Light, 360), (ColorScheme.Dark, 1440)])
            {
                await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
                await page.SetViewportSizeAsync(width, 900);
                faults.AddRange((await Browser.SeriousAsync(page)).Select(fault => $"{path}, {scheme}, {width} px: {fault}"));
            }

            if (Screens is { } folder)
                await ShootAsync(page, path, folder);
        }

        // Longer words on the smallest screen.
        _server.Store.Write(session => Operator.Table.Find(session, "admin") is { } admin && Operator.Table.TryReplace(session, "admin", admin.Version, admin.Value with { Language = "fr" }));
        foreach (var path in visits)
        {
            _ = await page.GotoAsync(path);
            await page.EvaluateAsync("() => document.querySelectorAll('main details').forEach(d => d.open = true)");
            await FindSidewaysAsync(page, path + " in French", [320, 1440], faults);
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static async Task FindSidewaysAsync(IPage page, string path, IEnumerable<int> widths, List<string> faults)
    {
        foreach (var width in widths)
        {
            await page.SetViewportSizeAsync(width, 900);
            var over = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (over > 0)
                faults.Add($"{path} at {width} px scrolls sideways by {over} px: {await page.EvaluateAsync<string>("() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll') && !e.closest('.skip')).slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(' | ')")}");
        }
    }

    // For a person to look at: OPENSTS_SCREENS names a folder.
    private static string? Screens => Environment.GetEnvironmentVariable("OPENSTS_SCREENS");

    private static async Task ShootAsync(IPage page, string path, string folder)
    {
        _ = await page.GotoAsync(path);
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            foreach (var width in (int[])[360, 768, 1440])
            {
                await page.SetViewportSizeAsync(width, 900);
                _ = await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{path.Trim('/').Replace('/', '_').Replace('?', '_')}-{scheme}-{width}.png".ToLowerInvariant()), FullPage = true });
            }
        }
    }

    // Something in every page: a shift, sales, an engineering token that waits, a reading of the wall, an approval, a draft.
    private async Task<IReadOnlyList<string>> PrepareAsync(IPage page)
    {
        using var client = _server.Client();
        async Task CallAsync(string method, string path, string json) => Assert.InRange((await client.SendAsync(method, path, json)).Status, 200, 204);
        foreach (var (at, tender) in ((int, int)[])[(1, 100), (2, 350), (3, 60)])
            await CallAsync("PUT", $"/v1/vends/prepared-{at}", $$"""{"meter":"{{Meter}}","tender":"{{tender}}","vendor":"corner-shop"}""");
        await CallAsync("PUT", "/v1/engineering-tokens/prepared-4", $$"""{"meter":"{{Meter}}","kind":"power-limit","value":3000,"reason":"the board was changed","workOrder":"W-17"}""");
        await CallAsync("PUT", "/v1/replacements/prepared-5", """{"original":"prepared-1","reason":"the receipt was lost"}""");
        await CallAsync("POST", "/v1/customers/c1/free-allocation", """{"units":"50","evidence":"decision 12/2026","expires":"2027-12-31"}""");
        await CallAsync("PUT", "/v1/tariff-drafts/farm", """{"name":"Farm","blocks":[{"upTo":"100","rate":"2.1"},{"rate":"2.9"}]}""");
        await CallAsync("POST", "/v1/meter-readings", $$"""
            {"readings":[{"meter":"{{Meter}}","credit":"48.7","used":"310.2","load":1240,"keyRevisionNumber":1,"lastResult":"Accept","lastAmount":"50","lastSecondsAgo":3},
            {"meter":"00000000026","credit":"0","load":0,"openBecause":"no-credit","keyRevisionNumber":1,"lastResult":"UsedError","lastSecondsAgo":95},
            {"meter":"00000000034","credit":"7.1","load":320,"keyRevisionNumber":2,"lastResult":"CRCError","lastSecondsAgo":4000,"lockedSeconds":118}]}
            """);
        await page.SignInAsync("admin", _server.Secrets.Password);
        string[] before = ["/sale"];
        var routes = PageRoutes.Rows(_server.Services).Where(row => row.Method == "GET").Select(row => row.Path).ToHashSet(StringComparer.Ordinal);
        var visits = Visits.Select(visit => visit.Path).ToList();
        Assert.Empty(routes.Except(Visits.Select(visit => visit.Row)));
        _ = await page.GotoAsync(before[0]);
        await page.ClickAsync("main button");
        await page.WaitForSelectorAsync("#meter");
        return visits;
    }

    // Each row of a page that is looked at, and what is looked at; a page that is missing here fails the test.
    private static readonly (string Row, string Path)[] Visits =
    [
        ("/", "/sale"),
        ("/problems/{code}", "/problems/meter-blocked"),
        ("/sign-in", "/sign-in"),
        ("/sale", "/sale"),
        ("/sale/amount", $"/sale/amount?meter={Meter}"),
        ("/sale/amount", $"/sale/amount?meter=123"),
        ("/sale/confirm", $"/sale/confirm?meter={Meter}&vendor=corner-shop&amount=100&cash=200"),
        ("/sale/confirm", $"/sale/confirm?meter={Meter}&vendor=corner-shop&amount=1"),
        ("/sales/{id}", "/sales/prepared-2"),
        ("/sales/{id}", "/sales/prepared-4"),
        ("/shifts", "/shifts"),
        ("/shifts/closing", "/shifts/closing"),
        ("/meters", "/meters"),
        ("/meters/new", "/meters/new"),
        ("/meters/{pan}", $"/meters/{Meter}"),
        ("/customers", "/customers"),
        ("/customers/new", "/customers/new"),
        ("/customers/{id}", "/customers/c1"),
        ("/explain", "/explain"),
        ("/wall", "/wall"),
        ("/wall/now", "/wall"),
        ("/approvals", "/approvals"),
        ("/engineering", "/engineering"),
        ("/vendors", "/vendors"),
        ("/vendors/new", "/vendors/new"),
        ("/vendors/{id}", "/vendors/corner-shop"),
        ("/tariffs", "/tariffs"),
        ("/tariffs/new", "/tariffs/new"),
        ("/tariffs/{id}", "/tariffs/household?tender=100"),
        ("/report", "/report"),
        ("/report.csv", "/report"),
        ("/digest", "/digest"),
        ("/digest", "/digest?day=tomorrow"),
        ("/board", "/board"),
        ("/supply-groups", "/supply-groups"),
        ("/operators", "/operators"),
        ("/operators/new", "/operators/new"),
        ("/operators/{id}", "/operators/clerk"),
        ("/api-keys", "/api-keys"),
    ];

    [System.Text.RegularExpressions.GeneratedRegex("/MediaBox ?\\[ ?0 0 ([0-9.]+)")]
    private static partial System.Text.RegularExpressions.Regex MediaBox();
}
