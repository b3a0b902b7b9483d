namespace OpenSts;

/// <summary>A token that carries 32 bits of a new decoder key: class 2 subclass 3, 4, 8 or 9.</summary>
public abstract record KeyChangeToken : Token
{
    private protected KeyChangeToken()
    {
    }

    /// <summary>32 bits of the new key.</summary>
    public required KeySection Section { get; init; }

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.MeterSpecificManagement;
}
