using System.Security.Cryptography;

namespace OpenSts.KeyLoading;

/// <summary>
/// AES key wrap with padding: RFC 5649, the KWP of NIST SP 800-38F, by the platform. It takes keys of any length, as
/// vending keys of 20 bytes need.
/// </summary>
public static class KeyWrap
{
    /// <summary>The most bytes that may be wrapped; nothing here wraps more than a private key.</summary>
    public const int GreatestLength = 256;

    /// <summary>The length of the wrapped form of so many bytes: the next multiple of 8, and 8 more.</summary>
    public static int WrappedLength(int length) => ((length + 7) / 8 * 8) + 8;

    /// <summary>Wraps 1 to <see cref="GreatestLength"/> bytes.</summary>
    /// <param name="kek">16, 24 or 32 bytes.</param>
    /// <param name="plain">The key.</param>
    /// <param name="wrapped">Exactly <see cref="WrappedLength"/> bytes.</param>
    public static void Wrap(ReadOnlySpan<byte> kek, ReadOnlySpan<byte> plain, Span<byte> wrapped)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(plain.Length, 1, nameof(plain));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plain.Length, GreatestLength, nameof(plain));
        ArgumentOutOfRangeException.ThrowIfNotEqual(wrapped.Length, WrappedLength(plain.Length), nameof(wrapped));
        using var aes = Aes.Create();
        aes.SetKey(kek);
        aes.EncryptKeyWrapPadded(plain, wrapped);
    }

    /// <summary>
    /// Unwraps; false, and nothing in <paramref name="plain"/>, where the wrapped form was not made under this key.
    /// </summary>
    /// <param name="kek">16, 24 or 32 bytes.</param>
    /// <param name="wrapped">16 bytes or more, a multiple of 8.</param>
    /// <param name="plain">Room for <paramref name="wrapped"/> less 8.</param>
    /// <param name="length">Bytes of the key.</param>
    public static bool TryUnwrap(ReadOnlySpan<byte> kek, ReadOnlySpan<byte> wrapped, Span<byte> plain, out int length)
    {
        length = 0;
        if (wrapped.Length < 16 || wrapped.Length % 8 != 0 || wrapped.Length > GreatestLength + 8)
            return false;
        ArgumentOutOfRangeException.ThrowIfLessThan(plain.Length, wrapped.Length - 8, nameof(plain));
        using var aes = Aes.Create();
        aes.SetKey(kek);
        try
        {
            if (aes.TryDecryptKeyWrapPadded(wrapped, plain, out length))
                return true;
        }
        catch (CryptographicException)
        {
            // Another key, or an altered form: the integrity check of RFC 5649 section 3 failed.
        }

        plain.Clear();
        length = 0;
        return false;
    }
}
