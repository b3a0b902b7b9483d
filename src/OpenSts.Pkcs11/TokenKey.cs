using System.Security.Cryptography;
using OpenSts.Keys;
using OpenSts.SecureStorage;

namespace OpenSts.Pkcs11;

/// <summary>
/// A key on a PKCS#11 token. As a vending key it derives by DKGA04; its octets never reach this process.
/// </summary>
/// <remarks>
/// What leaves the token is the decoder key of one meter: whoever reads this process's memory gets those of the meters
/// it serves, and whoever can use the session can have any. DKGA02 is refused on every token, see docs/decisions.
/// </remarks>
public sealed class TokenKey
{
    private readonly Pkcs11Token _token;

    internal TokenKey(Pkcs11Token token, TokenObject key) => (_token, Object) = (token, key);

    /// <summary>Its name on the token.</summary>
    public string Name => Object.Name;

    internal TokenObject Object { get; }

    /// <summary>Derives the key of a meter on the token.</summary>
    /// <returns>The decoder key, which the caller disposes; null with the fault where the algorithms do not
    /// fit.</returns>
    /// <exception cref="TokenException">The token failed.</exception>
    public DecoderKey? TryDerive(DecoderKeyAttributes attributes, out DecoderKeyFault fault)
    {
        Span<byte> message = stackalloc byte[DecoderKeyMessage.Length];
        fault = DecoderKeyMessage.TryWrite(attributes, message);
        // DKGA02 ends here as a key of the wrong length: none of 64 bits is put on a token.
        if (fault != DecoderKeyFault.None)
            return null;
        Span<byte> mac = stackalloc byte[DecoderKeyMessage.MacLength];
        try
        {
            _token.Hmac(Object, message, mac);
            return DecoderKeyMessage.FromMac(attributes, mac);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(mac);
        }
    }

    /// <summary>The check value, by the same rule as for a vending key of 160 bits in memory.</summary>
    public string CheckValue()
    {
        Span<byte> mac = stackalloc byte[DecoderKeyMessage.MacLength];
        _token.Hmac(Object, stackalloc byte[8], mac);
        return Convert.ToHexString(mac[..3]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"(key '{Name}' on token '{_token.TokenLabel}')";

    internal void Hmac(ReadOnlySpan<byte> message, Span<byte> mac) => _token.Hmac(Object, message, mac);
}

/// <summary>
/// Locks a vault with HMAC-SHA-256 on a token over a salt: the token is needed at every start, and only then.
/// </summary>
internal sealed class TokenLock(TokenKey key) : StorageLock
{
    private static readonly byte[] Label = "OpenSts storage lock 1 token"u8.ToArray();

    public override StorageLockKind Kind => StorageLockKind.Token;

    public override byte[] NewParameters() => RandomNumberGenerator.GetBytes(SaltLength);

    public override bool TryDerive(ReadOnlySpan<byte> parameters, Span<byte> wrapping)
    {
        if (parameters.Length != SaltLength)
            return false;
        Span<byte> message = stackalloc byte[Label.Length + SaltLength];
        Label.CopyTo(message);
        parameters.CopyTo(message[Label.Length..]);
        key.Hmac(message, wrapping);
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        // The token belongs to whoever opened it.
    }
}
