using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Apdu;

/// <summary>
/// One block of general block transfer: a piece of any xDLMS APDU, protected or not, and how far the other party's
/// blocks have come.
/// </summary>
/// <remarks>
/// IEC 62056-5-3, general-block-transfer: block-control (last block 80h, streaming 40h, window 3Fh), block-number,
/// block-number-ack, block-data.
/// </remarks>
public sealed record GeneralBlock
{
    /// <summary>The most blocks a window can have.</summary>
    public const int MaximumWindow = 63;

    private const int LastBlock = 0x80;
    private const int Streaming = 0x40;
    private const int HeaderOctets = 6;

    /// <summary>True where the sender has no octets behind this block's.</summary>
    public bool IsLast { get; init; }

    /// <summary>True where the sender goes on; false where the other party has the word.</summary>
    public bool IsStreaming { get; init; }

    /// <summary>How many blocks the sender takes before it has the word again, 0 to 63.</summary>
    public int Window { get; init; }

    /// <summary>
    /// The block's number: 1 and up, one more for each block a party sends, also for one without octets.
    /// </summary>
    public ushort Number { get; init; }

    /// <summary>The last of the other party's blocks before which none is missing; 0 for none.</summary>
    public ushort Acknowledged { get; init; }

    /// <summary>The piece; empty where a block only acknowledges.</summary>
    public ReadOnlyMemory<byte> Octets { get; init; }

    /// <summary>What a party sends that gives the transfer up: the last block, without number and octets.</summary>
    public static GeneralBlock Abort { get; } = new() { IsLast = true };

    /// <summary>True for a block by which the sender gives the transfer up.</summary>
    public bool IsAbort => Number == 0;

    /// <summary>True for octets that begin as a block does.</summary>
    public static bool Is(ReadOnlySpan<byte> apdu) => apdu is [(byte)ApduTag.GeneralBlockTransfer, ..];

    /// <summary>How many octets of an APDU a block can carry.</summary>
    /// <param name="pdu">The longest APDU the other party takes, 64 and up.</param>
    public static int Room(int pdu) => pdu - HeaderOctets - WireWriter.CountOctets(pdu);

    /// <summary>Reads one that fills the octets; null where they are none.</summary>
    public static GeneralBlock? TryRead(ReadOnlySpan<byte> apdu)
    {
        var reader = new WireReader(apdu);
        if (reader.U8() != (int)ApduTag.GeneralBlockTransfer)
            return null;
        var control = reader.U8();
        var block = new GeneralBlock
        {
            IsLast = (control & LastBlock) != 0,
            IsStreaming = (control & Streaming) != 0,
            Window = control & MaximumWindow,
            Number = reader.U16(),
            Acknowledged = reader.U16(),
            Octets = reader.Counted().ToArray(),
        };
        return reader.IsAtEnd ? block : null;
    }

    /// <summary>Writes it.</summary>
    public void Write(WireWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.U8((int)ApduTag.GeneralBlockTransfer);
        writer.U8((IsLast ? LastBlock : 0) | (IsStreaming ? Streaming : 0) | (Window & MaximumWindow));
        writer.U16(Number);
        writer.U16(Acknowledged);
        writer.Counted(Octets.Span);
    }

    /// <summary>The head and how many octets, not which.</summary>
    public override string ToString() =>
        $"block {Number}{(IsLast ? " last" : "")}{(IsStreaming ? " streaming" : "")}, window {Window}, acknowledges "
            + $"{Acknowledged}, {Octets.Length} octets";
}
