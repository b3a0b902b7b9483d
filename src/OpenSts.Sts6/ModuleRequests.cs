using System.Collections.Frozen;

namespace OpenSts.Sts6;

/// <summary>
/// The security module cannot be asked, or its answer cannot be read; whether it made tokens is unknown.
/// </summary>
public sealed class SecurityModuleException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What a credit or management token is made of.</summary>
public sealed record VendRequest
{
    /// <summary>The key register of the module: 1 to 999 in ours.</summary>
    public required int Register { get; init; }

    public required MeterPan MeterPan { get; init; }

    public required TariffIndex TariffIndex { get; init; }

    public required EncryptionAlgorithm EncryptionAlgorithm { get; init; }

    /// <summary>What carries the token: 1 magnetic card, 2 numeric, 7 and 8 virtual carriers.</summary>
    public required int TokenCarrierType { get; init; }

    /// <summary>0 to 15; the class follows from the question.</summary>
    public required int Subclass { get; init; }

    /// <summary>
    /// The token's value field: for credit <see cref="TransferAmount.Field"/> (subclasses 0 to 3, 16 bits) or
    /// <see cref="CurrencyAmount.Field"/> (4 to 7, 20 bits); for management the 16-bit value.
    /// </summary>
    public required int Field { get; init; }

    /// <summary>
    /// Minutes since the base date of the register's key; the caller keeps the standard's rules for it.
    /// </summary>
    public required TokenIdentifier TokenIdentifier { get; init; }
}

/// <summary>From which key to which key a meter is moved.</summary>
public sealed record KeyChangeRequest
{
    public required int FromRegister { get; init; }

    public required int ToRegister { get; init; }

    public required MeterPan MeterPan { get; init; }

    public required TariffIndex FromTariffIndex { get; init; }

    public required TariffIndex ToTariffIndex { get; init; }

    public required EncryptionAlgorithm EncryptionAlgorithm { get; init; }

    /// <summary>See <see cref="VendRequest.TokenCarrierType"/>.</summary>
    public required int TokenCarrierType { get; init; }

    /// <summary>2 or 3 for EA07, 4 for EA11.</summary>
    public required int NumberOfTokens { get; init; }
}

/// <summary>A token to be opened with the key of a meter.</summary>
public sealed record VerifyRequest
{
    public required int Register { get; init; }

    public required MeterPan MeterPan { get; init; }

    public required TariffIndex TariffIndex { get; init; }

    public required EncryptionAlgorithm EncryptionAlgorithm { get; init; }

    public required Token66 Token { get; init; }
}

/// <summary>A key change set.</summary>
public sealed record KeyChangeTokens
{
    /// <summary>True where the two keys have different base dates: the meter forgets the tokens it has seen.</summary>
    public required bool Rollover { get; init; }

    /// <summary>2 to 4 tokens; the meter takes them in any order.</summary>
    public required IReadOnlyList<Token66> Tokens { get; init; }
}

/// <summary>What the module found in a token.</summary>
public sealed record TokenVerification
{
    /// <summary>Successful, or the first rule that the token breaks.</summary>
    public required ResponseCode Result { get; init; }

    /// <summary>Class 0 to 3; null where the token could not be opened or must not be described.</summary>
    public TokenClass? Class { get; init; }

    /// <summary>0 to 15; null with <see cref="Class"/>.</summary>
    public int? Subclass { get; init; }

    /// <summary>The value field; null with <see cref="Class"/>.</summary>
    public int? Field { get; init; }

    /// <summary>Null with <see cref="Class"/>.</summary>
    public TokenIdentifier? TokenIdentifier { get; init; }
}

/// <summary>The attribute card of a register: items of a three-letter tag and a value, in any order.</summary>
public sealed record RegisterCard
{
    /// <summary>The card as the module wrote it.</summary>
    public required string Text { get; init; }

    /// <summary>The items by tag; of a repeated tag the first.</summary>
    public FrozenDictionary<string, string> Items => Text.Split(';', StringSplitOptions.RemoveEmptyEntries)
        .Where(item => item.Length >= 3).GroupBy(item => item[..3], StringComparer.Ordinal)
        .ToFrozenDictionary(items => items.Key, items => items.First()[3..], StringComparer.Ordinal);
}

/// <summary>Who a module is and what time it has.</summary>
public sealed record ModuleStatus
{
    public required string ModuleId { get; init; }

    public required string FirmwareId { get; init; }

    /// <summary>The module's clock, UTC.</summary>
    public required DateTimeOffset Clock { get; init; }

    /// <summary>How far a TID may lie from the clock; days, as we read it.</summary>
    public required int TidWindow { get; init; }
}
