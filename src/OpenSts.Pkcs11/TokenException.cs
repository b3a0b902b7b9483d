namespace OpenSts.Pkcs11;

/// <summary>
/// A PKCS#11 token did not do what it was asked. The message holds the function and the token's code, never a secret.
/// </summary>
public sealed class TokenException(string message, ulong code = 0) : Exception(message)
{
    /// <summary>The token's own code (CKR_...), or 0 where the fault was found before the token was asked.</summary>
    public ulong Code { get; } = code;

    /// <summary>
    /// True for what a token answers when its session is gone: closed, removed, restarted, or logged out.
    /// </summary>
    internal static bool IsSessionLost(nuint code) => code is 0x30 or 0x32 or 0xB0 or 0xB3 or 0xE0 or 0x101 or 0x82;

    internal static TokenException Of(string function, nuint code) =>
        new($"The token refused {function}: {Name(code)}.", code);

    private static string Name(nuint code) => code switch
    {
        0x03 => "slot unknown (CKR_SLOT_ID_INVALID)",
        0x30 => "device error (CKR_DEVICE_ERROR)",
        0x31 => "device memory (CKR_DEVICE_MEMORY)",
        0x32 => "device removed (CKR_DEVICE_REMOVED)",
        0x62 => "key size (CKR_KEY_SIZE_RANGE)",
        0x70 => "mechanism not offered (CKR_MECHANISM_INVALID)",
        0xA0 => "wrong PIN (CKR_PIN_INCORRECT)",
        0xA4 => "PIN locked (CKR_PIN_LOCKED)",
        0xE0 => "token not present (CKR_TOKEN_NOT_PRESENT)",
        0x11 => "the value is sensitive (CKR_ATTRIBUTE_SENSITIVE)",
        0x101 => "not logged in (CKR_USER_NOT_LOGGED_IN)",
        0x82 => "object unknown (CKR_OBJECT_HANDLE_INVALID)",
        0xB0 => "session closed (CKR_SESSION_CLOSED)",
        0xB3 => "session lost (CKR_SESSION_HANDLE_INVALID)",
        _ => $"code {(ulong)code:X}",
    };
}
