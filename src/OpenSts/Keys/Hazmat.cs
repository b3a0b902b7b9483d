using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using OpenSts.Cryptography;

namespace OpenSts.Keys;

/// <summary>
/// The one door through which raw key bytes come in and go out, and through which bare ciphers can be called.
/// </summary>
/// <remarks>
/// Every caller is listed by a test of this project. If you are not writing a key vault, a laboratory tool or a test,
/// you do not need this class.
/// </remarks>
public static class Hazmat
{
    /// <summary>Imports a vending key of 8, 16 or 20 bytes. The caller clears its own copy.</summary>
    /// <exception cref="ArgumentException">
    /// The length is another one, or a key of 8 bytes does not have odd parity. The message does not hold the key.
    /// </exception>
    public static VendingKey ImportVendingKey(ReadOnlySpan<byte> bytes) =>
        TryImportVendingKey(bytes, out var key, out var fault)
        ? key
        : throw new ArgumentException(fault.Describe(bytes.Length), nameof(bytes));

    /// <summary>Imports a vending key of 8, 16 or 20 bytes. The caller clears its own copy.</summary>
    /// <param name="bytes">The key, most significant byte first.</param>
    /// <param name="key">The key, owned by the caller; null on failure.</param>
    /// <param name="fault">The rule that the key breaks.</param>
    /// <returns>False if the key breaks a rule.</returns>
    /// <remarks>
    /// The odd parity of a 64-bit key is checked because DKGA02 joins the key, parity bits included, to its result.
    /// </remarks>
    public static bool TryImportVendingKey(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out VendingKey? key,
        out VendingKeyFault fault)
    {
        fault = bytes.Length is not (8 or 16 or 20) ? VendingKeyFault.Length
            : bytes.Length == 8 && !VendingKey.HasOddParity(bytes) ? VendingKeyFault.Parity
            : VendingKeyFault.None;
        key = fault == VendingKeyFault.None ? new VendingKey(bytes) : null;
        return key is not null;
    }

    /// <summary>
    /// Imports a key of 8, 16 or 20 bytes from which decoder keys are derived, whatever its parity. The caller clears
    /// its own copy.
    /// </summary>
    /// <exception cref="ArgumentException">The length is another one. The message does not hold the key.</exception>
    /// <remarks>
    /// For keys that are not vending keys loaded today: a manufacturer's key for DITKs, which need not be a DES key (a
    /// published vector has one without odd parity), and keys that an earlier version loaded without the check.
    /// </remarks>
    public static VendingKey ImportVendingKeyOfAnyParity(ReadOnlySpan<byte> bytes) => bytes.Length is 8 or 16 or 20
        ? new VendingKey(bytes)
        : throw new ArgumentException(VendingKeyFault.Length.Describe(bytes.Length), nameof(bytes));

    /// <summary>Takes a decoder key: 8 octets for EA07, 16 for EA11, most significant first.</summary>
    /// <exception cref="ArgumentException">The length or the algorithm does not fit. The message does not hold the
    /// key.</exception>
    public static DecoderKey ImportDecoderKey(EncryptionAlgorithm ea, ReadOnlySpan<byte> bytes) => new(ea, bytes);

    /// <summary>Copies a vending key out; returns the number of octets.</summary>
    public static int Export(VendingKey key, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(key);
        using var lease = key.Lease();
        lease.Bytes.CopyTo(destination);
        return lease.Bytes.Length;
    }

    /// <summary>Copies a decoder key out; returns the number of octets.</summary>
    public static int Export(DecoderKey key, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(key);
        using var lease = key.Lease();
        lease.Bytes.CopyTo(destination);
        return lease.Bytes.Length;
    }

    /// <summary>The 32 key bits of a key change token.</summary>
    public static uint Export(KeySection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return section.Bits;
    }

    /// <summary>The bare cipher over one block: EA07 and EA09 with 8 key octets, EA11 with 16.</summary>
    /// <exception cref="ArgumentException">The key length does not fit the cipher, or there is no such
    /// cipher.</exception>
    /// <remarks>EA09 is here for known answers only; no token is ever made with it.</remarks>
    public static ulong Cipher(EncryptionAlgorithm ea, ReadOnlySpan<byte> key, ulong block, bool encrypt)
    {
        if (key.Length * 8 != ea.DecoderKeyBits())
            throw new ArgumentException(
                $"{ea.Name()} takes a key of {ea.DecoderKeyBits() / 8} octets, not {key.Length}.", nameof(key));
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
