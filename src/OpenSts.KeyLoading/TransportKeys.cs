using System.Security.Cryptography;
using System.Text;
using OpenSts.Secrets;

namespace OpenSts.KeyLoading;

/// <summary>
/// The two keys of one key load file: 24 octets that wrap the vending keys, 48 octets that authenticate the lines.
/// </summary>
/// <remarks>
/// NIST SP 800-56A, full unified model C(2e,2s): Z is the ephemeral secret, then the static one. SP 800-56C two-step
/// by HKDF with SHA-384: the salt is the hash of the module's request, the context names the protocol and holds the
/// whole header of the file, so keys fit one request and one file only.
/// </remarks>
public sealed class TransportKeys : IDisposable
{
    internal const int MacLength = 24;
    private const int KekLength = 24, MacKeyLength = 48;
    private static readonly byte[] Protocol = "STS-OPEN-KMC-1\0"u8.ToArray();
    private readonly SecretBytes _keys;

    private TransportKeys(SecretBytes keys) => _keys = keys;

    /// <summary>
    /// Derives both keys; either side gets the same from its own private and the other's public keys.
    /// </summary>
    /// <param name="ownStatic">This side's lasting key.</param>
    /// <param name="ownEphemeral">This side's key for this file only.</param>
    /// <param name="otherStatic">The other side's lasting public key, out of its certificate.</param>
    /// <param name="otherEphemeral">The other side's public key out of its line.</param>
    /// <param name="requestLine">The whole VKLR line with its check, without line end.</param>
    /// <param name="headerLine">The whole KLF2 line with its check, without line end.</param>
    public static TransportKeys Derive(AgreementKey ownStatic, AgreementKey ownEphemeral, PublicPoint otherStatic,
        PublicPoint otherEphemeral, string requestLine, string headerLine)
    {
        ArgumentNullException.ThrowIfNull(ownStatic);
        ArgumentNullException.ThrowIfNull(ownEphemeral);
        using var secret = new SecretBytes(AgreementKey.Length * 2);
        using var shared = secret.LeaseForWriting();
        ownEphemeral.Agree(otherEphemeral, shared.Span[..AgreementKey.Length]);
        ownStatic.Agree(otherStatic, shared.Span[AgreementKey.Length..]);
        var keys = new SecretBytes(KekLength + MacKeyLength);
        using var derived = keys.LeaseForWriting();
        HKDF.DeriveKey(HashAlgorithmName.SHA384, shared.Span, derived.Span,
            SHA384.HashData(Encoding.ASCII.GetBytes(requestLine)),
            [.. Protocol, .. Encoding.ASCII.GetBytes(headerLine)]);
        return new TransportKeys(keys);
    }

    /// <summary>
    /// Opens both keys for reading: 24 bytes that wrap keys, then 48 bytes that authenticate lines. For known-answer
    /// tests.
    /// </summary>
    public SecretLease LeaseKeys() => _keys.Lease();

    /// <summary>Wraps a vending key for its line: AES key wrap with padding (RFC 5649).</summary>
    internal string Wrap(ReadOnlySpan<byte> key)
    {
        Span<byte> wrapped = stackalloc byte[KeyWrap.WrappedLength(key.Length)];
        using var keys = _keys.Lease();
        KeyWrap.Wrap(keys.Span[..KekLength], key, wrapped);
        return Convert.ToHexString(wrapped);
    }

    /// <summary>Unwraps a vending key; false where it was not wrapped under these keys.</summary>
    internal bool TryUnwrap(ReadOnlySpan<byte> wrapped, Span<byte> plain, out int length)
    {
        using var keys = _keys.Lease();
        return KeyWrap.TryUnwrap(keys.Span[..KekLength], wrapped, plain, out length);
    }

    /// <summary>HMAC-SHA-384 over a text, the first 24 octets in hexadecimal capitals.</summary>
    public string Mac(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Span<byte> mac = stackalloc byte[48];
        using var keys = _keys.Lease();
        HMACSHA384.HashData(keys.Span[KekLength..], Encoding.ASCII.GetBytes(text), mac);
        return Convert.ToHexString(mac[..MacLength]);
    }

    /// <summary>True where the text has that MAC; takes the same time for every wrong one.</summary>
    internal bool IsMac(string text, string mac) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Mac(text)), Encoding.ASCII.GetBytes(mac));

    /// <summary>Clears both keys.</summary>
    public void Dispose() => _keys.Dispose();

    /// <summary>Says what it is, never what it holds.</summary>
    public override string ToString() => "(transport keys of one key load file)";
}
