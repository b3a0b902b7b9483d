namespace OpenSts;

/// <summary>What a token means. The family is closed: these are all the tokens of STS Edition 2.</summary>
/// <remarks>
/// IEC 62055-41 and STS 202-5. A meaning becomes 66 bits by <see cref="TokenLayout.Write"/>, a check, a cipher and
/// <see cref="Token66"/>, and comes back the same way.
/// </remarks>
public abstract record Token
{
    private protected Token()
    {
    }

    /// <summary>The class the token travels in.</summary>
    public abstract TokenClass Class { get; }

    /// <summary>The subclass, 0 to 15.</summary>
    public abstract int Subclass { get; }

    /// <summary>The name of the standard, with the service or section where there are several.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// When the token was made; null for class 1 and for key change tokens, which carry no identifier.
    /// </summary>
    public virtual TokenIdentifier? Identifier => null;
}
