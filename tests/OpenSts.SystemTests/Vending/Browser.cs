using System.Text.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace OpenSts.SystemTests.Vending;

/// <summary>Chromium without a window, at the pages of a server.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Browser> StartAsync()
    {
        var chromium = Environment.GetEnvironmentVariable("OPENSTS_CHROMIUM") ?? Array.Find(Places, File.Exists);
        Assert.True(chromium is not null, $"chromium is missing: install the package 'chromium', or name it in OPENSTS_CHROMIUM. Looked at {string.Join(", ", Places)}.");
        var playwright = await Playwright.CreateAsync();
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
        }));
    }

    /// <summary>A window of its own, with a session of its own.</summary>
    public async Task<IPage> OpenAsync(Uri server, bool scripts = true)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = server.ToString(), JavaScriptEnabled = scripts, Locale = "en-ZA", ReducedMotion = ReducedMotion.Reduce });
        context.SetDefaultTimeout(20_000);
        return await context.NewPageAsync();
    }

    /// <summary>What axe finds serious or critical on a page, with the elements it means.</summary>
    public static async Task<IReadOnlyList<string>> SeriousAsync(IPage page)
    {
        _ = await page.EvaluateAsync(Axe + ";null");
        var found = await page.EvaluateAsync<JsonElement>("() => axe.run({ resultTypes: ['violations'] }).then(r => r.violations.map(v => ({ id: v.id, impact: v.impact, nodes: v.nodes.map(n => n.html + ' ' + (n.any[0]?.message ?? '')) })))");
        return [.. found.EnumerateArray().Where(rule => rule.GetProperty("impact").GetString() is "serious" or "critical")
            .Select(rule => $"{rule.GetProperty("id").GetString()}: {string.Join(" | ", rule.GetProperty("nodes").EnumerateArray().Take(3).Select(node => node.GetString()))}")];
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

/// <summary>What a person does at a page.</summary>
internal static class Deeds
{
    public static async Task SignInAsync(this IPage page, string name, string password)
    {
        _ = await page.GotoAsync("/sign-in");
        await page.FillAsync("[name=name]", name);
        await page.FillAsync("[name=password]", password);
        await page.ClickAsync("main button");
        await page.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
    }
}
