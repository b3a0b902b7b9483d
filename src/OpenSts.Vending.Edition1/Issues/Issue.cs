using OpenSts.Vending.Documents;
using OpenSts.Vending.Meters;
using OpenSts.Vending.Tariffs;

namespace OpenSts.Vending.Issues;

/// <summary>Why tokens are made.</summary>
public enum IssueKind
{
    /// <summary>Money for units, with the free allocation and a key change set where they are due.</summary>
    Sale,

    /// <summary>The value of an earlier token again, under a new identifier.</summary>
    Replacement,

    /// <summary>A management or test token.</summary>
    Engineering,

    /// <summary>A key change set on its own.</summary>
    KeyChange,
}

/// <summary>How far an issue has come.</summary>
public enum IssueState
{
    /// <summary>A second person must approve it first.</summary>
    AwaitingApproval,

    /// <summary>The intent is written; whether the module made tokens is unknown.</summary>
    Pending,

    /// <summary>The tokens are stored.</summary>
    Issued,

    /// <summary>There are no tokens and never will be.</summary>
    Refused,

    /// <summary>Taken back before any token left the server.</summary>
    Reversed,
}

/// <summary>What an order asks the module for.</summary>
public enum OrderKind
{
    KeyChange,
    Free,
    Credit,
    Management,

    /// <summary>Class 1: made here, since it needs no key.</summary>
    Test,
}

/// <summary>One question to the security module; asked again after a failure it is the same to the last bit.</summary>
public sealed record TokenOrder
{
    public required OrderKind Kind { get; init; }

    /// <summary>The module's register, 1 to 999; 0 for a test token.</summary>
    public required int Register { get; init; }

    /// <summary>The register of the new key; 0 but for a key change.</summary>
    public int ToRegister { get; init; }

    /// <summary>The key it is made under; null for a test token, which needs none.</summary>
    public MeterKey? Key { get; init; }

    /// <summary>The new key of a key change.</summary>
    public MeterKey? ToKey { get; init; }

    /// <summary>0 to 15.</summary>
    public int Subclass { get; init; }

    /// <summary>The value field; for a test token the 36 bits of its control field.</summary>
    public long Field { get; init; }

    /// <summary>Minutes since the base date; null where the token carries none.</summary>
    public int? Identifier { get; init; }

    /// <summary>The key's base date; 0 for a test token.</summary>
    public int BaseDate { get; init; }

    /// <summary>Tokens of a key change: 2 to 4.</summary>
    public int Count { get; init; } = 1;

    /// <summary>kWh, m3, minutes, money or W.</summary>
    public decimal Value { get; init; }
}

/// <summary>An order with the tokens it gave.</summary>
public sealed record MadeTokens(OrderKind Kind, decimal Value, IReadOnlyList<Token66> Tokens, int? Identifier = null, int BaseDate = 0, MeterKey? Key = null, MeterKey? ToKey = null);

/// <summary>Everything about tokens that were asked for: kept for ever.</summary>
public sealed record Issue
{
    /// <summary>The client's own identity for it.</summary>
    public required string Id { get; init; }

    /// <summary>The server's number, 1 and up without gaps; the number of the receipt.</summary>
    public long Number { get; init; }

    public required IssueKind Kind { get; init; }

    public required IssueState State { get; init; }

    /// <summary>SHA-256 of the request in hex: the same id with another digest is a conflict.</summary>
    public required string Digest { get; init; }

    /// <summary>The meter as it was; null for a token without a meter.</summary>
    public PaymentMeter? Meter { get; init; }

    public string? CustomerName { get; init; }

    public string? CustomerAddress { get; init; }

    public string? CustomerAccount { get; init; }

    public string? Vendor { get; init; }

    public string? VendorName { get; init; }

    public string? Outlet { get; init; }

    public string? Terminal { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string Operator { get; init; }

    /// <summary>Who approved it, where a second person must.</summary>
    public string? ApprovedBy { get; init; }

    public string? Shift { get; init; }

    /// <summary>Why, for tokens that are not sold.</summary>
    public string? Reason { get; init; }

    public string? WorkOrder { get; init; }

    /// <summary>The issue that this one replaces.</summary>
    public string? Original { get; init; }

    /// <summary>The engineering request, for the time of its approval.</summary>
    public EngineeringRequest? Engineering { get; init; }

    /// <summary>The price, for a sale.</summary>
    public Quote? Quote { get; init; }

    public string? TariffName { get; init; }

    /// <summary>Money received over the counter beyond the tender, in minor units.</summary>
    public long Change { get; init; }

    /// <summary>The local month it counts in: yyyy-MM.</summary>
    public required string Month { get; init; }

    /// <summary>The last local day whose fixed charges are in it.</summary>
    public DateOnly? ChargedThrough { get; init; }

    /// <summary>Days since the meter's last purchase; null for the first.</summary>
    public int? DaysSinceLast { get; init; }

    public IReadOnlyList<TokenOrder> Orders { get; init; } = [];

    /// <summary>The tokens in the order in which they are typed; empty until issued.</summary>
    public IReadOnlyList<MadeTokens> Tokens { get; init; } = [];

    /// <summary>A key change set of an earlier issue that is printed again because nobody confirmed the new key yet.</summary>
    public IReadOnlyList<MadeTokens> Repeated { get; init; } = [];

    /// <summary>Why not, where it was refused.</summary>
    public Refusal? Refusal { get; init; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? Completed { get; init; }

    /// <summary>True once a token left the server; from then on nothing can be taken back.</summary>
    public bool Released { get; init; }

    /// <summary>How often the module was asked in vain.</summary>
    public long Attempts { get; init; }

    /// <summary>How often the receipt was printed again.</summary>
    public long Copies { get; init; }

    /// <summary>A sandbox issue: no module, no books.</summary>
    public bool Sandbox => Meter?.Sandbox is not null;
}

/// <summary>Which engineering token.</summary>
public enum EngineeringKind
{
    ClearCredit,
    ClearTamper,
    PowerLimit,
    PhaseUnbalance,
    TariffRate,
    WaterFactor,
    Flag,
    Control,
    Test,
}

/// <summary>What an engineering token shall do.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Value">Watts, register, rate, factor, element value, flag state (0 or 1) or the test's number (0 for all).</param>
/// <param name="Index">The flag (0 to 511) or control element (0 to 62).</param>
public sealed record EngineeringRequest(EngineeringKind Kind, long Value, int Index);
