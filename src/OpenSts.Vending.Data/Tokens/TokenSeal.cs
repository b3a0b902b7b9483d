using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OpenSts.Vending.Data.Tokens;

/// <summary>Seals tokens before they are stored: a database or a backup of it gives none away.</summary>
public interface ITokenSeal
{
    /// <summary>Seals a token; what is sealed for one place opens at no other.</summary>
    /// <param name="token">The token.</param>
    /// <param name="number">The number of its vend.</param>
    /// <param name="order">The position of its order.</param>
    /// <param name="part">Its position among the order's tokens.</param>
    byte[] Seal(Token66 token, long number, int order, int part);

    /// <summary>Opens what <see cref="Seal"/> gave for the same place.</summary>
    /// <exception cref="CryptographicException">It was changed, moved, or sealed under another key.</exception>
    Token66 Open(ReadOnlySpan<byte> sealedToken, long number, int order, int part);

    /// <summary>A keyed hash of a token's digits, by which it is found; 16 octets.</summary>
    byte[] Hash(Token66 token);
}

/// <summary>AES-256-GCM with a random nonce; the place is associated data. The hash is HMAC-SHA-256 under a key of
/// its own.</summary>
/// <remarks>Form 1: one octet 1, 12 octets nonce, 20 octets cipher text, 16 octets tag.</remarks>
public sealed class AesGcmTokenSeal : ITokenSeal, IDisposable
{
    private const byte Form = 1;
    private const int NonceLength = 12, TagLength = 16, KeyLength = 32, HashLength = 16;
    private readonly AesGcm _cipher;
    private readonly byte[] _hashKey;

    /// <param name="key">32 octets, the server's; copied.</param>
    /// <exception cref="ArgumentException">The key is not of 32 octets.</exception>
    public AesGcmTokenSeal(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyLength)
            throw new ArgumentException("The key is not of 32 octets.", nameof(key));
        Span<byte> derived = stackalloc byte[KeyLength];
        HKDF.Expand(HashAlgorithmName.SHA256, key, derived, "OpenSts.Vending token seal 1"u8);
        _cipher = new AesGcm(derived, TagLength);
        _hashKey = new byte[KeyLength];
        HKDF.Expand(HashAlgorithmName.SHA256, key, _hashKey, "OpenSts.Vending token hash 1"u8);
        CryptographicOperations.ZeroMemory(derived);
    }

    /// <inheritdoc/>
    public byte[] Seal(Token66 token, long number, int order, int part)
    {
        var result = new byte[1 + NonceLength + Token66.Digits + TagLength];
        result[0] = Form;
        var nonce = result.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        Span<byte> digits = stackalloc byte[Token66.Digits];
        _ = Encoding.ASCII.GetBytes(token.ToString(), digits);
        var (cipherText, tag) =
            (result.AsMemory(1 + NonceLength, Token66.Digits), result.AsMemory(1 + NonceLength + Token66.Digits));
        _cipher.Encrypt(nonce, digits, cipherText.Span, tag.Span, Place(number, order, part));
        CryptographicOperations.ZeroMemory(digits);
        return result;
    }

    /// <inheritdoc/>
    public Token66 Open(ReadOnlySpan<byte> sealedToken, long number, int order, int part)
    {
        if (sealedToken.Length != 1 + NonceLength + Token66.Digits + TagLength || sealedToken[0] != Form)
            throw new CryptographicException("The sealed token has another form.");
        Span<byte> digits = stackalloc byte[Token66.Digits];
        _cipher.Decrypt(sealedToken.Slice(1, NonceLength), sealedToken.Slice(1 + NonceLength, Token66.Digits),
            sealedToken[^TagLength..], digits, Place(number, order, part));
        return Token66.Parse(Encoding.ASCII.GetString(digits));
    }

    /// <inheritdoc/>
    public byte[] Hash(Token66 token) =>
        HMACSHA256.HashData(_hashKey, Encoding.ASCII.GetBytes(token.ToString()))[..HashLength];

    /// <inheritdoc/>
    public void Dispose()
    {
        _cipher.Dispose();
        CryptographicOperations.ZeroMemory(_hashKey);
    }

    private static byte[] Place(long number, int order, int part)
    {
        var place = new byte[16];
        BinaryPrimitives.WriteInt64BigEndian(place, number);
        BinaryPrimitives.WriteInt32BigEndian(place.AsSpan(8), order);
        BinaryPrimitives.WriteInt32BigEndian(place.AsSpan(12), part);
        return place;
    }
}
