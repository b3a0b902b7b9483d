using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Framing;

/// <summary>What a frame of HDLC does.</summary>
/// <remarks>IEC 62056-46, frame types.</remarks>
public enum HdlcKind
{
    /// <summary>Carries a piece of an APDU (I).</summary>
    Information,

    /// <summary>Ready for the next (RR).</summary>
    ReceiveReady,

    /// <summary>Not ready for the next (RNR).</summary>
    ReceiveNotReady,

    /// <summary>Opens the link (SNRM).</summary>
    SetNormalResponseMode,

    /// <summary>Closes the link (DISC).</summary>
    Disconnect,

    /// <summary>Yes (UA).</summary>
    Acknowledge,

    /// <summary>The link is closed (DM).</summary>
    DisconnectedMode,

    /// <summary>A frame that makes no sense came (FRMR).</summary>
    FrameReject,

    /// <summary>An unnumbered piece of information (UI).</summary>
    Unnumbered,

    /// <summary>Something else.</summary>
    Unknown,
}

/// <summary>One frame of HDLC, type 3.</summary>
/// <remarks>
/// IEC 62056-46: format and length, two addresses, control, header check, information, frame check, between flags.
/// </remarks>
/// <param name="Destination">The address octets of the receiver, 1, 2 or 4.</param>
/// <param name="Source">The address octets of the sender, 1, 2 or 4.</param>
/// <param name="Control">The control octet.</param>
/// <param name="IsSegmented">True where more of the same APDU follows.</param>
/// <param name="Information">The piece of an APDU, or the parameters; may be empty.</param>
public sealed record HdlcFrame(byte[] Destination, byte[] Source, byte Control, bool IsSegmented, byte[] Information)
{
    /// <summary>The flag between frames.</summary>
    public const byte Flag = 0x7E;

    /// <summary>SNRM with the poll bit.</summary>
    public const byte Snrm = 0x93;

    /// <summary>DISC with the poll bit.</summary>
    public const byte Disc = 0x53;

    /// <summary>UA with the final bit.</summary>
    public const byte Ua = 0x73;

    /// <summary>DM with the final bit.</summary>
    public const byte Dm = 0x1F;

    /// <summary>FRMR with the final bit.</summary>
    public const byte Frmr = 0x97;

    private const int Format = 0xA000;
    private const int SegmentBit = 0x0800;
    private const int LengthMask = 0x07FF;

    /// <summary>What the frame does.</summary>
    public HdlcKind Kind => (Control & 1) == 0 ? HdlcKind.Information : (Control & 0xEF) switch
    {
        0x83 => HdlcKind.SetNormalResponseMode,
        0x43 => HdlcKind.Disconnect,
        0x63 => HdlcKind.Acknowledge,
        0x0F => HdlcKind.DisconnectedMode,
        0x87 => HdlcKind.FrameReject,
        0x03 => HdlcKind.Unnumbered,
        var supervisory when (supervisory & 0x0F) == 0x01 => HdlcKind.ReceiveReady,
        var supervisory when (supervisory & 0x0F) == 0x05 => HdlcKind.ReceiveNotReady,
        _ => HdlcKind.Unknown,
    };

    /// <summary>True where the sender lets the other end send: the poll or final bit.</summary>
    public bool IsPollOrFinal => (Control & 0x10) != 0;

    /// <summary>The number of an information frame, 0 to 7.</summary>
    public int SendNumber => (Control >> 1) & 7;

    /// <summary>The number the sender expects next, 0 to 7.</summary>
    public int ReceiveNumber => Control >> 5;

    /// <summary>Reads the octets between two flags; null where length or check does not hold.</summary>
    public static HdlcFrame? TryRead(ReadOnlySpan<byte> octets)
    {
        // Format, two addresses of one octet, control, frame check.
        if (octets.Length < 7 || HdlcCheck.Compute(octets[..^2]) != (octets[^2] | (octets[^1] << 8)))
            return null;
        var reader = new WireReader(octets[..^2]);
        var format = reader.U16();
        if ((format & 0xF000) != Format || (format & LengthMask) != octets.Length)
            return null;
        var destination = Address(ref reader);
        var source = Address(ref reader);
        var control = reader.U8();
        if (reader.Failed)
            return null;
        var header = octets.Length - 2 - reader.Left;
        if (reader.Left == 0)
            return new HdlcFrame(destination, source, control, (format & SegmentBit) != 0, []);
        var check = reader.Take(2);
        if (reader.Failed || HdlcCheck.Compute(octets[..header]) != (check[0] | (check[1] << 8)))
            return null;
        return new HdlcFrame(destination, source, control, (format & SegmentBit) != 0, reader.Rest.ToArray());
    }

    /// <summary>Writes the frame with its flags.</summary>
    public void Write(WireWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.U8(Flag);
        var start = writer.Length;
        var length = 2 + Destination.Length + Source.Length + 1 + (Information.Length > 0 ? 2 + Information.Length : 0)
            + 2;
        writer.U16(Format | (IsSegmented ? SegmentBit : 0) | (length & LengthMask));
        writer.Bytes(Destination);
        writer.Bytes(Source);
        writer.U8(Control);
        if (Information.Length > 0)
        {
            Check(writer, start);
            writer.Bytes(Information);
        }

        Check(writer, start);
        writer.U8(Flag);
    }

    private static void Check(WireWriter writer, int start)
    {
        var check = HdlcCheck.Compute(writer.Written[start..]);
        writer.U8(check & 0xFF);
        writer.U8(check >> 8);
    }

    // The last octet of an address is the odd one.
    private static byte[] Address(ref WireReader reader)
    {
        var octets = reader.Rest;
        var count = 1;
        while (count <= octets.Length && (octets[count - 1] & 1) == 0)
            count++;
        if (count is 1 or 2 or 4 && count <= octets.Length)
            return reader.Take(count).ToArray();
        reader.Fail();
        return [];
    }
}
