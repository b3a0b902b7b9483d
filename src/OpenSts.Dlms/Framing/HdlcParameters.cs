using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Framing;

/// <summary>What two ends of a link agree on: the longest information field each way. The window is one frame.</summary>
/// <remarks>IEC 62056-46, SNRM and UA: format 81h, group 80h, parameters 05h to 08h. 128 octets where nothing is said.</remarks>
/// <param name="Transmit">The longest information field this end sends, 32 to 2030 octets.</param>
/// <param name="Receive">The longest information field this end takes, 32 to 2030 octets.</param>
public readonly record struct HdlcParameters(int Transmit, int Receive)
{
    /// <summary>The length where nothing is said.</summary>
    public const int Usual = 128;

    /// <summary>The longest there is: the length of a frame has 11 bits.</summary>
    public const int Longest = 2030;

    private const int Shortest = 32;

    /// <summary>Reads what the other end proposes; false where it is no list of parameters. An empty field proposes the usual length.</summary>
    public static bool TryRead(ReadOnlySpan<byte> information, out HdlcParameters parameters)
    {
        parameters = new HdlcParameters(Usual, Usual);
        if (information.IsEmpty)
            return true;
        var reader = new WireReader(information);
        if (reader.U8() != 0x81 || reader.U8() != 0x80)
            return false;
        var group = new WireReader(reader.Take(reader.U8()));
        if (!reader.IsAtEnd)
            return false;
        while (group.Left > 0)
        {
            var identifier = group.U8();
            var value = Number(group.Take(group.U8()));
            if (identifier == 5)
                parameters = parameters with { Transmit = Math.Clamp(value, Shortest, Longest) };
            else if (identifier == 6)
                parameters = parameters with { Receive = Math.Clamp(value, Shortest, Longest) };
        }

        return !group.Failed;
    }

    /// <summary>What both ends can do, seen from this one.</summary>
    /// <param name="other">The other end's proposal.</param>
    public HdlcParameters AgreeWith(HdlcParameters other) => new(Math.Min(Transmit, other.Receive), Math.Min(Receive, other.Transmit));

    /// <summary>The information field of SNRM or UA.</summary>
    public byte[] ToArray()
    {
        var group = new WireWriter();
        Length(group, 5, Transmit);
        Length(group, 6, Receive);
        group.Bytes([7, 4, 0, 0, 0, 1, 8, 4, 0, 0, 0, 1]);
        return [0x81, 0x80, (byte)group.Length, .. group.Written];
    }

    private static void Length(WireWriter writer, int identifier, int value)
    {
        writer.U8(identifier);
        writer.U8(value < 256 ? 1 : 2);
        if (value < 256)
            writer.U8(value);
        else
            writer.U16(value);
    }

    private static int Number(ReadOnlySpan<byte> octets)
    {
        var value = 0;
        foreach (var octet in octets)
            value = ((value & 0xFFFF) << 8) | octet;
        return value;
    }
}
