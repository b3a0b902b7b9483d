namespace OpenSts;

/// <summary>A token's 64 bits as they travel: encrypted for class 0 and 2, in clear for class 1.</summary>
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

    /// <summary>The block of a class 1 token, which needs no key.</summary>
    /// <exception cref="InvalidOperationException">The class is another one: a <see cref="Keys.DecoderKey"/> decrypts
    /// it.</exception>
    public PlainBlock InClear() => Class == TokenClass.NonMeterSpecificManagement
        ? new PlainBlock(Class, Value)
        : throw new InvalidOperationException("Only class 1 tokens travel in clear.");
}
