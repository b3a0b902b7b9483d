namespace OpenSts;

/// <summary>
/// Credit in currency for a service: class 0 subclass 4 to 7. It has no random bits: the amount takes their place.
/// </summary>
public sealed record TransferCurrency : Token
{
    /// <summary>What the money is for.</summary>
    public required CreditService Service { get; init; }

    /// <summary>How much, in 10^-5 of a base unit; may be negative.</summary>
    public required CurrencyAmount Amount { get; init; }

    /// <summary>When the token was made.</summary>
    public required TokenIdentifier Tid { get; init; }

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.Credit;

    /// <inheritdoc/>
    public override int Subclass => (int)Service + 4;

    /// <inheritdoc/>
    public override string Name => $"TransferCredit.{Service}Currency";

    /// <inheritdoc/>
    public override TokenIdentifier? Identifier => Tid;
}
