using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using OpenSts.Vending.Hosting;
using OpenSts.Vending.Operations;
using OpenSts.Vending.Storage;
using OpenSts.Vending.Storage.Sqlite;

namespace OpenSts.SystemTests.Vending;

/// <summary>The whole server on a free port of loopback, with demonstration data and a module in this process.</summary>
internal sealed class LiveServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string? _folder;

    private LiveServer(WebApplication app, string? folder, IStore store, TestModule module, FirstStartSecrets secrets) =>
        (_app, _folder, Store, Module, Secrets) = (app, folder, store, module, secrets);

    public IStore Store { get; }

    public TestModule Module { get; }

    public FirstStartSecrets Secrets { get; }

    public Uri Address => new(_app.Urls.First());

    public IServiceProvider Services => _app.Services;

    /// <summary>A client with the API key of the first start.</summary>
    public HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Secrets.ApiKey);
        return client;
    }

    public static Task<LiveServer> StartAsync(string listen = "http://127.0.0.1:0", string? kept = null)
    {
        var folder = kept ?? Directory.CreateTempSubdirectory("opensts-vending-").FullName;
        return StartAsync(new SqliteStore(Path.Combine(folder, "vending.db")), listen, folder);
    }

    /// <summary>The same on a store of any kind.</summary>
    /// <param name="store">Disposed with the server.</param>
    /// <param name="listen">Where it listens.</param>
    /// <param name="folder">Deleted with the server; null for none.</param>
    public static async Task<LiveServer> StartAsync(IStore store, string listen = "http://127.0.0.1:0", string? folder = null)
    {
        var settings = new VendingSettings { ModulePatience = TimeSpan.FromSeconds(2) };
        var secrets = FirstStart.Fill(store, settings, demonstration: true, DateTimeOffset.UtcNow) ?? new FirstStartSecrets("", "");
        var module = new TestModule();
        var app = VendingHost.Build(store, module, settings, listen);
        await app.StartAsync();
        return new LiveServer(app, folder, store, module, secrets);
    }

    /// <summary>For a person with a browser, or for a test that kills it: serves until it is killed. Given a folder, each token takes a moment.</summary>
    public static async Task<int> RunAsync(string listen, string? folder = null)
    {
        await using var server = await StartAsync(listen, folder);
        if (folder is not null)
            server.Module.Before = server.Module.After = _ => Task.Delay(Random.Shared.Next(4));
        Console.WriteLine($"{server.Address} {server.Secrets.Password} {server.Secrets.ApiKey}");
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Store.Dispose();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>Short forms for calls.</summary>
internal static class Calls
{
    public static async Task<(int Status, JsonNode? Body, HttpResponseMessage Answer)> SendAsync(this HttpClient client, string method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null, answer);
    }
}
