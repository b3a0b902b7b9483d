using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Acse;

/// <summary>The end of an association: RLRQ and RLRE with the normal reason.</summary>
/// <remarks>
/// IEC 62056-5-3, in BER. In a ciphered association the user information is a protected InitiateRequest or
/// InitiateResponse.
/// </remarks>
public static class Release
{
    /// <summary>Reads a release request, whatever its reason; false where the octets are none.</summary>
    /// <param name="octets">The APDU.</param>
    /// <param name="userInformation">The user information; empty where there is none.</param>
    public static bool TryReadRequest(ReadOnlySpan<byte> octets, out byte[] userInformation) =>
        TryRead(octets, ApduTag.ReleaseRequest, out userInformation);

    /// <summary>Reads a release response, whatever its reason; false where the octets are none.</summary>
    /// <param name="octets">The APDU.</param>
    /// <param name="userInformation">The user information; empty where there is none.</param>
    public static bool TryReadResponse(ReadOnlySpan<byte> octets, out byte[] userInformation) =>
        TryRead(octets, ApduTag.ReleaseResponse, out userInformation);

    /// <summary>Writes a request.</summary>
    public static void WriteRequest(WireWriter writer, ReadOnlySpan<byte> userInformation = default) =>
        Write(writer, ApduTag.ReleaseRequest, userInformation);

    /// <summary>Writes a response.</summary>
    public static void WriteResponse(WireWriter writer, ReadOnlySpan<byte> userInformation = default) =>
        Write(writer, ApduTag.ReleaseResponse, userInformation);

    private static void Write(WireWriter writer, ApduTag tag, ReadOnlySpan<byte> userInformation)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var body = new WireWriter(64);
        body.Bytes([0x80, 1, 0]);
        if (!userInformation.IsEmpty)
            AcseNames.WriteUserInformation(body, userInformation);
        writer.U8((int)tag);
        writer.Counted(body.Written);
    }

    private static bool TryRead(ReadOnlySpan<byte> octets, ApduTag tag, out byte[] userInformation)
    {
        userInformation = [];
        var outer = new WireReader(octets);
        if (outer.U8() != (int)tag)
            return false;
        var reader = new WireReader(outer.Counted());
        while (reader.Left > 0)
        {
            if (reader.U8() == AcseNames.UserInformation)
                userInformation = AcseNames.Inner(ref reader, 0x04).ToArray();
            else
                _ = reader.Counted();
        }

        return outer.IsAtEnd && !reader.Failed;
    }
}
