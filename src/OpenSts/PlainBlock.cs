namespace OpenSts;

/// <summary>A token's 64 bits in clear: 48 data bits and a 16-bit check. Only a cipher makes a token of it.</summary>
public readonly record struct PlainBlock
{
    internal PlainBlock(TokenClass tokenClass, ulong value)
    {
        Class = tokenClass;
        Value = value;
    }

    /// <summary>The class.</summary>
    public TokenClass Class { get; }

    /// <summary>Data bits above, check in the lowest 16.</summary>
    public ulong Value { get; }

    /// <summary>The data bits, whether the check holds or not.</summary>
    public TokenContent UncheckedContent => new(Class, Value >> 16);

    /// <summary>The check as found.</summary>
    public ushort Crc => (ushort)(Value & 0xFFFF);

    /// <summary>The content, where the check holds.</summary>
    public bool TryOpen(out TokenContent content)
    {
        content = UncheckedContent;
        if (content.Crc == Crc)
            return true;
        content = default;
        return false;
    }

    /// <summary>A class 1 token, which travels in clear.</summary>
    /// <exception cref="InvalidOperationException">The class is another one: it must be encrypted.</exception>
    public CipherBlock InClear() => Class == TokenClass.NonMeterSpecificManagement
        ? new CipherBlock(Class, Value)
        : throw new InvalidOperationException("Only class 1 tokens travel in clear.");
}
