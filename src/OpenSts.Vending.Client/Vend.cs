namespace OpenSts.Vending.Client;

/// <summary>Why tokens are made.</summary>
public enum VendKind
{
    /// <summary>A word that this client does not know.</summary>
    Other,

    /// <summary>Money for units.</summary>
    Sale,

    /// <summary>The value of an earlier sale again.</summary>
    Replacement,

    /// <summary>A management or test token.</summary>
    Engineering,

    /// <summary>A key change set on its own.</summary>
    KeyChange,
}

/// <summary>How far it has come.</summary>
public enum VendState
{
    /// <summary>A word that this client does not know.</summary>
    Other,

    /// <summary>A second person must approve it first.</summary>
    AwaitingApproval,

    /// <summary>Whether tokens were made is not known yet.</summary>
    Pending,

    /// <summary>The tokens are stored.</summary>
    Issued,

    /// <summary>There are no tokens and never will be.</summary>
    Refused,

    /// <summary>Taken back before any token left the server.</summary>
    Reversed,
}

/// <summary>What a token does.</summary>
public enum TokenKind
{
    /// <summary>A word that this client does not know.</summary>
    Other,

    /// <summary>One token of a set that changes the meter's key; typed first, in their order.</summary>
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
public sealed record VendTokens
{
    /// <summary>What they do.</summary>
    public TokenKind Kind { get; init; }

    /// <summary>kWh, m3, minutes, money or W.</summary>
    public decimal Value { get; init; }

    /// <summary>20 digits each, in the order in which they are typed.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>Minutes since the key's base date; null where the token carries none.</summary>
    public int? TokenIdentifier { get; init; }

    /// <summary>The key that the meter must hold for them; null for a test token.</summary>
    public MeterKey? Key { get; init; }

    /// <summary>The key that a key change moves to.</summary>
    public MeterKey? ToKey { get; init; }

    /// <summary>True for a key change set of an earlier sale, given again because nobody confirmed the new key yet.</summary>
    public bool Repeated { get; init; }
}

/// <summary>What a line of a price is about.</summary>
public enum PriceLineKind
{
    /// <summary>A word that this client does not know.</summary>
    Other,

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
/// <param name="Amount">Money; without tax but for the tax line.</param>
/// <param name="Units">Units, on energy lines.</param>
/// <param name="Rate">Money for a unit, on energy lines; percent, on the tax line.</param>
public sealed record PriceLine(PriceLineKind Kind, string Name, decimal Amount, decimal? Units, decimal? Rate);

/// <summary>A tender taken apart.</summary>
public sealed record Price
{
    /// <summary>Three capitals, such as ZAR.</summary>
    public required string Currency { get; init; }

    /// <summary>What the customer pays; the sum of the lines.</summary>
    public decimal Tender { get; init; }

    /// <summary>In the order of the receipt.</summary>
    public required IReadOnlyList<PriceLine> Lines { get; init; }

    /// <summary>What the money buys.</summary>
    public decimal Units { get; init; }

    /// <summary>What the token gives: rounded up to its step. Money for a currency meter.</summary>
    public decimal TokenUnits { get; init; }

    /// <summary>Fixed charges that stay due, without tax.</summary>
    public decimal FixedChargesLeft { get; init; }

    /// <summary>What stays owed.</summary>
    public decimal ArrearsLeft { get; init; }
}

/// <summary>Tokens that were asked for, as the server shows them.</summary>
public sealed record Vend
{
    /// <summary>The client's own identity for it.</summary>
    public required string Id { get; init; }

    /// <summary>The server's number: that of the receipt.</summary>
    public long Number { get; init; }

    /// <summary>Why tokens are made.</summary>
    public VendKind Kind { get; init; }

    /// <summary>How far it has come.</summary>
    public VendState State { get; init; }

    /// <summary>MeterPAN, 18 digits; null for a token without a meter.</summary>
    public string? Meter { get; init; }

    /// <summary>Who sold; null for what is not sold.</summary>
    public string? Vendor { get; init; }

    /// <summary>Who asked for it.</summary>
    public string Operator { get; init; } = "";

    /// <summary>The second person, where there is one.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>Why, for tokens that are not sold.</summary>
    public string? Reason { get; init; }

    /// <summary>The paper behind it.</summary>
    public string? WorkOrder { get; init; }

    /// <summary>The sale that a replacement is of.</summary>
    public string? Original { get; init; }

    /// <summary>The price of a sale.</summary>
    public Price? Price { get; init; }

    /// <summary>Money handed back.</summary>
    public decimal? Change { get; init; }

    /// <summary>In the order in which they are typed; empty in lists and until issued.</summary>
    public IReadOnlyList<VendTokens>? Tokens { get; init; }

    /// <summary>Why not, where it was refused or taken back.</summary>
    public Problem? Refusal { get; init; }

    /// <summary>True where no token works anywhere.</summary>
    public bool Sandbox { get; init; }

    /// <summary>When it was first asked for.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When it was decided.</summary>
    public DateTimeOffset? Completed { get; init; }

    /// <summary>All digits to type, in order, 20 for each token.</summary>
    public IEnumerable<string> Digits => (Tokens ?? []).SelectMany(set => set.Tokens);
}
