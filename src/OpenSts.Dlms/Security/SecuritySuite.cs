namespace OpenSts.Dlms.Security;

/// <summary>The algorithms of an association. The number is the one in the security control octet.</summary>
/// <remarks>IEC 62056-5-3, security suites.</remarks>
public enum SecuritySuite
{
    /// <summary>AES-GCM-128; AES-128 key wrap.</summary>
    Suite0 = 0,

    /// <summary>AES-GCM-128, ECDSA and ECDH on P-256, SHA-256.</summary>
    Suite1 = 1,

    /// <summary>AES-GCM-256, ECDSA and ECDH on P-384, SHA-384.</summary>
    Suite2 = 2,
}

/// <summary>What a suite asks for.</summary>
public static class SecuritySuites
{
    /// <summary>How many octets its keys have: 16 or 32.</summary>
    public static int KeyOctets(this SecuritySuite suite) => suite == SecuritySuite.Suite2 ? 32 : 16;
}

/// <summary>What was done to an APDU: bits 4 and 5 of the security control octet.</summary>
[Flags]
public enum Protection
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Authenticated: a tag of 12 octets.</summary>
    Authenticated = 0x10,

    /// <summary>Encrypted.</summary>
    Encrypted = 0x20,

    /// <summary>Both.</summary>
    AuthenticatedEncryption = Authenticated | Encrypted,
}
