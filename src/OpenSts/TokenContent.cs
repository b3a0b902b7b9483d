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
