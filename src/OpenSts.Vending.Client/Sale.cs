namespace OpenSts.Vending.Client;

/// <summary>Under which key a sale is made while a key change is not confirmed.</summary>
public enum KeyChoice
{
    /// <summary>A word that this client does not know.</summary>
    Other,

    /// <summary>The one the meter had.</summary>
    Old,

    /// <summary>The one it is moving to.</summary>
    New,
}

/// <summary>What is to be sold.</summary>
public sealed record Sale
{
    /// <summary>11 or 13 digits from the meter's face, or a MeterPAN of 18.</summary>
    public required string Meter { get; init; }

    /// <summary>Money for the sale, with at most as many decimals as the currency has; 0 takes a free allocation alone.</summary>
    public required decimal Tender { get; init; }

    /// <summary>Money handed over, where it is more than the tender.</summary>
    public decimal? Cash { get; init; }

    /// <summary>Decides the fee; null for the counter.</summary>
    public string? Channel { get; init; }

    /// <summary>Who sells; null for the vendor that the API key is tied to.</summary>
    public string? Vendor { get; init; }

    /// <summary>Where, for the receipt.</summary>
    public string? Terminal { get; init; }

    /// <summary>Null for what the server thinks right.</summary>
    public KeyChoice? Key { get; init; }
}

/// <summary>What a sale would be; nothing was issued.</summary>
public sealed record Trial
{
    /// <summary>MeterPAN, 18 digits.</summary>
    public required string Meter { get; init; }

    /// <summary>Null for a free allocation alone.</summary>
    public Price? Price { get; init; }

    /// <summary>What tokens would be made.</summary>
    public IReadOnlyList<TokenKind> Extras { get; init; } = [];
}
