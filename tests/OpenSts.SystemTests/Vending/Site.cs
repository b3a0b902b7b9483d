using System.Diagnostics;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;

namespace OpenSts.SystemTests.Vending;

/// <summary>A site as <c>./run</c> makes it: keys from its own key management centre, a module and a vending server, each a process.</summary>
internal sealed partial class Site : IDisposable
{
    // The largest file the server may write from then on, in octets: its write-ahead log is full after some dozens of changes.
    private const int LittleDisk = 700_000;
    private readonly string _root = Directory.CreateTempSubdirectory("opensts-site-").FullName;
    private Serving? _module;
    private Process? _server;
    private int _modulePort;
    private Uri? _address;
    private string _key = "";

    public Site(string? postgres)
    {
        Postgres = postgres;
        var (exit, _, error) = Sts.Run("demo", "site", Folder);
        Assert.True(exit == 0, error);
    }

    public string Folder => Path.Combine(_root, "site");

    /// <summary>The connection to its database; null for SQLite. Another one counts from the server's next start on.</summary>
    public string? Postgres { get; set; }

    /// <summary>Where the server keeps its journal.</summary>
    public string Journal => Store + ".journal";

    /// <summary>The API key of the first start.</summary>
    public string Key => _key;

    private string Store => Path.Combine(Folder, "vending");

    /// <summary>Runs another command of the vending server on the site's store.</summary>
    public (int Exit, string Output, string Error) Run(string command) => VendingCommand.Run([command, "--folder", Store, .. Database]);

    private string[] Database => Postgres is null ? [] : ["--postgres", Postgres];

    /// <summary>One of the first three meters of the demonstration, by the id's last digit.</summary>
    public static MeterPan MeterOf(string id) => MeterPan.Create(DecoderReferenceNumber.Create(ManufacturerCode.Parse("00"), 1 + (id[^1] % 3)));

    public HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = _address, Timeout = TimeSpan.FromSeconds(15) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _key);
        return client;
    }

    public void StartWhatIsDown()
    {
        if (_module is null)
        {
            _module = new Serving(["--vault", Path.Combine(Folder, "vault"), "--key-file", Path.Combine(Folder, "site.key")], port: _modulePort);
            _modulePort = _module.Port;
        }

        if (_server is null)
            StartServer(limited: false);
    }

    /// <summary>Money enough for every sale of a long run.</summary>
    public async Task DepositAsync()
    {
        using var client = Client();
        var (status, body, _) = await client.SendAsync("POST", "/v1/vendors/corner-shop/deposits", """{"amount":"10000000","reference":"long run"}""");
        Assert.True(status is 200 or 201, body?.ToJsonString());
    }

    public void KillServer()
    {
        _server!.Kill();
        _server.WaitForExit();
        _server.Dispose();
        _server = null;
    }

    public void KillModule()
    {
        _module!.Kill();
        _module.Dispose();
        _module = null;
    }

    /// <summary>The module stands still for longer than the server waits.</summary>
    public void HangModule()
    {
        const int stop = 19, goOn = 18;
        Assert.Equal(0, kill(_module!.ProcessId, stop));
        Thread.Sleep(2500);
        Assert.Equal(0, kill(_module.ProcessId, goOn));
    }

    /// <summary>The server fills its disk, and goes on without one for a while.</summary>
    public void FillDisk()
    {
        KillServer();
        StartServer(limited: true);
        using (var limiting = Process.Start("prlimit", ["--pid", $"{_server!.Id}", $"--fsize={LittleDisk}"]))
        {
            limiting.WaitForExit();
            Assert.Equal(0, limiting.ExitCode);
        }

        using var client = Client();
        var deposits = 0;
        while (Deposit(client) is var status && status != System.Net.HttpStatusCode.ServiceUnavailable)
        {
            Assert.True(status is System.Net.HttpStatusCode.OK or System.Net.HttpStatusCode.Created, status.ToString());
            Assert.True(++deposits < 5000, "the disk never becomes full");
        }

        Thread.Sleep(500);
        Assert.False(_server!.HasExited, "the server ended on a full disk");
        KillServer();
    }

    public void Dispose()
    {
        if (_server is not null)
            KillServer();
        _module?.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private static System.Net.HttpStatusCode Deposit(HttpClient client)
    {
        using var content = new StringContent($$"""{"amount":"1","reference":"{{Guid.NewGuid():N}}"}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = client.PostAsync(new Uri("/v1/vendors/corner-shop/deposits", UriKind.Relative), content).GetAwaiter().GetResult();
        return answer.StatusCode;
    }

    private void StartServer(bool limited)
    {
        // A signal that is ignored stays ignored by the program that is started: writing beyond the limit is an error then, as on a full disk.
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "sts-vending.dll"), "serve", "--folder", Store,
            "--listen", _address?.ToString() ?? "http://127.0.0.1:0", "--module", $"127.0.0.1:{_modulePort}", "--module-patience", "1", .. Database];
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["-c", "trap '' XFSZ; exec \"$@\"", "bash", .. command])
            start.ArgumentList.Add(argument);
        // The runtime keeps its own code in a file of memory, far larger than the limit, unless told otherwise.
        if (limited)
            start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        _server = Process.Start(start)!;
        var last = _key.Length == 0 ? "API key " : "Vending on ";
        while (_server.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith("Vending on ", StringComparison.Ordinal))
                _address = new Uri(line.Split(' ', ',')[2]);
            if (line.StartsWith("API key ", StringComparison.Ordinal))
                _key = line.Split(' ')[^1];
            if (line.StartsWith(last, StringComparison.Ordinal))
                break;
        }

        // Its log goes on; nobody looks at it, and a full pipe would stop the server.
        _ = _server.StandardOutput.ReadToEndAsync();
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
