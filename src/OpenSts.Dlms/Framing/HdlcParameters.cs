using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Framing;

/// <summary>
/// The parameters that two ends of a link negotiate: the longest information field and the window in each direction.
/// </summary>
/// <remarks>IEC 62056-46, SNRM and UA: format 81h, group 80h, parameters 05h to 08h.</remarks>
/// <param name="TransmitLength">The longest information field this end sends, 32 to 2030 octets.</param>
/// <param name="ReceiveLength">The longest information field this end takes, 32 to 2030 octets.</param>
/// <param name="TransmitWindow">How many information frames this end sends before it waits, 1 to 7.</param>
/// <param name="ReceiveWindow">How many information frames this end takes before it answers, 1 to 7.</param>
public readonly record struct HdlcParameters(int TransmitLength, int ReceiveLength, int TransmitWindow = 1,
    int ReceiveWindow = 1)
{
    /// <summary>The length where an end proposes none, in octets.</summary>
    public const int DefaultLength = 128;

    /// <summary>The longest information field: the length of a frame has 11 bits.</summary>
    public const int MaximumLength = 2030;

    /// <summary>The largest window: sequence numbers have 3 bits.</summary>
    public const int MaximumWindow = 7;

    private const int MinimumLength = 32;

    /// <summary>What applies where an end proposes nothing: 128 octets and a window of 1 in both directions.</summary>
    public static HdlcParameters Default { get; } = new(DefaultLength, DefaultLength);

    /// <summary>2030 octets and a window of 7 in both directions.</summary>
    public static HdlcParameters Largest { get; } = new(MaximumLength, MaximumLength, MaximumWindow, MaximumWindow);

    /// <summary>
    /// Reads the proposal of the other end; false where the octets are no list of parameters. An empty field proposes
    /// the defaults.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> information, out HdlcParameters parameters)
    {
        parameters = Default;
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
            parameters = identifier switch
            {
                5 => parameters with { TransmitLength = Math.Clamp(value, MinimumLength, MaximumLength) },
                6 => parameters with { ReceiveLength = Math.Clamp(value, MinimumLength, MaximumLength) },
                7 => parameters with { TransmitWindow = Math.Clamp(value, 1, MaximumWindow) },
                8 => parameters with { ReceiveWindow = Math.Clamp(value, 1, MaximumWindow) },
                _ => parameters,
            };
        }

        return !group.Failed;
    }

    /// <summary>What both ends support, as this end sees it.</summary>
    /// <param name="other">The proposal of the other end.</param>
    public HdlcParameters AgreeWith(HdlcParameters other) => new(
        Math.Min(TransmitLength, other.ReceiveLength),
        Math.Min(ReceiveLength, other.TransmitLength),
        Math.Min(TransmitWindow, other.ReceiveWindow),
        Math.Min(ReceiveWindow, other.TransmitWindow));

    /// <summary>The information field of SNRM or UA.</summary>
    public byte[] ToArray()
    {
        var group = new WireWriter();
        Length(group, 5, TransmitLength);
        Length(group, 6, ReceiveLength);
        Window(group, 7, TransmitWindow);
        Window(group, 8, ReceiveWindow);
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

    private static void Window(WireWriter writer, int identifier, int value)
    {
        writer.U8(identifier);
        writer.U8(4);
        writer.U32((uint)value);
    }

    private static int Number(ReadOnlySpan<byte> octets)
    {
        var value = 0;
        foreach (var octet in octets)
            value = ((value & 0xFFFF) << 8) | octet;
        return value;
    }
}
