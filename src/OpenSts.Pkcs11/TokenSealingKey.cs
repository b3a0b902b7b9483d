using System.Security.Cryptography;
using OpenSts.Secrets;

namespace OpenSts.Pkcs11;

/// <summary>
/// An AES key on a PKCS#11 token that seals other keys: the token itself encrypts and decrypts, the key never leaves
/// it.
/// </summary>
/// <remarks>
/// AES-256-GCM (CKM_AES_GCM); a box is a random nonce of 12 octets, what was sealed, and a tag of 16 octets. What is
/// opened leaves the token: whoever can use the session can open every box, but nothing that is taken away opens one
/// without the token.
/// </remarks>
public sealed class TokenSealingKey
{
    private const int NonceLength = 12, TagLength = 16;

    // What libraries answer where the tag is not the one: CKR_ENCRYPTED_DATA_INVALID, CKR_AEAD_DECRYPT_FAILED,
    // CKR_FUNCTION_FAILED, CKR_GENERAL_ERROR.
    private static readonly nuint[] WrongTag = [0x40, 0x42, 0x6, 0x5];
    private readonly Pkcs11Token _token;
    private readonly TokenObject _key;

    internal TokenSealingKey(Pkcs11Token token, TokenObject key) => (_token, _key) = (token, key);

    /// <summary>Its name on the token.</summary>
    public string Name => _key.Name;

    /// <summary>Seals a secret of 1 octet or more.</summary>
    /// <param name="plain">The caller clears its own copy.</param>
    /// <param name="bound">What the secret belongs to; the box opens only with the same.</param>
    /// <exception cref="TokenException">The token failed, or does not offer AES-GCM.</exception>
    public byte[] Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> bound)
    {
        ArgumentOutOfRangeException.ThrowIfZero(plain.Length, nameof(plain));
        var box = new byte[NonceLength + plain.Length + TagLength];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceLength));
        _token.Seal(_key, box.AsSpan(0, NonceLength), bound, plain, box.AsSpan(NonceLength));
        return box;
    }

    /// <summary>How many octets a box holds; negative where it is too short to be one.</summary>
    public static int LengthOf(ReadOnlySpan<byte> box) => box.Length - NonceLength - TagLength;

    /// <summary>Opens a box; false, and nothing is written, where it was not sealed by this key for that.</summary>
    /// <param name="box">From <see cref="Seal"/>.</param>
    /// <param name="bound">What it belongs to.</param>
    /// <param name="plain"><see cref="LengthOf"/> octets; the caller clears them.</param>
    /// <exception cref="TokenException">The token failed.</exception>
    public bool TryOpen(ReadOnlySpan<byte> box, ReadOnlySpan<byte> bound, Span<byte> plain)
    {
        if (LengthOf(box) < 1 || plain.Length != LengthOf(box))
            return false;
        using var secret = new SecretBytes(box.Length - NonceLength);
        using var opened = secret.LeaseForWriting();
        var result = _token.Open(_key, box[..NonceLength], bound, box[NonceLength..], opened.Span, out var length);
        if (result == Cryptoki.Ok && length == plain.Length)
        {
            opened.Span[..length].CopyTo(plain);
            return true;
        }

        return result == Cryptoki.Ok || WrongTag.Contains(result) ? false
            : throw TokenException.Of("C_Decrypt", result);
    }

    /// <inheritdoc/>
    public override string ToString() => $"(sealing key '{Name}' on token '{_token.TokenLabel}')";
}
