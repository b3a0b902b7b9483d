using OpenSts.Cryptography;

namespace OpenSts;

/// <summary>What a token says, before any protection: its class and 48 data bits.</summary>
/// <remarks>IEC 62055-41: the data bits begin with the 4-bit subclass.</remarks>
public readonly record struct TokenContent
{
    private const ulong DataMask = 0xFFFF_FFFF_FFFF;

    /// <summary>Joins a class and its data bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The class is not 0 to 3 or the data exceed 48 bits.</exception>
    public TokenContent(TokenClass tokenClass, ulong data)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)tokenClass, 3u);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data, DataMask);
        Class = tokenClass;
        Data = data;
    }

    /// <summary>The class.</summary>
    public TokenClass Class { get; }

    /// <summary>48 bits; the subclass is the uppermost four.</summary>
    public ulong Data { get; }

    /// <summary>The subclass, 0 to 15.</summary>
    public int Subclass => (int)(Data >> 44);

    /// <summary>True for class 0 subclass 4 to 7, whose check is the currency CRC.</summary>
    public bool IsCurrency => Class == TokenClass.Credit && Subclass is >= 4 and <= 7;

    /// <summary>The check that belongs to this content, 16 bits.</summary>
    // IEC 62055-41: CRC_C in place of CRC for the currency subclasses.
    public ushort Crc => IsCurrency ? TokenCrc.ComputeCurrency((int)Class, Data) : TokenCrc.Compute((int)Class, Data);

    /// <summary>Adds the check.</summary>
    public PlainBlock Seal() => new(Class, (Data << 16) | Crc);
}

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
