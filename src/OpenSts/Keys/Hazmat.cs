using System.Buffers.Binary;
using OpenSts.Cryptography;

namespace OpenSts.Keys;

/// <summary>The one door through which raw key bytes come in and go out, and through which bare ciphers can be called.</summary>
/// <remarks>
/// Every caller is listed by a test of this project. If you are not writing a key vault, a laboratory tool or a test,
/// you do not need this class.
/// </remarks>
public static class Hazmat
{
    /// <summary>Takes a vending key of 8, 16 or 20 octets; the caller clears its own copy.</summary>
    /// <exception cref="ArgumentException">The length is another one. The message does not hold the key.</exception>
    public static VendingKey ImportVendingKey(ReadOnlySpan<byte> bytes) => bytes.Length is 8 or 16 or 20
        ? new VendingKey(bytes)
        : throw new ArgumentException($"A vending key has 8, 16 or 20 octets, not {bytes.Length}.", nameof(bytes));

    /// <summary>Takes a decoder key: 8 octets for EA07, 16 for EA11, most significant first.</summary>
    /// <exception cref="ArgumentException">The length or the algorithm does not fit. The message does not hold the key.</exception>
    public static DecoderKey ImportDecoderKey(EncryptionAlgorithm ea, ReadOnlySpan<byte> bytes) => new(ea, bytes);

    /// <summary>Copies a vending key out; returns the number of octets.</summary>
    public static int Export(VendingKey key, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(key);
        key.Bytes.CopyTo(destination);
        return key.Bytes.Length;
    }

    /// <summary>Copies a decoder key out; returns the number of octets.</summary>
    public static int Export(DecoderKey key, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(key);
        key.Bytes.CopyTo(destination);
        return key.Bytes.Length;
    }

    /// <summary>The 32 key bits of a key change token.</summary>
    public static uint Export(KeySection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return section.Bits;
    }

    /// <summary>The bare cipher over one block: EA07 and EA09 with 8 key octets, EA11 with 16.</summary>
    /// <exception cref="ArgumentException">The key length does not fit the cipher, or there is no such cipher.</exception>
    /// <remarks>EA09 is here for known answers only; no token is ever made with it.</remarks>
    public static ulong Cipher(EncryptionAlgorithm ea, ReadOnlySpan<byte> key, ulong block, bool encrypt)
    {
        if (key.Length * 8 != ea.DecoderKeyBits())
            throw new ArgumentException($"{ea.Name()} takes a key of {ea.DecoderKeyBits() / 8} octets, not {key.Length}.", nameof(key));
        switch (ea)
        {
            case EncryptionAlgorithm.Ea07:
                var ea07Key = BinaryPrimitives.ReadUInt64BigEndian(key);
                return encrypt ? Ea07.Encrypt(ea07Key, block) : Ea07.Decrypt(ea07Key, block);
            case EncryptionAlgorithm.Ea09:
                var desKey = BinaryPrimitives.ReadUInt64BigEndian(key);
                return encrypt ? Des.Encrypt(desKey, block) : Des.Decrypt(desKey, block);
            case EncryptionAlgorithm.Ea11:
                return encrypt ? Misty1.Encrypt(key, block) : Misty1.Decrypt(key, block);
            default:
                throw new ArgumentException("There is no such cipher.", nameof(ea));
        }
    }
}
