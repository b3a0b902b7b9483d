using System.Text.Json.Serialization;
using OpenSts.Vending.Contracts.Json;
using OpenSts.Vending.Contracts.Meters;
using OpenSts.Vending.Contracts.Problems;

namespace OpenSts.Vending.Contracts.Vends;

/// <summary>Why tokens are made.</summary>
[JsonConverter(typeof(KebabEnumConverter<VendResourceKind>))]
public enum VendResourceKind
{
    /// <summary>Money for units.</summary>
    Credit,

    /// <summary>The value of an earlier vend again.</summary>
    Replacement,

    /// <summary>A management or test token.</summary>
    Engineering,

    /// <summary>A key change set on its own.</summary>
    KeyChange,
}

/// <summary>How far a vend has come.</summary>
[JsonConverter(typeof(KebabEnumConverter<VendResourceState>))]
public enum VendResourceState
{
    /// <summary>A second person must approve it first.</summary>
    AwaitingApproval,

    /// <summary>Whether tokens were made is not known yet: ask again with the same id.</summary>
    Pending,

    /// <summary>The tokens are stored.</summary>
    Issued,

    /// <summary>There are no tokens and never will be.</summary>
    Refused,

    /// <summary>Taken back before any token left the server.</summary>
    Reversed,
}

/// <summary>What tokens do.</summary>
[JsonConverter(typeof(KebabEnumConverter<TokenKind>))]
public enum TokenKind
{
    /// <summary>A set that changes the meter's key; typed first, in its order.</summary>
    KeyChange,

    /// <summary>A free allocation.</summary>
    Free,

    /// <summary>What was paid for.</summary>
    Credit,

    /// <summary>A setting of the meter.</summary>
    Management,

    /// <summary>A test or display of the meter.</summary>
    Test,
}

/// <summary>Tokens that belong together.</summary>
public sealed record TokensResource
{
    /// <summary>What they do.</summary>
    public required TokenKind Kind { get; init; }

    /// <summary>kWh, m3, minutes, money or W, as a decimal string.</summary>
    public required string Value { get; init; }

    /// <summary>20 digits each, in the order in which they are typed.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>Minutes since the key's base date, 0 to 16777215; null where the token carries none.</summary>
    public int? TokenIdentifier { get; init; }

    /// <summary>The key that the meter must hold for them; null for a test token.</summary>
    public MeterKeyResource? Key { get; init; }

    /// <summary>The key that a key change moves to.</summary>
    public MeterKeyResource? ToKey { get; init; }

    /// <summary>True for a set of an earlier vend, given again because nobody confirmed the new key yet.</summary>
    public bool Repeated { get; init; }
}

/// <summary>What a line of a price is about.</summary>
[JsonConverter(typeof(KebabEnumConverter<PriceLineKind>))]
public enum PriceLineKind
{
    /// <summary>A fixed charge.</summary>
    FixedCharge,

    /// <summary>Something owed.</summary>
    Arrears,

    /// <summary>The channel's fee.</summary>
    Fee,

    /// <summary>Units of a block of the tariff.</summary>
    Energy,

    /// <summary>Tax.</summary>
    Tax,
}

/// <summary>A line of a price.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Amount">Money, a decimal string; without tax but for the tax line.</param>
/// <param name="Units">Units, a decimal string; on energy lines.</param>
/// <param name="Rate">Money for a unit on energy lines, percent on the tax line; a decimal string.</param>
public sealed record PriceLine(PriceLineKind Kind, string Name, string Amount, string? Units, string? Rate);

/// <summary>A tender taken apart; all amounts are decimal strings.</summary>
public sealed record PriceResource
{
    /// <summary>Three capital letters, such as ZAR.</summary>
    public required string Currency { get; init; }

    /// <summary>What the customer pays; the sum of the lines.</summary>
    public required string Tender { get; init; }

    /// <summary>In the order of the receipt.</summary>
    public required IReadOnlyList<PriceLine> Lines { get; init; }

    /// <summary>What the money buys, cut off after six decimals.</summary>
    public required string Units { get; init; }

    /// <summary>What the token gives: rounded up to its step. Money for a currency meter.</summary>
    public required string TokenUnits { get; init; }

    /// <summary>Fixed charges that stay due, without tax.</summary>
    public required string FixedChargesLeft { get; init; }

    /// <summary>What stays owed.</summary>
    public required string ArrearsLeft { get; init; }
}

/// <summary>A vend. Repeated with the same id it is the same, byte for byte.</summary>
public sealed record VendResource
{
    /// <summary>The client's own id.</summary>
    public required string Id { get; init; }

    /// <summary>The server's number of the vend, rising.</summary>
    public required long Number { get; init; }

    /// <summary>The outlet's receipt number, without gaps; null until issued.</summary>
    public long? ReceiptNumber { get; init; }

    /// <summary>Why tokens are made.</summary>
    public required VendResourceKind Kind { get; init; }

    /// <summary>How far it has come.</summary>
    public required VendResourceState State { get; init; }

    /// <summary>MeterPAN, 18 digits; null for a token without a meter.</summary>
    public string? Meter { get; init; }

    /// <summary>Who sold; null for what is not sold.</summary>
    public string? Vendor { get; init; }

    /// <summary>Where.</summary>
    public string? Outlet { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string Operator { get; init; }

    /// <summary>The second person, where there is one.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>Why, for tokens that are not sold.</summary>
    public string? Reason { get; init; }

    /// <summary>The document behind it.</summary>
    public string? WorkOrder { get; init; }

    /// <summary>The vend that a replacement is of.</summary>
    public string? Original { get; init; }

    /// <summary>The price of a credit vend.</summary>
    public PriceResource? Price { get; init; }

    /// <summary>Money handed back, a decimal string; null for none.</summary>
    public string? Change { get; init; }

    /// <summary>How it was paid.</summary>
    public VendPayment? Payment { get; init; }

    /// <summary>In the order in which they are typed; null until issued, and in lists.</summary>
    public IReadOnlyList<TokensResource>? Tokens { get; init; }

    /// <summary>Why not, where it was refused or taken back.</summary>
    public ProblemResource? Refusal { get; init; }

    /// <summary>True where no token works anywhere.</summary>
    public bool Sandbox { get; init; }

    /// <summary>When it was first asked for.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it was decided.</summary>
    public DateTimeOffset? Completed { get; init; }
}

/// <summary>What a vend would be; nothing was issued.</summary>
public sealed record VendTrialResource
{
    /// <summary>MeterPAN, 18 digits.</summary>
    public required string Meter { get; init; }

    /// <summary>Null for a free allocation alone.</summary>
    public PriceResource? Price { get; init; }

    /// <summary>What tokens would be made, with their units: free units too.</summary>
    public required IReadOnlyList<TrialToken> Tokens { get; init; }
}

/// <summary>A token that a vend would give.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Value">kWh, m3, minutes or money, a decimal string.</param>
public sealed record TrialToken(TokenKind Kind, string Value);
