using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Acse;

/// <summary>The end of an association: RLRQ and RLRE with the normal reason.</summary>
/// <remarks>IEC 62056-5-3, in BER.</remarks>
public static class Release
{
    /// <summary>True for octets that are a release request, whatever its reason and user information.</summary>
    public static bool IsRequest(ReadOnlySpan<byte> octets) => Is(octets, ApduTag.ReleaseRequest);

    /// <summary>True for octets that are a release response.</summary>
    public static bool IsResponse(ReadOnlySpan<byte> octets) => Is(octets, ApduTag.ReleaseResponse);

    /// <summary>Writes a request.</summary>
    public static void WriteRequest(WireWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Bytes([(byte)ApduTag.ReleaseRequest, 3, 0x80, 1, 0]);
    }

    /// <summary>Writes a response.</summary>
    public static void WriteResponse(WireWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Bytes([(byte)ApduTag.ReleaseResponse, 3, 0x80, 1, 0]);
    }

    private static bool Is(ReadOnlySpan<byte> octets, ApduTag tag)
    {
        var outer = new WireReader(octets);
        if (outer.U8() != (int)tag)
            return false;
        var reader = new WireReader(outer.Counted());
        while (reader.Left > 0)
        {
            _ = reader.U8();
            _ = reader.Counted();
        }

        return outer.IsAtEnd && !reader.Failed;
    }
}
