namespace OpenSts;

/// <summary>A class 2 token with random bits, a token identifier and a 16-bit value.</summary>
public abstract record ManagementToken : Token
{
    private readonly byte _random;

    private protected ManagementToken()
    {
    }

    /// <summary>The token identifier: the minute of issue.</summary>
    public required TokenIdentifier Tid { get; init; }

    /// <summary>Four random bits, 0 to 15.</summary>
    public required byte Random { get => _random; init => _random = TokenRandom.Checked(value); }

    /// <summary>The 16-bit value of the token.</summary>
    public abstract ushort Value { get; }

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.MeterSpecificManagement;

    /// <inheritdoc/>
    public override TokenIdentifier? Identifier => Tid;
}
