namespace OpenSts;

/// <summary>
/// Credit in currency for a service: class 0 subclass 4 to 7. It has no random bits: the upper bits of the amount
/// take their place.
/// </summary>
public sealed record TransferCurrency : Token
{
    /// <summary>The service that the credit is for.</summary>
    public required CreditService Service { get; init; }

    /// <summary>The amount, in steps of 10^-5 of a base unit; may be negative.</summary>
    public required CurrencyAmount Amount { get; init; }

    /// <summary>The token identifier: the minute of issue.</summary>
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
