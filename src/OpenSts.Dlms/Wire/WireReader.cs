using System.Buffers.Binary;

namespace OpenSts.Dlms.Wire;

/// <summary>
/// Reads octets from the front of a span; what is not there fails once and for all, without an exception.
/// </summary>
/// <remarks>
/// After a failure every read gives zero or nothing, so a parser asks <see cref="Failed"/> at its end and not at every
/// step.
/// </remarks>
public ref struct WireReader(ReadOnlySpan<byte> octets)
{
    private ReadOnlySpan<byte> _rest = octets;

    /// <summary>True once something was missing or refused.</summary>
    public bool Failed { get; private set; }

    /// <summary>How many octets are left; 0 after a failure.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>True when everything was read and nothing failed.</summary>
    public readonly bool IsAtEnd => !Failed && _rest.IsEmpty;

    /// <summary>The octets left; none after a failure.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Refuses what is being read.</summary>
    public void Fail()
    {
        Failed = true;
        _rest = default;
    }

    /// <summary>The next octet without taking it; -1 at the end.</summary>
    public readonly int Peek() => _rest.IsEmpty ? -1 : _rest[0];

    /// <summary>One octet.</summary>
    public byte U8() => Take(1) is [var value] ? value : (byte)0;

    /// <summary>Two octets, the most significant first.</summary>
    public ushort U16() => Take(2) is { Length: 2 } value ? BinaryPrimitives.ReadUInt16BigEndian(value) : (ushort)0;

    /// <summary>Four octets, the most significant first.</summary>
    public uint U32() => Take(4) is { Length: 4 } value ? BinaryPrimitives.ReadUInt32BigEndian(value) : 0;

    /// <summary>Eight octets, the most significant first.</summary>
    public ulong U64() => Take(8) is { Length: 8 } value ? BinaryPrimitives.ReadUInt64BigEndian(value) : 0;

    /// <summary>So many octets; an empty span and a failure where they are not there.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _rest.Length)
        {
            Fail();
            return default;
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    /// <summary>A length: one octet below 128, else 81h to 84h and as many octets. At most 2^31 - 1.</summary>
    /// <remarks>
    /// ISO/IEC 8825-1 definite form; IEC 61334-6 has the same. A length need not be in its shortest form.
    /// </remarks>
    public int Length()
    {
        var first = U8();
        if (first < 128)
            return first;
        if (first is < 0x81 or > 0x84)
        {
            Fail();
            return 0;
        }

        uint value = 0;
        for (var octets = first & 0x7F; octets > 0; octets--)
            value = (value << 8) | U8();
        if (value <= int.MaxValue)
            return (int)value;
        Fail();
        return 0;
    }

    /// <summary>A length and so many octets.</summary>
    public ReadOnlySpan<byte> Counted() => Take(Length());

    /// <summary>A marker of optional presence: 0 absent, anything else present.</summary>
    // IEC 61334-6: TRUE is any octet but zero.
    public bool Flag() => U8() != 0;
}
