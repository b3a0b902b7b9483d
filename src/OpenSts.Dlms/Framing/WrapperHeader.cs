using System.Buffers.Binary;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Framing;

/// <summary>The header before each APDU on TCP: version 1, two ports and the length, eight octets.</summary>
/// <remarks>IEC 62056-4-7, wrapper.</remarks>
/// <param name="Source">The sender's service access point.</param>
/// <param name="Destination">The receiver's service access point.</param>
/// <param name="Length">How many octets follow, 0 to 65535.</param>
public readonly record struct WrapperHeader(ushort Source, ushort Destination, ushort Length)
{
    /// <summary>How many octets it has.</summary>
    public const int Octets = 8;

    private const ushort Version = 1;

    /// <summary>Reads eight octets; false for another version.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out WrapperHeader header)
    {
        header = default;
        if (octets.Length < Octets || BinaryPrimitives.ReadUInt16BigEndian(octets) != Version)
            return false;
        header = new WrapperHeader(
            BinaryPrimitives.ReadUInt16BigEndian(octets[2..]), BinaryPrimitives.ReadUInt16BigEndian(octets[4..]),
                BinaryPrimitives.ReadUInt16BigEndian(octets[6..]));
        return true;
    }

    /// <summary>Writes it.</summary>
    public void Write(WireWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.U16(Version);
        writer.U16(Source);
        writer.U16(Destination);
        writer.U16(Length);
    }
}
