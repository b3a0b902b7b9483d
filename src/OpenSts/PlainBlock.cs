namespace OpenSts;

/// <summary>The 64-bit block before encryption: 48 data bits and the 16-bit CRC.</summary>
public readonly record struct PlainBlock
{
    internal PlainBlock(TokenClass tokenClass, ulong value)
    {
        Class = tokenClass;
        Value = value;
    }

    /// <summary>The class.</summary>
    public TokenClass Class { get; }

    /// <summary>The 64 bits: the data bits in the upper 48, the CRC in the lower 16.</summary>
    public ulong Value { get; }

    /// <summary>The class and data bits, whether the CRC matches or not.</summary>
    public TokenContent UncheckedContent => new(Class, Value >> 16);

    /// <summary>The CRC in the block.</summary>
    public ushort Crc => (ushort)(Value & 0xFFFF);

    /// <summary>Gets the content if the CRC matches; false, and the default content, if it does not.</summary>
    public bool TryOpen(out TokenContent content)
    {
        content = UncheckedContent;
        if (content.Crc == Crc)
            return true;
        content = default;
        return false;
    }

    /// <summary>The block of a class 1 token, which is not encrypted.</summary>
    /// <exception cref="InvalidOperationException">The class is not 1: the block must be encrypted.</exception>
    public CipherBlock InClear() => Class == TokenClass.NonMeterSpecificManagement
        ? new CipherBlock(Class, Value)
        : throw new InvalidOperationException("Only a class 1 token is not encrypted.");
}
