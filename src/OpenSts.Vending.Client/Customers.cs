namespace OpenSts.Vending.Client;

/// <summary>How what is owed is taken from a purchase.</summary>
public enum ArrearsRule
{
    /// <summary>A word that this client does not know.</summary>
    Other,

    /// <summary>A fixed amount of each purchase.</summary>
    Instalment,

    /// <summary>A share of each purchase, in percent.</summary>
    Share,

    /// <summary>Everything first.</summary>
    Priority,
}

/// <summary>How a customer pays off arrears.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Value">Money for an instalment, percent for a share, otherwise 0.</param>
/// <param name="KeepUnits">Units that a purchase must still buy.</param>
public sealed record ArrearsPlan(ArrearsRule Rule, decimal Value = 0, decimal KeepUnits = 0);

/// <summary>A customer as the server shows it.</summary>
public sealed record CustomerAccount
{
    /// <summary>Chosen by the utility.</summary>
    public required string Id { get; init; }

    /// <summary>Of the person or business.</summary>
    public string Name { get; init; } = "";

    /// <summary>The account number.</summary>
    public string Account { get; init; } = "";

    /// <summary>For the receipt.</summary>
    public string Address { get; init; } = "";

    /// <summary>A telephone number.</summary>
    public string Phone { get; init; } = "";

    /// <summary>Null for none.</summary>
    public ArrearsPlan? Arrears { get; init; }

    /// <summary>Money owed.</summary>
    public decimal Owed { get; init; }
}

/// <summary>A customer as it is added or changed.</summary>
public sealed record CustomerRegistration
{
    /// <summary>1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>1 to 40 characters, unique, never changed.</summary>
    public required string Account { get; init; }

    /// <summary>For the receipt.</summary>
    public string? Address { get; init; }

    /// <summary>A telephone number.</summary>
    public string? Phone { get; init; }

    /// <summary>Null for none.</summary>
    public ArrearsPlan? Arrears { get; init; }
}

/// <summary>An amount with a reference that is booked once, and where it needs one a reason.</summary>
internal sealed record BookingBody(decimal Amount, string Reference, string? Reason = null);

/// <summary>Customers.</summary>
public sealed class Customers
{
    private readonly Connection _connection;

    internal Customers(Connection connection) => _connection = connection;

    /// <summary>One customer; null where there is none.</summary>
    public Task<Versioned<CustomerAccount>?> FindAsync(string id, CancellationToken cancellation = default) => _connection.FindAsync(Path(id), ClientJson.Default.CustomerAccount, cancellation);

    /// <summary>Customers in order of their ids.</summary>
    public IAsyncEnumerable<CustomerAccount> ListAsync(CancellationToken cancellation = default) => _connection.ListAsync("/v1/customers", ClientJson.Default.ListPageCustomerAccount, cancellation);

    /// <summary>Adds a customer, or changes the version that <paramref name="known"/> is.</summary>
    public Task<Versioned<CustomerAccount>> PutAsync(string id, CustomerRegistration registration, Versioned<CustomerAccount>? known = null, CancellationToken cancellation = default) =>
        _connection.PutAsync(Path(id), registration, ClientJson.Default.CustomerRegistration, known?.ETag, ClientJson.Default.CustomerAccount, cancellation);

    /// <summary>Books an amount that the customer owes; a reference is booked once.</summary>
    public Task<CustomerAccount> ChargeAsync(string id, decimal amount, string reference, string reason, CancellationToken cancellation = default) =>
        _connection.ReadAsync(Question.Once(Path(id) + "/charges", new BookingBody(amount, reference, reason), ClientJson.Default.BookingBody), ClientJson.Default.CustomerAccount, cancellation);

    private static string Path(string id) => "/v1/customers/" + Uri.EscapeDataString(id);
}
