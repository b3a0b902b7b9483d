using System.Globalization;

namespace OpenSts.Dlms.Values;

/// <summary>
/// The name of a COSEM object: six numbers 0 to 255, written <c>A-B:C.D.E.F</c>. The default value is 0-0:0.0.0.0.
/// </summary>
/// <remarks>IEC 62056-6-1, OBIS code.</remarks>
public readonly record struct LogicalName
{
    /// <summary>How many octets a name has.</summary>
    public const int Octets = 6;

    private readonly ulong _value;

    private LogicalName(ulong value) => _value = value;

    /// <summary>The name of six numbers.</summary>
    public LogicalName(byte a, byte b, byte c, byte d, byte e, byte f = 255) => _value =
        ((ulong)a << 40) | ((ulong)b << 32) | ((ulong)c << 24) | ((ulong)d << 16) | ((ulong)e << 8) | f;

    /// <summary>One of the six numbers, 0 (A) to 5 (F).</summary>
    public byte this[int group] => (byte)((_value >> (8 * (5 - group))) & 0xFF);

    /// <summary>The name of six octets.</summary>
    /// <exception cref="ArgumentException">There are not six.</exception>
    public static LogicalName FromOctets(ReadOnlySpan<byte> octets)
    {
        if (octets.Length != Octets)
            throw new ArgumentException("A logical name has six octets.", nameof(octets));
        ulong value = 0;
        foreach (var octet in octets)
            value = (value << 8) | octet;
        return new LogicalName(value);
    }

    /// <summary>The six octets.</summary>
    public byte[] ToArray() => [this[0], this[1], this[2], this[3], this[4], this[5]];

    /// <summary>Writes the six octets.</summary>
    internal void CopyTo(Span<byte> destination)
    {
        for (var i = 0; i < Octets; i++)
            destination[i] = this[i];
    }

    /// <summary>Reads <c>A-B:C.D.E.F</c> or <c>A.B.C.D.E.F</c>; <c>F</c> may be left out and is 255 then.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out LogicalName name)
    {
        name = default;
        ulong value = 0;
        var group = 0;
        while (group < Octets)
        {
            var digits = 0;
            while (digits < text.Length && char.IsAsciiDigit(text[digits]))
                digits++;
            if (digits is 0 or > 3
                || !byte.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return false;
            value = (value << 8) | number;
            text = text[digits..];
            group++;
            if (text.IsEmpty)
                break;
            var separatorFits = text[0] == '.' || (group == 1 && text[0] == '-') || (group == 2 && text[0] == ':');
            if (!separatorFits || group == Octets)
                return false;
            text = text[1..];
        }

        if (group < 5 || !text.IsEmpty)
            return false;
        name = new LogicalName(group == 5 ? (value << 8) | 255 : value);
        return true;
    }

    /// <summary>The name as <c>A-B:C.D.E.F</c>.</summary>
    public override string ToString() => $"{this[0]}-{this[1]}:{this[2]}.{this[3]}.{this[4]}.{this[5]}";
}
