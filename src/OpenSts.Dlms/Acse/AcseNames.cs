using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Acse;

/// <summary>How objects are referred to and whether APDUs are protected.</summary>
/// <remarks>IEC 62056-5-3, COSEM application context names: 2.16.756.5.8.1.x.</remarks>
public enum ApplicationContext
{
    /// <summary>No context of COSEM.</summary>
    Unknown = 0,

    /// <summary>Logical names, APDUs unprotected.</summary>
    LogicalNames = 1,

    /// <summary>Short names, APDUs unprotected.</summary>
    ShortNames = 2,

    /// <summary>Logical names, APDUs protected.</summary>
    LogicalNamesCiphered = 3,

    /// <summary>Short names, APDUs protected.</summary>
    ShortNamesCiphered = 4,
}

/// <summary>How a client shows who it is.</summary>
/// <remarks>IEC 62056-5-3, COSEM authentication mechanism names: 2.16.756.5.8.2.x.</remarks>
public enum AuthenticationMechanism
{
    /// <summary>It does not (lowest level).</summary>
    None = 0,

    /// <summary>By a password (low level, LLS).</summary>
    Password = 1,

    /// <summary>By a secret method of the maker.</summary>
    HighLevel = 2,

    /// <summary>By MD5; withdrawn.</summary>
    HighLevelMd5 = 3,

    /// <summary>By SHA-1; withdrawn.</summary>
    HighLevelSha1 = 4,

    /// <summary>By GMAC over a challenge (HLS mechanism 5).</summary>
    HighLevelGmac = 5,

    /// <summary>By SHA-256.</summary>
    HighLevelSha256 = 6,

    /// <summary>By ECDSA.</summary>
    HighLevelEcdsa = 7,
}

/// <summary>The result of an association request.</summary>
public enum AssociationResult
{
    /// <summary>Open, or open after the challenge is answered.</summary>
    Accepted = 0,

    /// <summary>Refused, and would be again.</summary>
    RejectedPermanent = 1,

    /// <summary>Refused for now.</summary>
    RejectedTransient = 2,
}

/// <summary>Why an association was refused, or that it still has to be authenticated.</summary>
/// <remarks>IEC 62056-5-3, acse-service-user of Associate-source-diagnostic.</remarks>
public enum AssociationDiagnostic
{
    /// <summary>Nothing to say.</summary>
    None = 0,

    /// <summary>No reason given.</summary>
    NoReason = 1,

    /// <summary>The application context is not supported.</summary>
    ApplicationContextNotSupported = 2,

    /// <summary>The client's system title is missing or not known.</summary>
    CallingTitleNotRecognized = 3,

    /// <summary>The mechanism is not supported for this client.</summary>
    MechanismNotRecognized = 11,

    /// <summary>A mechanism is required.</summary>
    MechanismRequired = 12,

    /// <summary>The client is not who it says.</summary>
    AuthenticationFailure = 13,

    /// <summary>The challenge has to be answered now.</summary>
    AuthenticationRequired = 14,
}

internal static class AcseNames
{
    /// <summary>The tag of the field that holds an xDLMS APDU.</summary>
    public const byte UserInformation = 0xBE;

    private static ReadOnlySpan<byte> Prefix => [0x60, 0x85, 0x74, 0x05, 0x08];

    // OBJECT IDENTIFIER content: 2.16.756.5.8.arc.number.
    public static int ReadName(ReadOnlySpan<byte> octets, byte arc) =>
        octets.Length == 7 && octets.StartsWith(Prefix) && octets[5] == arc ? octets[6] : -1;

    public static void WriteName(WireWriter writer, byte arc, int number)
    {
        writer.Bytes(Prefix);
        writer.U8(arc);
        writer.U8(number);
    }

    public static void WriteUserInformation(WireWriter writer, ReadOnlySpan<byte> octets)
    {
        writer.U8(UserInformation);
        writer.Count(octets.Length + 1 + WireWriter.CountOctets(octets.Length));
        writer.U8(0x04);
        writer.Counted(octets);
    }

    // A field that holds exactly one BER element of the given tag.
    public static ReadOnlySpan<byte> Inner(ref WireReader outer, byte tag)
    {
        var field = new WireReader(outer.Counted());
        if (field.U8() != tag)
            field.Fail();
        var content = field.Counted();
        if (!field.IsAtEnd)
            outer.Fail();
        return outer.Failed ? default : content;
    }
}
