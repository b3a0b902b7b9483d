namespace OpenSts.Vending.Client;

/// <summary>A vendor with its wallet, as the server shows it.</summary>
public sealed record VendorAccount
{
    /// <summary>Chosen by the utility.</summary>
    public required string Id { get; init; }

    /// <summary>For the receipt.</summary>
    public string Name { get; init; } = "";

    /// <summary>Where it sells.</summary>
    public string Outlet { get; init; } = "";

    /// <summary>The least the wallet may hold after a sale.</summary>
    public decimal Floor { get; init; }

    /// <summary>What it earns: 0 to 100 percent of the tender.</summary>
    public decimal CommissionPercent { get; init; }

    /// <summary>False where it may not sell.</summary>
    public bool Active { get; init; }

    /// <summary>What the wallet holds.</summary>
    public decimal Wallet { get; init; }

    /// <summary>Three capitals, such as ZAR.</summary>
    public string Currency { get; init; } = "";
}

/// <summary>A vendor as it is added or changed.</summary>
public sealed record VendorRegistration
{
    /// <summary>1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Where it sells.</summary>
    public string? Outlet { get; init; }

    /// <summary>Usually 0; below it is credit.</summary>
    public decimal? Floor { get; init; }

    /// <summary>Usually 0.</summary>
    public decimal? CommissionPercent { get; init; }

    /// <summary>Usually true.</summary>
    public bool? Active { get; init; }
}

/// <summary>What moved a wallet.</summary>
/// <param name="Number">The entry's.</param>
/// <param name="At">When.</param>
/// <param name="Kind">Deposit, sale and so on.</param>
/// <param name="Reference">Of a sale its id.</param>
/// <param name="Amount">Into the wallet, or out of it where negative.</param>
public sealed record WalletEntry(long Number, DateTimeOffset At, string Kind, string Reference, decimal Amount);

/// <summary>Vendors and their wallets.</summary>
public sealed class Vendors
{
    private readonly Connection _connection;

    internal Vendors(Connection connection) => _connection = connection;

    /// <summary>One vendor with what its wallet holds; null where there is none.</summary>
    public Task<Versioned<VendorAccount>?> FindAsync(string id, CancellationToken cancellation = default) => _connection.FindAsync(Path(id), ClientJson.Default.VendorAccount, cancellation);

    /// <summary>Vendors in order of their ids.</summary>
    public IAsyncEnumerable<VendorAccount> ListAsync(CancellationToken cancellation = default) => _connection.ListAsync("/v1/vendors", ClientJson.Default.ListPageVendorAccount, cancellation);

    /// <summary>Adds a vendor, or changes the version that <paramref name="known"/> is.</summary>
    public Task<Versioned<VendorAccount>> PutAsync(string id, VendorRegistration registration, Versioned<VendorAccount>? known = null, CancellationToken cancellation = default) =>
        _connection.PutAsync(Path(id), registration, ClientJson.Default.VendorRegistration, known?.ETag, ClientJson.Default.VendorAccount, cancellation);

    /// <summary>Puts money into the wallet; a reference is booked once, so that a deposit may be sent again.</summary>
    public Task<VendorAccount> DepositAsync(string id, decimal amount, string reference, CancellationToken cancellation = default) =>
        _connection.ReadAsync(Question.Once(Path(id) + "/deposits", new BookingBody(amount, reference), ClientJson.Default.BookingBody), ClientJson.Default.VendorAccount, cancellation);

    /// <summary>What moved the wallet, the newest first.</summary>
    public IAsyncEnumerable<WalletEntry> EntriesAsync(string id, CancellationToken cancellation = default) =>
        _connection.ListAsync(Path(id) + "/entries", ClientJson.Default.ListPageWalletEntry, cancellation);

    private static string Path(string id) => "/v1/vendors/" + Uri.EscapeDataString(id);
}
