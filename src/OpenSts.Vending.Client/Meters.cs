namespace OpenSts.Vending.Client;

/// <summary>Who may hold a key.</summary>
public enum KeyType
{
    /// <summary>A word that this client does not know.</summary>
    Other,

    /// <summary>DITK.</summary>
    Initialization,

    /// <summary>DDTK.</summary>
    Default,

    /// <summary>DUTK, the usual one.</summary>
    Unique,

    /// <summary>DCTK.</summary>
    Common,
}

/// <summary>How a meter opens tokens.</summary>
public enum MeterAlgorithm
{
    /// <summary>A word that this client does not know.</summary>
    Other,

    /// <summary>EA07, the standard transfer algorithm.</summary>
    Ea07,

    /// <summary>EA11, MISTY1.</summary>
    Ea11,
}

/// <summary>How a token gets to the meter.</summary>
public enum TokenCarrier
{
    /// <summary>A word that this client does not know.</summary>
    Other,

    /// <summary>A card.</summary>
    MagneticCard,

    /// <summary>20 digits, typed.</summary>
    Numeric,

    /// <summary>A local port.</summary>
    VirtualLocal,

    /// <summary>DLMS/COSEM.</summary>
    VirtualDlms,
}

/// <summary>What a meter measures.</summary>
public enum MeterService
{
    /// <summary>A word that this client does not know.</summary>
    Other,

    /// <summary>kWh.</summary>
    Electricity,

    /// <summary>m3.</summary>
    Water,

    /// <summary>m3.</summary>
    Gas,

    /// <summary>Minutes.</summary>
    Time,
}

/// <summary>What its credit counts.</summary>
public enum MeterForm
{
    /// <summary>A word that this client does not know.</summary>
    Other,

    /// <summary>kWh, m3 or minutes.</summary>
    Units,

    /// <summary>Money; the meter has the tariff.</summary>
    Currency,
}

/// <summary>Whether it can be sold to.</summary>
public enum MeterStatus
{
    /// <summary>A word that this client does not know.</summary>
    Other,

    /// <summary>Yes.</summary>
    Active,

    /// <summary>Not until somebody unblocks it.</summary>
    Blocked,

    /// <summary>Never again: another stands in its place.</summary>
    Replaced,
}

/// <summary>Which key a meter holds: everything about it but the key.</summary>
public sealed record MeterKey
{
    /// <summary>6 digits.</summary>
    public required string SupplyGroup { get; init; }

    /// <summary>1 to 9.</summary>
    public required int KeyRevisionNumber { get; init; }

    /// <summary>Who may hold it.</summary>
    public KeyType KeyType { get; init; } = KeyType.Unique;

    /// <summary>2 digits.</summary>
    public required string TariffIndex { get; init; }
}

/// <summary>A meter as the server shows it.</summary>
public sealed record RegisteredMeter
{
    /// <summary>MeterPAN, 18 digits.</summary>
    public required string Pan { get; init; }

    /// <summary>The key it holds as far as anybody knows.</summary>
    public required MeterKey Key { get; init; }

    /// <summary>The key that an issued key change set moves it to; null when there is none or it was confirmed.</summary>
    public MeterKey? NextKey { get; init; }

    /// <summary>The id of the issue that holds that set.</summary>
    public string? KeyChangeIssue { get; init; }

    /// <summary>How it opens tokens.</summary>
    public MeterAlgorithm EncryptionAlgorithm { get; init; }

    /// <summary>How a token gets to it.</summary>
    public TokenCarrier TokenCarrierType { get; init; }

    /// <summary>What it measures.</summary>
    public MeterService Service { get; init; }

    /// <summary>What its credit counts.</summary>
    public MeterForm Form { get; init; }

    /// <summary>The tariff's id.</summary>
    public string Tariff { get; init; } = "";

    /// <summary>The customer's id; null for none.</summary>
    public string? Customer { get; init; }

    /// <summary>Whether it can be sold to.</summary>
    public MeterStatus State { get; init; }

    /// <summary>Why it is blocked, or which meter replaced it.</summary>
    public string StateReason { get; init; } = "";

    /// <summary>The first day of fixed charges.</summary>
    public DateOnly ChargesFrom { get; init; }

    /// <summary>The word of a sandbox meter's fixed outcome; null for a real meter.</summary>
    public string? Sandbox { get; init; }
}

/// <summary>A meter as it is registered or changed; what is null stays as the server usually has it.</summary>
public sealed record MeterRegistration
{
    /// <summary>6 digits.</summary>
    public required string SupplyGroup { get; init; }

    /// <summary>1 to 9.</summary>
    public required int KeyRevisionNumber { get; init; }

    /// <summary>2 digits.</summary>
    public required string TariffIndex { get; init; }

    /// <summary>The tariff's id.</summary>
    public required string Tariff { get; init; }

    /// <summary>Usually unique.</summary>
    public KeyType? KeyType { get; init; }

    /// <summary>Usually EA07.</summary>
    public MeterAlgorithm? EncryptionAlgorithm { get; init; }

    /// <summary>Usually numeric.</summary>
    public TokenCarrier? TokenCarrierType { get; init; }

    /// <summary>Usually electricity.</summary>
    public MeterService? Service { get; init; }

    /// <summary>Usually units.</summary>
    public MeterForm? Form { get; init; }

    /// <summary>The customer's id.</summary>
    public string? Customer { get; init; }

    /// <summary>Usually the day of the registration.</summary>
    public DateOnly? ChargesFrom { get; init; }

    /// <summary>3 where an EA07 meter takes three key change tokens.</summary>
    public int? KeyChangeTokens { get; init; }
}

/// <summary>Another meter in the place of one.</summary>
internal sealed record ExchangeOrder(string Replacement, string Reason);

/// <summary>Meters by their numbers: 11 or 13 digits from the face, or a MeterPAN of 18.</summary>
public sealed class Meters
{
    private readonly Connection _connection;

    internal Meters(Connection connection) => _connection = connection;

    /// <summary>One meter; null where it is not registered.</summary>
    public Task<Versioned<RegisteredMeter>?> FindAsync(string meter, CancellationToken cancellation = default) => _connection.FindAsync(Path(meter), ClientJson.Default.RegisteredMeter, cancellation);

    /// <summary>The same object where nothing has changed, which costs no body; otherwise the meter as it is now.</summary>
    public Task<Versioned<RegisteredMeter>> RefreshAsync(Versioned<RegisteredMeter> known, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(known);
        return _connection.RefreshAsync(known, Path(known.Value.Pan), ClientJson.Default.RegisteredMeter, cancellation);
    }

    /// <summary>Meters in order of their numbers; of one customer where it is given.</summary>
    public IAsyncEnumerable<RegisteredMeter> ListAsync(string? customer = null, CancellationToken cancellation = default) =>
        _connection.ListAsync(customer is null ? "/v1/meters" : "/v1/meters?customer=" + Uri.EscapeDataString(customer), ClientJson.Default.ListPageRegisteredMeter, cancellation);

    /// <summary>Registers a meter, or changes the version that <paramref name="known"/> is.</summary>
    /// <exception cref="VendingServerException">Among others <c>version-mismatch</c> where somebody else changed it first, <c>version-needed</c> where it exists.</exception>
    public Task<Versioned<RegisteredMeter>> PutAsync(string meter, MeterRegistration registration, Versioned<RegisteredMeter>? known = null, CancellationToken cancellation = default) =>
        _connection.PutAsync(Path(meter), registration, ClientJson.Default.MeterRegistration, known?.ETag, ClientJson.Default.RegisteredMeter, cancellation);

    /// <summary>Stops sales.</summary>
    public Task<RegisteredMeter> BlockAsync(string meter, string reason, CancellationToken cancellation = default) =>
        _connection.ReadAsync(Question.Once(Path(meter) + "/blocking", new ReasonBody(reason), ClientJson.Default.ReasonBody), ClientJson.Default.RegisteredMeter, cancellation);

    /// <summary>Lets sales go on.</summary>
    public Task<RegisteredMeter> UnblockAsync(string meter, CancellationToken cancellation = default) =>
        _connection.ReadAsync(Question.Once(Path(meter) + "/unblocking"), ClientJson.Default.RegisteredMeter, cancellation);

    /// <summary>Says that the meter took a token under its new key.</summary>
    public Task<RegisteredMeter> ConfirmKeyAsync(string meter, CancellationToken cancellation = default) =>
        _connection.ReadAsync(Question.Once(Path(meter) + "/key-confirmation"), ClientJson.Default.RegisteredMeter, cancellation);

    /// <summary>Puts another registered meter in its place.</summary>
    public Task<RegisteredMeter> ExchangeAsync(string meter, string replacement, string reason, CancellationToken cancellation = default) =>
        _connection.ReadAsync(Question.Once(Path(meter) + "/exchange", new ExchangeOrder(replacement, reason), ClientJson.Default.ExchangeOrder), ClientJson.Default.RegisteredMeter, cancellation);

    private static string Path(string meter) => "/v1/meters/" + Uri.EscapeDataString(meter);
}
