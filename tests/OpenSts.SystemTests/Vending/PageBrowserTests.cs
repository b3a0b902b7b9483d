using Microsoft.Playwright;
using OpenSts.Vending.Access;
using OpenSts.Vending.Hosting;
using OpenSts.Vending.Issues;

namespace OpenSts.SystemTests.Vending;

/// <summary>The pages in a real browser: with the keyboard alone, on small and large screens, in the light and in the dark, without scripts.</summary>
public sealed partial class PageBrowserTests : CounterBrowserTests
{

    // Reading widths: 320 px is 1280 at 400 %, 640 is 1280 at 200 %.
    private static readonly int[] Widths = [320, 360, 640, 768, 1440];

    private protected override Task<LiveServer> StartAsync() => LiveServer.StartAsync();

    [Fact]
    public async Task Sale_WithoutScripts_SellsAndTheWallReloadsItself()
    {
        var page = await Window.OpenAsync(Server.Address, scripts: false);
        await page.SignInAsync("clerk", Server.Secrets.Password);
        await page.ClickAsync("main button:visible");
        await page.FillAsync("#meter", Meter);
        await page.ClickAsync("main button:visible");
        await page.FillAsync("#amount", "50");
        await page.ClickAsync("main button:visible");
        await page.ClickAsync("main button:visible");
        Assert.Equal(20, (await page.Locator(".tokens .token").First.InnerTextAsync()).Count(char.IsAsciiDigit));

        _ = await page.GotoAsync("/wall");
        Assert.Equal(1, await page.Locator("meta[http-equiv=refresh]").CountAsync());
    }

    [Fact]
    public async Task Wall_NewReading_ShowsWithoutReloadingUntilItIsHeldStill()
    {
        using var client = Server.Client();
        async Task ReadAsync(string credit, string more = "") => Assert.Equal(200, (await client.SendAsync("POST", "/v1/meter-readings", $$"""{"readings":[{"meter":"{{Meter}}","credit":"{{credit}}","load":640{{more}}}]}""")).Status);
        await ReadAsync("12.3");
        var page = await Window.OpenAsync(Server.Address);
        await page.SignInAsync("clerk", Server.Secrets.Password);
        _ = await page.GotoAsync("/wall");
        await page.WaitForSelectorAsync(".closed >> text=12.3");
        await ReadAsync("0", ",\"openBecause\":\"no-credit\",\"lastResult\":\"UsedError\",\"lastSecondsAgo\":1");
        await page.WaitForSelectorAsync(".open >> text=no credit");
        await page.WaitForSelectorAsync(".verdict.bad >> text=used before");
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
        using var client = Server.Client();
        var to = $$"""{"supplyGroup":"{{FirstStart.DemonstrationGroup}}","keyRevisionNumber":2,"keyType":"DUTK","tariffIndex":"01"}""";
        Assert.Equal(201, (await client.SendAsync("PUT", "/v1/key-changes/prepared-1", $$"""{"meter":"{{Meter}}","to":{{to}},"reason":"new revision"}""")).Status);
        Assert.Equal(201, (await client.SendAsync("PUT", "/v1/vends/prepared-2", $$"""{"meter":"{{Meter}}","tender":"850","cash":"1000","vendor":"corner-shop"}""")).Status);
        var (status, _, answer) = await client.SendAsync("POST", "/v1/vends/prepared-2/receipts", $$"""{"form":"{{form}}"}""");
        Assert.Equal(200, status);
        var page = await Window.OpenAsync(Server.Address);
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
        var page = await Window.OpenAsync(Server.Address);
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

        // Another language: longer words on the smallest screen, and axe once more in the dark.
        Server.Store.Write(session => Operator.Table.Find(session, "admin") is { } admin && Operator.Table.TryReplace(session, "admin", admin.Version, admin.Value with { Language = "fr" }));
        foreach (var path in visits)
        {
            _ = await page.GotoAsync(path);
            await page.EvaluateAsync("() => document.querySelectorAll('main details').forEach(d => d.open = true)");
            await FindSidewaysAsync(page, path + " in French", [320, 1440], faults);
            await page.SetViewportSizeAsync(360, 900);
            faults.AddRange((await Browser.SeriousAsync(page)).Select(fault => $"{path} in French, dark, 360 px: {fault}"));
        }

        // What the x-ray answers is posted and has no address.
        foreach (var scheme in (ColorScheme[])[ColorScheme.Dark, ColorScheme.Light])
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            _ = await page.GotoAsync("/explain");
            await page.FillAsync("#token", TokenOf("prepared-2")[..^1]);
            await page.ClickAsync("main form button");
            await page.WaitForSelectorAsync(".finding .token");
            await page.EvaluateAsync("() => document.querySelectorAll('main details').forEach(d => d.open = true)");
            await FindSidewaysAsync(page, "the x-ray's answer", [320, 1440], faults);
            faults.AddRange((await Browser.SeriousAsync(page)).Select(fault => $"the x-ray's answer, {scheme}: {fault}"));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private string TokenOf(string issue) => Server.Store.Read(session => IssueTable.Find(session, issue))!.Tokens[^1].Tokens[0].ToString();

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

    [System.Text.RegularExpressions.GeneratedRegex("/MediaBox ?\\[ ?0 0 ([0-9.]+)")]
    private static partial System.Text.RegularExpressions.Regex MediaBox();
}
