using System.Buffers.Binary;

namespace OpenSts.Dlms.Security;

/// <summary>
/// The name of a client or server in every nonce: eight octets, the first three the maker's letters. The default value
/// is no title.
/// </summary>
/// <remarks>IEC 62056-5-3, system title. Two parties with one title and one key would use a nonce twice.</remarks>
public readonly record struct SystemTitle
{
    /// <summary>How many octets a title has.</summary>
    public const int Octets = 8;

    private SystemTitle(ulong value) => Value = value;

    /// <summary>The eight octets as a number.</summary>
    public ulong Value { get; }

    /// <summary>The title of a maker's device: three letters and a number.</summary>
    /// <param name="maker">Three upper case ASCII letters, as the FLAG list has them.</param>
    /// <param name="number">0 to 2^40 - 1.</param>
    /// <exception cref="ArgumentException">The letters or the number do not fit.</exception>
    public static SystemTitle Create(string maker, ulong number)
    {
        ArgumentNullException.ThrowIfNull(maker);
        if (maker.Length != 3 || !maker.All(char.IsAsciiLetterUpper))
            throw new ArgumentException("A maker has three letters A to Z.", nameof(maker));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, (1ul << 40) - 1);
        return new SystemTitle(((ulong)maker[0] << 56) | ((ulong)maker[1] << 48) | ((ulong)maker[2] << 40) | number);
    }

    /// <summary>The title of eight octets; false for another number of them.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out SystemTitle title)
    {
        title = octets.Length == Octets ? new SystemTitle(BinaryPrimitives.ReadUInt64BigEndian(octets)) : default;
        return octets.Length == Octets;
    }

    /// <summary>The eight octets.</summary>
    public byte[] ToArray()
    {
        var octets = new byte[Octets];
        CopyTo(octets);
        return octets;
    }

    /// <summary>16 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("X16");

    internal void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt64BigEndian(destination, Value);
}
