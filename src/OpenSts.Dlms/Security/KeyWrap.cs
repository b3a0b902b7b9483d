using System.Buffers.Binary;
using System.Security.Cryptography;
using OpenSts.Secrets;

namespace OpenSts.Dlms.Security;

/// <summary>A key under another key: how a new global key travels.</summary>
/// <remarks>RFC 3394, which IEC 62056-5-3 takes for key transfer.</remarks>
public static class KeyWrap
{
    private const ulong InitialValue = 0xA6A6A6A6A6A6A6A6;

    /// <summary>Wraps a key of 16 or 32 octets; the answer has eight more.</summary>
    /// <exception cref="ArgumentException">The key to wrap is no multiple of eight octets, or shorter than
    /// 16.</exception>
    public static byte[] Wrap(SecretBytes keyEncryptionKey, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(keyEncryptionKey);
        if (key.Length < 16 || key.Length % 8 != 0)
            throw new ArgumentException("A key to wrap has 16 octets or eight or sixteen more.", nameof(key));
        using var aes = Aes.Create();
        using (var lease = keyEncryptionKey.Lease())
            aes.SetKey(lease.Span);
        var wrapped = new byte[key.Length + 8];
        key.CopyTo(wrapped.AsSpan(8));
        Span<byte> block = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(block, InitialValue);
        var count = key.Length / 8;
        for (var step = 0; step < 6 * count; step++)
        {
            var part = wrapped.AsSpan(8 * (1 + (step % count)), 8);
            part.CopyTo(block[8..]);
            aes.EncryptEcb(block, block, PaddingMode.None);
            block[8..].CopyTo(part);
            BinaryPrimitives.WriteUInt64BigEndian(block, BinaryPrimitives.ReadUInt64BigEndian(block)
                ^ (ulong)(step + 1));
        }

        block[..8].CopyTo(wrapped);
        return wrapped;
    }

    /// <summary>Unwraps a key; false where it was not wrapped under this one.</summary>
    /// <param name="keyEncryptionKey">The key it travels under.</param>
    /// <param name="wrapped">24 or 40 octets.</param>
    /// <param name="key">The key; the caller disposes it. Null on failure.</param>
    public static bool TryUnwrap(SecretBytes keyEncryptionKey, ReadOnlySpan<byte> wrapped, out SecretBytes? key)
    {
        ArgumentNullException.ThrowIfNull(keyEncryptionKey);
        key = null;
        if (wrapped.Length is not (24 or 40))
            return false;
        using var aes = Aes.Create();
        using (var lease = keyEncryptionKey.Lease())
            aes.SetKey(lease.Span);
        Span<byte> parts = stackalloc byte[wrapped.Length - 8];
        Span<byte> block = stackalloc byte[16];
        wrapped[8..].CopyTo(parts);
        wrapped[..8].CopyTo(block);
        var count = parts.Length / 8;
        for (var step = (6 * count) - 1; step >= 0; step--)
        {
            var part = parts.Slice(8 * (step % count), 8);
            BinaryPrimitives.WriteUInt64BigEndian(block, BinaryPrimitives.ReadUInt64BigEndian(block)
                ^ (ulong)(step + 1));
            part.CopyTo(block[8..]);
            aes.DecryptEcb(block, block, PaddingMode.None);
            block[8..].CopyTo(part);
        }

        if (BinaryPrimitives.ReadUInt64BigEndian(block) == InitialValue)
            key = new SecretBytes(parts);
        CryptographicOperations.ZeroMemory(parts);
        CryptographicOperations.ZeroMemory(block);
        return key is not null;
    }
}
