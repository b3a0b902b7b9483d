using System.Buffers.Binary;

namespace OpenSts.Dlms.Wire;

/// <summary>
/// Octets that grow at their end. It is used again after <see cref="Clear"/>; what it held is overwritten, not kept
/// secret.
/// </summary>
public sealed class WireWriter
{
    private byte[] _octets;

    /// <summary>An empty one with room for so many octets before it has to grow.</summary>
    public WireWriter(int capacity = 256) => _octets = new byte[Math.Max(16, capacity)];

    /// <summary>How many octets were written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _octets.AsSpan(0, Length);

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _octets.AsMemory(0, Length);

    /// <summary>Forgets everything; the room stays, unless it grew beyond 64 KiB.</summary>
    public void Clear()
    {
        Length = 0;
        if (_octets.Length > 65_536)
            _octets = new byte[256];
    }

    /// <summary>Forgets everything and overwrites it: what it held was secret.</summary>
    public void Wipe()
    {
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(_octets);
        Length = 0;
    }

    /// <summary>Forgets everything behind a place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Nothing was written there yet.</exception>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length, nameof(length));
        Length = length;
    }

    /// <summary>Forgets so many octets at the front.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public void RemoveFront(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Length, nameof(count));
        _octets.AsSpan(count, Length - count).CopyTo(_octets);
        Length -= count;
    }

    /// <summary>Room for so many octets, counted as written; the caller fills it.</summary>
    public Span<byte> Reserve(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > _octets.Length - Length)
            Array.Resize(ref _octets, Math.Max(Length + count, _octets.Length * 2));
        var room = _octets.AsSpan(Length, count);
        Length += count;
        return room;
    }

    /// <summary>One octet.</summary>
    public void U8(int value) => Reserve(1)[0] = (byte)(value & 0xFF);

    /// <summary>Two octets, the most significant first.</summary>
    public void U16(int value) => BinaryPrimitives.WriteUInt16BigEndian(Reserve(2), (ushort)(value & 0xFFFF));

    /// <summary>Four octets, the most significant first.</summary>
    public void U32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(4), value);

    /// <summary>Eight octets, the most significant first.</summary>
    public void U64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Reserve(8), value);

    /// <summary>Octets as they are.</summary>
    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Reserve(value.Length));

    /// <summary>A length in its shortest form.</summary>
    public void Count(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length < 0x80)
        {
            U8(length);
        }
        else if (length < 0x100)
        {
            U8(0x81);
            U8(length);
        }
        else if (length < 0x10000)
        {
            U8(0x82);
            U16(length);
        }
        else
        {
            U8(0x84);
            U32((uint)length);
        }
    }

    /// <summary>A length and the octets.</summary>
    public void Counted(ReadOnlySpan<byte> value)
    {
        Count(value.Length);
        Bytes(value);
    }

    /// <summary>How many octets a length takes.</summary>
    public static int CountOctets(int length) => length < 0x80 ? 1 : length < 0x100 ? 2 : length < 0x10000 ? 3 : 5;
}
