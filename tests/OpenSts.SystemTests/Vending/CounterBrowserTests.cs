using Microsoft.Playwright;
using OpenSts.Vending.Hosting;
using OpenSts.Vending.Pages;
using OpenSts.Vending.Storage.Postgres;

namespace OpenSts.SystemTests.Vending;

/// <summary>What must hold at the counter whatever the store is: a server, a browser, a clerk's keys.</summary>
public abstract class CounterBrowserTests : IAsyncLifetime
{
    private protected static readonly string Meter = FirstStart.DemonstrationMeter.ToString();

    private protected LiveServer Server { get; private set; } = null!;

    private protected Browser Window { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Window = await Browser.StartAsync();
        Server = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Window.DisposeAsync();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<LiveServer> StartAsync();

    [Fact]
    public async Task Sale_KeyboardOnly_FourKeysAfterTheScanAndEscapeGoesBack()
    {
        var page = await Window.OpenAsync(Server.Address);
        var keys = page.Keyboard;
        _ = await page.GotoAsync("/");
        await keys.TypeAsync("clerk");
        await keys.PressAsync("Tab");
        await keys.TypeAsync(Server.Secrets.Password);
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
        Assert.Equal(1, Server.Module.Asked);

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
        Assert.Equal(1, Server.Module.Asked);
    }

    [Fact]
    public async Task Sale_UsualAmount_TwoKeysForTheLastOneAndThreeForAnother()
    {
        using var client = Server.Client();
        foreach (var (at, tender) in ((int, string)[])[(1, "1250"), (2, "75.50"), (3, "350")])
            Assert.Equal(201, (await client.SendAsync("PUT", $"/v1/vends/usual-{at:D4}", $$"""{"meter":"{{Meter}}","tender":"{{tender}}","vendor":"corner-shop"}""")).Status);
        var page = await Window.OpenAsync(Server.Address);
        await page.SignInAsync("clerk", Server.Secrets.Password);
        await page.ClickAsync("main button");

        async Task<string> SoldAsync(string key)
        {
            await page.WaitForSelectorAsync("#meter:focus");
            await page.Keyboard.TypeAsync(Meter);
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForSelectorAsync("#amount:focus");
            if (key.Length > 0)
                await page.Keyboard.PressAsync(key);
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForSelectorAsync(".total");
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForSelectorAsync(".tokens .token");
            var receipt = await page.InnerTextAsync(".receipt");
            await page.Locator("a[data-escape]").FocusAsync();
            await page.Keyboard.PressAsync("Enter");
            return receipt;
        }

        Assert.Contains("ZAR 350.00", await SoldAsync(""), StringComparison.Ordinal);
        // Now 350 is what was bought last and most; the others follow, the latest first.
        Assert.Contains("ZAR 75.50", await SoldAsync("b"), StringComparison.Ordinal);
        Assert.Contains("ZAR 75.50", await SoldAsync("a"), StringComparison.Ordinal);
        Assert.Contains("ZAR 1,250.00", await SoldAsync("C"), StringComparison.Ordinal);
    }

    // Something in every page: a shift, sales, an engineering token that waits, a reading of the wall, an approval, a draft.
    private protected async Task<IReadOnlyList<string>> PrepareAsync(IPage page)
    {
        using var client = Server.Client();
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
        await page.SignInAsync("admin", Server.Secrets.Password);
        string[] before = ["/sale"];
        var routes = PageRoutes.Rows(Server.Services).Where(row => row.Method == "GET").Select(row => row.Path).ToHashSet(StringComparer.Ordinal);
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

}

/// <summary>The counter on PostgreSQL, and a look at every page there.</summary>
public sealed class PostgresBrowserTests(PostgresFixture fixture) : CounterBrowserTests, IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Pages_EveryOne_AnswersWithWhatTheStoreHolds()
    {
        var page = await Window.OpenAsync(Server.Address);
        foreach (var path in await PrepareAsync(page))
        {
            var answer = await page.GotoAsync(path);
            Assert.True(answer!.Status is 200 or 400 or 422, $"{path}: {answer.Status}");
        }

        _ = await page.GotoAsync("/board");
        Assert.Contains("PostgreSQL", await page.InnerTextAsync(".tiles"), StringComparison.Ordinal);
        await page.ClickAsync("text=Reconcile now");
        await page.WaitForSelectorAsync("text=entries are in order");
        Assert.Equal(0, await page.Locator(".tile.bad").CountAsync());
        _ = await page.GotoAsync("/report");
        Assert.Contains("510.00", await page.InnerTextAsync(".tile.money"), StringComparison.Ordinal);
    }

    private protected override Task<LiveServer> StartAsync()
    {
        Assert.True(fixture.Server is not null, "PostgreSQL is not installed.");
        return LiveServer.StartAsync(new PostgresStore(fixture.Server!.NewDatabase()));
    }
}
