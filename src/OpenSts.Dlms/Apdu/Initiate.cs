using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Apdu;

/// <summary>What a client proposes when it opens xDLMS.</summary>
/// <remarks>IEC 62056-5-3, InitiateRequest.</remarks>
/// <param name="Conformance">The services it wants.</param>
/// <param name="MaximumPdu">The longest APDU it can take, in octets; 0 for no limit.</param>
/// <param name="DedicatedKey">A key for this association alone; empty for none. The array is the caller's to
/// clear.</param>
/// <param name="Version">The proposed version, 6.</param>
public sealed record InitiateRequest(Conformance Conformance, ushort MaximumPdu, byte[] DedicatedKey,
    byte Version = InitiateRequest.DlmsVersion)
{
    /// <summary>The version of xDLMS both sides speak.</summary>
    public const byte DlmsVersion = 6;

    /// <summary>Reads one that fills the octets.</summary>
    public static InitiateRequest? TryRead(ReadOnlySpan<byte> octets)
    {
        var reader = new WireReader(octets);
        if (reader.U8() != (int)ApduTag.InitiateRequest)
            return null;
        var dedicatedKey = reader.Flag() ? reader.Counted().ToArray() : [];
        // response-allowed has TRUE for its default: the marker alone, or the marker and a value.
        if (reader.Flag())
            _ = reader.U8();
        if (reader.Flag())
            _ = reader.U8();
        var version = reader.U8();
        var conformance = InitiateParts.ReadConformance(ref reader);
        var maximum = reader.U16();
        return reader.IsAtEnd ? new InitiateRequest(conformance, maximum, dedicatedKey, version) : null;
    }

    /// <summary>Writes it.</summary>
    public void Write(WireWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.U8((int)ApduTag.InitiateRequest);
        writer.U8(DedicatedKey.Length > 0 ? 1 : 0);
        if (DedicatedKey.Length > 0)
            writer.Counted(DedicatedKey);
        writer.U16(0);
        writer.U8(Version);
        InitiateParts.WriteConformance(writer, Conformance);
        writer.U16(MaximumPdu);
    }

    /// <summary>Everything but the key.</summary>
    public override string ToString() => $"InitiateRequest {Conformance}, {MaximumPdu} octets";
}

/// <summary>What a server answers.</summary>
/// <remarks>IEC 62056-5-3, InitiateResponse.</remarks>
/// <param name="Conformance">The services of the association.</param>
/// <param name="MaximumPdu">The longest APDU the server can take, in octets; 0 for no limit.</param>
public sealed record InitiateResponse(Conformance Conformance, ushort MaximumPdu)
{
    // The name of the virtual device where objects are referred to by logical names.
    private const ushort LogicalNameReferencing = 7;

    /// <summary>Reads one that fills the octets.</summary>
    public static InitiateResponse? TryRead(ReadOnlySpan<byte> octets)
    {
        var reader = new WireReader(octets);
        if (reader.U8() != (int)ApduTag.InitiateResponse)
            return null;
        if (reader.Flag())
            _ = reader.U8();
        var version = reader.U8();
        var conformance = InitiateParts.ReadConformance(ref reader);
        var maximum = reader.U16();
        var name = reader.U16();
        return reader.IsAtEnd && version == InitiateRequest.DlmsVersion && name == LogicalNameReferencing
            ? new InitiateResponse(conformance, maximum) : null;
    }

    /// <summary>Writes it.</summary>
    public void Write(WireWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.U8((int)ApduTag.InitiateResponse);
        writer.U8(0);
        writer.U8(InitiateRequest.DlmsVersion);
        InitiateParts.WriteConformance(writer, Conformance);
        writer.U16(MaximumPdu);
        writer.U16(LogicalNameReferencing);
    }
}

/// <summary>Why xDLMS was not opened.</summary>
/// <remarks>IEC 62056-5-3, initiateError of ServiceError.</remarks>
public enum InitiateError
{
    /// <summary>Anything else.</summary>
    Other = 0,

    /// <summary>The version is not supported.</summary>
    VersionTooLow = 1,

    /// <summary>No service in common.</summary>
    IncompatibleConformance = 2,

    /// <summary>The client's longest APDU is too short to be of use.</summary>
    PduSizeTooShort = 3,

    /// <summary>The server would not.</summary>
    Refused = 4,
}

internal static class InitiateParts
{
    // [APPLICATION 31] IMPLICIT BIT STRING of 24 bits, in BER inside the A-XDR of its surroundings.
    public static Conformance ReadConformance(ref WireReader reader)
    {
        if (reader.U8() != 0x5F)
            reader.Fail();
        // One maker's clients leave out the second tag octet.
        if (reader.Peek() == 0x1F)
            _ = reader.U8();
        if (reader.U8() != 4 || reader.U8() != 0)
            reader.Fail();
        return (Conformance)((reader.U8() << 16) | reader.U16());
    }

    public static void WriteConformance(WireWriter writer, Conformance conformance)
    {
        writer.Bytes([0x5F, 0x1F, 4, 0]);
        writer.U8((int)conformance >> 16);
        writer.U16((int)conformance & 0xFFFF);
    }

    // initiateError [1] of ConfirmedServiceError, initiate [6] of ServiceError.
    public static byte[] ServiceError(InitiateError error) => [(byte)ApduTag.ConfirmedServiceError, 1, 6, (byte)error];
}
