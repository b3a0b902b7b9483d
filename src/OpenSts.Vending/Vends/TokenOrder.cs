using OpenSts.Vending.Meters;

namespace OpenSts.Vending.Vends;

/// <summary>What tokens are for.</summary>
public enum TokenPurpose
{
    KeyChange,
    Free,
    Credit,
    Management,

    /// <summary>Class 1: made without the module, since it needs no key.</summary>
    Test,
}

/// <summary>One request to the security module; asked again after a failure it is the same to the last bit.</summary>
public sealed record TokenOrder
{
    public required TokenPurpose Purpose { get; init; }

    /// <summary>The module's register, 1 to 999; 0 for a test token and a sandbox meter.</summary>
    public required int Register { get; init; }

    /// <summary>The register of the new key; 0 but for a key change.</summary>
    public int ToRegister { get; init; }

    /// <summary>The key it is made under; null for a test token.</summary>
    public MeterKey? Key { get; init; }

    /// <summary>The new key of a key change.</summary>
    public MeterKey? ToKey { get; init; }

    /// <summary>0 to 15.</summary>
    public int Subclass { get; init; }

    /// <summary>The value field; for a test token the 36 bits of its control field.</summary>
    public long Field { get; init; }

    /// <summary>Null where the token carries none.</summary>
    public TokenIdentifier? Identifier { get; init; }

    /// <summary>The year of the key's base date; 0 for a test token.</summary>
    public int BaseDate { get; init; }

    /// <summary>Tokens that it gives: 1, or 2 to 4 of a key change set.</summary>
    public int Count { get; init; } = 1;

    /// <summary>kWh, m3, minutes, money or W.</summary>
    public decimal Value { get; init; }
}

/// <summary>A token of a vend.</summary>
/// <param name="Order">The position of its order in the vend, 0 and up.</param>
/// <param name="Part">Its position among the tokens of that order, 0 and up.</param>
/// <param name="Token">The token.</param>
public readonly record struct VendToken(int Order, int Part, Token66 Token);
