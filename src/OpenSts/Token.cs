namespace OpenSts;

/// <summary>A decoded token. The derived types are all tokens of STS Edition 2; no others can be added.</summary>
/// <remarks>
/// IEC 62055-41 and STS 202-5. <see cref="TokenLayout.Write"/> encodes a token into 48 data bits; with a CRC,
/// encrypted and with the class bits inserted they are a <see cref="Token66"/>.
/// </remarks>
public abstract record Token
{
    private protected Token()
    {
    }

    /// <summary>The token class.</summary>
    public abstract TokenClass Class { get; }

    /// <summary>The subclass, 0 to 15.</summary>
    public abstract int Subclass { get; }

    /// <summary>The standard's name of the token, with the service for credit, such as TransferCredit.Water.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// The token identifier (the minute of issue); null for class 1 and key change tokens, which carry none.
    /// </summary>
    public virtual TokenIdentifier? Identifier => null;
}
