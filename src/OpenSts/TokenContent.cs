using OpenSts.Cryptography;

namespace OpenSts;

/// <summary>The class and the 48 data bits of a token, before the CRC is added.</summary>
/// <remarks>IEC 62055-41: the data bits begin with the 4-bit subclass.</remarks>
public readonly record struct TokenContent
{
    private const ulong DataMask = 0xFFFF_FFFF_FFFF;

    /// <summary>Creates the content from a class and its data bits.</summary>
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

    /// <summary>The 48 data bits; the subclass is the upper four.</summary>
    public ulong Data { get; }

    /// <summary>The subclass, 0 to 15.</summary>
    public int Subclass => (int)(Data >> 44);

    /// <summary>True for class 0 subclass 4 to 7, which has the currency CRC (CRC_C).</summary>
    public bool IsCurrency => Class == TokenClass.Credit && Subclass is >= 4 and <= 7;

    /// <summary>The CRC of this content, 16 bits.</summary>
    // IEC 62055-41: CRC_C in place of CRC for the currency subclasses.
    public ushort Crc => IsCurrency ? TokenCrc.ComputeCurrency((int)Class, Data) : TokenCrc.Compute((int)Class, Data);

    /// <summary>Adds the CRC.</summary>
    public PlainBlock Seal() => new(Class, (Data << 16) | Crc);
}
