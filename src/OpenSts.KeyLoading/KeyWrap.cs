using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OpenSts.KeyLoading;

/// <summary>AES key wrap with padding: RFC 5649, the KWP of NIST SP 800-38F. Takes keys of any length, as vending keys of 20 octets need.</summary>
public static class KeyWrap
{
    /// <summary>Octets that may be wrapped at most; nothing here wraps more than a private key.</summary>
    public const int GreatestLength = 256;
    private const uint Mark = 0xA65959A6;

    /// <summary>How long the wrapped form of so many octets is: the next multiple of 8, and 8 more.</summary>
    public static int WrappedLength(int length) => ((length + 7) / 8 * 8) + 8;

    /// <summary>Wraps 1 to <see cref="GreatestLength"/> octets.</summary>
    /// <param name="kek">16, 24 or 32 octets.</param>
    /// <param name="plain">The key.</param>
    /// <param name="wrapped">Exactly <see cref="WrappedLength"/> octets.</param>
    public static void Wrap(ReadOnlySpan<byte> kek, ReadOnlySpan<byte> plain, Span<byte> wrapped)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(plain.Length, 1, nameof(plain));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plain.Length, GreatestLength, nameof(plain));
        ArgumentOutOfRangeException.ThrowIfNotEqual(wrapped.Length, WrappedLength(plain.Length), nameof(wrapped));
        using var aes = Aes.Create();
        aes.SetKey(kek);
        wrapped.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(wrapped, Mark);
        BinaryPrimitives.WriteInt32BigEndian(wrapped[4..], plain.Length);
        plain.CopyTo(wrapped[8..]);
        if (wrapped.Length == 16)
        {
            _ = aes.EncryptEcb(wrapped, wrapped, PaddingMode.None);
            return;
        }

        // RFC 3394 2.2.1, with the index form: A is the first semiblock, R[1..n] the others.
        Span<byte> block = stackalloc byte[16];
        var n = (wrapped.Length / 8) - 1;
        wrapped[..8].CopyTo(block);
        for (var j = 0; j < 6; j++)
        {
            for (var i = 1; i <= n; i++)
            {
                wrapped.Slice(i * 8, 8).CopyTo(block[8..]);
                _ = aes.EncryptEcb(block, block, PaddingMode.None);
                Count(block, (n * j) + i);
                block[8..].CopyTo(wrapped[(i * 8)..]);
            }
        }

        block[..8].CopyTo(wrapped);
        CryptographicOperations.ZeroMemory(block);
    }

    /// <summary>Unwraps; false, and nothing in <paramref name="plain"/>, where the wrapped form was not made under this key.</summary>
    /// <param name="kek">16, 24 or 32 octets.</param>
    /// <param name="wrapped">16 octets or more, a multiple of 8.</param>
    /// <param name="plain">Room for <paramref name="wrapped"/> less 8.</param>
    /// <param name="length">Octets of the key.</param>
    public static bool TryUnwrap(ReadOnlySpan<byte> kek, ReadOnlySpan<byte> wrapped, Span<byte> plain, out int length)
    {
        length = 0;
        if (wrapped.Length < 16 || wrapped.Length % 8 != 0 || wrapped.Length > GreatestLength + 8)
            return false;
        ArgumentOutOfRangeException.ThrowIfLessThan(plain.Length, wrapped.Length - 8, nameof(plain));
        Span<byte> octets = stackalloc byte[GreatestLength + 8];
        octets = octets[..wrapped.Length];
        wrapped.CopyTo(octets);
        using var aes = Aes.Create();
        aes.SetKey(kek);
        if (octets.Length == 16)
            _ = aes.DecryptEcb(octets, octets, PaddingMode.None);
        else
            Unwrap(aes, octets);

        var claimed = BinaryPrimitives.ReadUInt32BigEndian(octets[4..]);
        var room = (uint)octets.Length - 8;
        // All three checks of RFC 5649 section 3 are made before any is told apart.
        var good = (BinaryPrimitives.ReadUInt32BigEndian(octets) == Mark) & (claimed >= 1) & (claimed <= room) & (claimed + 7 >= room);
        var size = good ? (int)claimed : 0;
        byte padding = 0;
        for (var i = size; i < room; i++)
            padding |= octets[8 + i];
        good &= padding == 0;
        if (good)
        {
            octets.Slice(8, size).CopyTo(plain);
            length = size;
        }

        CryptographicOperations.ZeroMemory(octets);
        return good;
    }

    private static void Unwrap(Aes aes, Span<byte> octets)
    {
        Span<byte> block = stackalloc byte[16];
        var n = (octets.Length / 8) - 1;
        octets[..8].CopyTo(block);
        for (var j = 5; j >= 0; j--)
        {
            for (var i = n; i >= 1; i--)
            {
                Count(block, (n * j) + i);
                octets.Slice(i * 8, 8).CopyTo(block[8..]);
                _ = aes.DecryptEcb(block, block, PaddingMode.None);
                block[8..].CopyTo(octets[(i * 8)..]);
            }
        }

        block[..8].CopyTo(octets);
        CryptographicOperations.ZeroMemory(block);
    }

    private static void Count(Span<byte> block, int step) =>
        BinaryPrimitives.WriteUInt64BigEndian(block, BinaryPrimitives.ReadUInt64BigEndian(block) ^ (uint)step);
}
