using System.Net.Http.Headers;

namespace OpenSts.Vending.Client;

/// <summary>A vending server, seen by who sells through it. Safe for many callers at once.</summary>
public sealed class VendingClient : IDisposable
{
    private const int LargestAnswer = 4 * 1024 * 1024;
    private readonly HttpClient _http;
    private readonly bool _owns;

    /// <summary>Makes a client of a server.</summary>
    /// <param name="server">Its address, such as https://vending.example.</param>
    /// <param name="apiKey">As the server showed it once; sent with every request, kept in memory only.</param>
    /// <param name="options">Null for the usual ones.</param>
    /// <exception cref="ArgumentException">The address is not one that an API key may go to.</exception>
    public VendingClient(Uri server, string apiKey, VendingClientOptions? options = null)
        : this(NewHttp(server, apiKey, options ?? VendingClientOptions.Usual), options) => _owns = true;

    /// <summary>Makes a client over an <see cref="HttpClient"/> of the caller's own, which has the address and the authorization and stays the caller's.</summary>
    public VendingClient(HttpClient http, VendingClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (http.BaseAddress is null)
            throw new ArgumentException("The HttpClient has no BaseAddress; permitted is the address of a vending server.", nameof(http));
        _http = http;
        var connection = new Connection(http, options ?? VendingClientOptions.Usual);
        Vends = new Vends(connection);
        Engineering = new Engineering(connection);
        Meters = new Meters(connection);
        Customers = new Customers(connection);
        Vendors = new Vendors(connection);
        IssueLog = new IssueLog(connection);
    }

    /// <summary>Sales, trials, receipts, and what came of everything.</summary>
    public Vends Vends { get; }

    /// <summary>Key changes, replacements, engineering tokens and their approval.</summary>
    public Engineering Engineering { get; }

    /// <summary>Meters.</summary>
    public Meters Meters { get; }

    /// <summary>Customers.</summary>
    public Customers Customers { get; }

    /// <summary>Vendors and their wallets.</summary>
    public Vendors Vendors { get; }

    /// <summary>The evidence.</summary>
    public IssueLog IssueLog { get; }

    /// <summary>Closes what was opened here.</summary>
    public void Dispose()
    {
        if (_owns)
            _http.Dispose();
    }

    private static HttpClient NewHttp(Uri server, string apiKey, VendingClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentException.ThrowIfNullOrWhiteSpace(apiKey);
        if (!server.IsAbsoluteUri || server.Scheme is not ("http" or "https"))
            throw new ArgumentException($"The server held '{server}'; permitted is an http or https address.", nameof(server));
        if (server is { Scheme: "http", IsLoopback: false } && !options.PermitsPlainHttp)
            throw new ArgumentException($"The server held '{server}'; over http an API key can be read on its way. Permitted are https, loopback, or {nameof(VendingClientOptions.PermitsPlainHttp)}.", nameof(server));
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = options.AnswerTimeout, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = server,
            // Each attempt has a limit of its own.
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LargestAnswer,
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        return http;
    }
}
