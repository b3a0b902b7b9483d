namespace OpenSts;

/// <summary>The 64-bit block of a token: encrypted for class 0 and 2, not encrypted for class 1.</summary>
public readonly record struct CipherBlock
{
    internal CipherBlock(TokenClass tokenClass, ulong value)
    {
        Class = tokenClass;
        Value = value;
    }

    /// <summary>The class, which is never encrypted.</summary>
    public TokenClass Class { get; }

    /// <summary>The 64 bits.</summary>
    public ulong Value { get; }

    /// <summary>The plain block of a class 1 token, which needs no key.</summary>
    /// <exception cref="InvalidOperationException">The class is not 1: only the <see cref="Keys.DecoderKey"/>
    /// decrypts the block.</exception>
    public PlainBlock InClear() => Class == TokenClass.NonMeterSpecificManagement
        ? new PlainBlock(Class, Value)
        : throw new InvalidOperationException("Only a class 1 token is not encrypted.");
}
