namespace OpenSts;

/// <summary>Credit in units of a service: class 0 subclass 0 to 3.</summary>
public sealed record TransferCredit : Token
{
    private readonly byte _random;

    /// <summary>The service that the credit is for.</summary>
    public required CreditService Service { get; init; }

    /// <summary>The amount, in units of 0.1 kWh, 0.1 m3 or 0.1 min.</summary>
    public required TransferAmount Amount { get; init; }

    /// <summary>The token identifier: the minute of issue.</summary>
    public required TokenIdentifier Tid { get; init; }

    /// <summary>Four random bits, 0 to 15.</summary>
    public required byte Random { get => _random; init => _random = TokenRandom.Checked(value); }

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.Credit;

    /// <inheritdoc/>
    public override int Subclass => (int)Service;

    /// <inheritdoc/>
    public override string Name => $"TransferCredit.{Service}";

    /// <inheritdoc/>
    public override TokenIdentifier? Identifier => Tid;
}
