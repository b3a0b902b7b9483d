using System.Globalization;
using System.Text;

namespace OpenSts.Dlms.Values;

/// <summary>One value of COSEM data: a type and what it holds. The default value is null-data.</summary>
/// <remarks>
/// IEC 62056-6-2. It does not change after it was made; lists and octets handed in are the value's own from then on.
/// </remarks>
public readonly struct CosemValue : IEquatable<CosemValue>
{
    private readonly long _bits;
    private readonly object? _content;

    internal CosemValue(CosemType type, long bits, object? content)
    {
        Type = type;
        _bits = bits;
        _content = content;
    }

    /// <summary>The type.</summary>
    public CosemType Type { get; }

    /// <summary>The elements of an array or structure; empty for every other type.</summary>
    public ReadOnlySpan<CosemValue> Elements => _content as CosemValue[];

    /// <summary>The octets of a string, bit-string, date or time; empty for every other type.</summary>
    public ReadOnlySpan<byte> Octets => _content as byte[];

    /// <summary>How many bits a bit-string has; 0 for every other type.</summary>
    public int BitCount => Type == CosemType.BitString ? (int)_bits : 0;

    /// <summary>The content as 64 bits: integers with their sign, float32 and float64 in their own form.</summary>
    internal long Bits => _bits;

    /// <summary>No value.</summary>
    public static CosemValue Null => default;

    /// <summary>True or false.</summary>
    public static CosemValue Boolean(bool value) => new(CosemType.Boolean, value ? 1 : 0, null);

    /// <summary>integer, -128 to 127.</summary>
    public static CosemValue Int8(sbyte value) => new(CosemType.Int8, value, null);

    /// <summary>long, -32768 to 32767.</summary>
    public static CosemValue Int16(short value) => new(CosemType.Int16, value, null);

    /// <summary>double-long.</summary>
    public static CosemValue Int32(int value) => new(CosemType.Int32, value, null);

    /// <summary>long64.</summary>
    public static CosemValue Int64(long value) => new(CosemType.Int64, value, null);

    /// <summary>unsigned, 0 to 255.</summary>
    public static CosemValue UInt8(byte value) => new(CosemType.UInt8, value, null);

    /// <summary>long-unsigned, 0 to 65535.</summary>
    public static CosemValue UInt16(ushort value) => new(CosemType.UInt16, value, null);

    /// <summary>double-long-unsigned.</summary>
    public static CosemValue UInt32(uint value) => new(CosemType.UInt32, value, null);

    /// <summary>long64-unsigned.</summary>
    public static CosemValue UInt64(ulong value) => new(CosemType.UInt64, unchecked((long)value), null);

    /// <summary>enum, 0 to 255.</summary>
    public static CosemValue Enum(byte value) => new(CosemType.Enum, value, null);

    /// <summary>float32.</summary>
    public static CosemValue Float32(float value) =>
        new(CosemType.Float32, BitConverter.SingleToInt32Bits(value), null);

    /// <summary>float64.</summary>
    public static CosemValue Float64(double value) =>
        new(CosemType.Float64, BitConverter.DoubleToInt64Bits(value), null);

    /// <summary>octet-string.</summary>
    public static CosemValue OctetString(params byte[] value) => new(CosemType.OctetString, 0, value);

    /// <summary>octet-string of six octets: a logical name.</summary>
    public static CosemValue Name(LogicalName name) => OctetString(name.ToArray());

    /// <summary>octet-string of twelve octets: a date and time.</summary>
    public static CosemValue OctetString(CosemDateTime time) => OctetString(time.ToArray());

    /// <summary>date-time.</summary>
    public static CosemValue DateTime(CosemDateTime time) => new(CosemType.DateTime, 0, time.ToArray());

    /// <summary>visible-string; characters outside ASCII become question marks.</summary>
    public static CosemValue VisibleString(string value) =>
        new(CosemType.VisibleString, 0, Encoding.ASCII.GetBytes(value));

    /// <summary>utf8-string.</summary>
    public static CosemValue Utf8String(string value) => new(CosemType.Utf8String, 0, Encoding.UTF8.GetBytes(value));

    /// <summary>bit-string; bit 0 is the first bit on the wire.</summary>
    /// <param name="count">How many bits, 0 to 64.</param>
    /// <param name="isSet">Whether a bit is set.</param>
    public static CosemValue BitString(int count, Func<int, bool> isSet)
    {
        ArgumentNullException.ThrowIfNull(isSet);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, 64u, nameof(count));
        var octets = new byte[(count + 7) / 8];
        for (var bit = 0; bit < count; bit++)
        {
            if (isSet(bit))
                octets[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return new CosemValue(CosemType.BitString, count, octets);
    }

    /// <summary>bit-string of eight bits that hold a number, the most significant first.</summary>
    public static CosemValue BitString(byte value) => new(CosemType.BitString, 8, new[] { value });

    /// <summary>array.</summary>
    public static CosemValue Array(params CosemValue[] elements) => new(CosemType.Array, 0, elements);

    /// <summary>array.</summary>
    public static CosemValue Array(IEnumerable<CosemValue> elements) => new(CosemType.Array, 0, elements.ToArray());

    /// <summary>structure.</summary>
    public static CosemValue Structure(params CosemValue[] elements) => new(CosemType.Structure, 0, elements);

    /// <summary>
    /// The number of an integer, enum or boolean; false for other types and for numbers outside 64 bits with a sign.
    /// </summary>
    public bool TryGetInteger(out long value)
    {
        value = _bits;
        return IsInteger && (Type != CosemType.UInt64 || _bits >= 0);
    }

    /// <summary>The number of an unsigned integer or enum; false for other types and for negative numbers.</summary>
    public bool TryGetUnsigned(out ulong value)
    {
        value = unchecked((ulong)_bits);
        return IsInteger && (Type == CosemType.UInt64 || _bits >= 0);
    }

    /// <summary>The text of a visible-string or utf8-string; null for other types.</summary>
    public string? Text => Type switch
    {
        CosemType.VisibleString => Encoding.ASCII.GetString(Octets),
        CosemType.Utf8String => Encoding.UTF8.GetString(Octets),
        _ => null,
    };

    /// <summary>The number of a float32 or float64; null for other types.</summary>
    public double? Float => Type switch
    {
        CosemType.Float32 => BitConverter.Int32BitsToSingle(unchecked((int)_bits)),
        CosemType.Float64 => BitConverter.Int64BitsToDouble(_bits),
        _ => null,
    };

    private bool IsInteger => Type is CosemType.Boolean or CosemType.Bcd or CosemType.Int8 or CosemType.Int16
        or CosemType.Int32 or CosemType.Int64
        or CosemType.UInt8 or CosemType.UInt16 or CosemType.UInt32 or CosemType.UInt64 or CosemType.Enum
        or (>= CosemType.DeltaInt8 and <= CosemType.DeltaUInt32);

    /// <inheritdoc/>
    public bool Equals(CosemValue other) => Type == other.Type && _bits == other._bits
        && Octets.SequenceEqual(other.Octets) && Elements.SequenceEqual(other.Elements);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CosemValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Type);
        hash.Add(_bits);
        hash.AddBytes(Octets);
        hash.Add(Elements.Length);
        return hash.ToHashCode();
    }

    /// <summary>Equal in type and content.</summary>
    public static bool operator ==(CosemValue left, CosemValue right) => left.Equals(right);

    /// <summary>Different in type or content.</summary>
    public static bool operator !=(CosemValue left, CosemValue right) => !left.Equals(right);

    /// <summary>
    /// The value for a person: numbers in decimal, text in quotes, octets in hexadecimal digits, lists in brackets.
    /// </summary>
    public override string ToString() => Type switch
    {
        CosemType.Null => "null",
        CosemType.DontCare => "*",
        CosemType.Boolean => _bits != 0 ? "true" : "false",
        CosemType.Array => $"[{string.Join(", ", Elements.ToArray())}]",
        CosemType.Structure => $"{{{string.Join(", ", Elements.ToArray())}}}",
        CosemType.VisibleString or CosemType.Utf8String => $"\"{Text}\"",
        CosemType.Float32 or CosemType.Float64 => Float!.Value.ToString("R", CultureInfo.InvariantCulture),
        CosemType.UInt64 => unchecked((ulong)_bits).ToString(CultureInfo.InvariantCulture),
        CosemType.BitString => BitText(),
        _ when _content is byte[] octets => Convert.ToHexString(octets),
        _ => _bits.ToString(CultureInfo.InvariantCulture),
    };

    private string BitText()
    {
        var text = new StringBuilder(BitCount);
        for (var bit = 0; bit < BitCount; bit++)
            text.Append((Octets[bit / 8] & (0x80 >> (bit % 8))) != 0 ? '1' : '0');
        return text.ToString();
    }
}
