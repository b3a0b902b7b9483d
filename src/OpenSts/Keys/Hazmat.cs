using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using OpenSts.Cryptography;

namespace OpenSts.Keys;

/// <summary>
/// Imports and exports raw key bytes, and calls the ciphers directly. Dangerous: nothing else gives out key bytes.
/// </summary>
/// <remarks>
/// A test of this repository lists every caller. Only a key vault, a laboratory tool or a test needs this class.
/// </remarks>
public static class Hazmat
{
    /// <summary>Imports a vending key of 8, 16 or 20 bytes. The caller clears its own copy.</summary>
    /// <exception cref="ArgumentException">
    /// The length is not 8, 16 or 20, or a key of 8 bytes does not have odd parity. The message does not contain the
    /// key.
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
    /// <exception cref="ArgumentException">
    /// The length is not 8, 16 or 20. The message does not contain the key.
    /// </exception>
    /// <remarks>
    /// For keys that are not vending keys loaded today: a manufacturer's key for DITKs, which need not be a DES key (a
    /// published vector has one without odd parity), and keys that an earlier version loaded without the check.
    /// </remarks>
    public static VendingKey ImportVendingKeyOfAnyParity(ReadOnlySpan<byte> bytes) => bytes.Length is 8 or 16 or 20
        ? new VendingKey(bytes)
        : throw new ArgumentException(VendingKeyFault.Length.Describe(bytes.Length), nameof(bytes));

    /// <summary>Imports a decoder key: 8 bytes for EA07, 16 for EA11, most significant first.</summary>
    /// <exception cref="ArgumentException">
    /// The algorithm is not EA07 or EA11, or the length does not match it. The message does not contain the key.
    /// </exception>
    public static DecoderKey ImportDecoderKey(EncryptionAlgorithm ea, ReadOnlySpan<byte> bytes) => new(ea, bytes);

    /// <summary>Exports a vending key; returns the number of bytes, 8, 16 or 20.</summary>
    public static int Export(VendingKey key, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(key);
        using var lease = key.Lease();
        lease.Bytes.CopyTo(destination);
        return lease.Bytes.Length;
    }

    /// <summary>Exports a decoder key; returns the number of bytes, 8 or 16.</summary>
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

    /// <summary>Encrypts or decrypts one block: EA07 and EA09 with a key of 8 bytes, EA11 with 16.</summary>
    /// <exception cref="ArgumentException">The key length does not match the algorithm, or there is no such
    /// algorithm.</exception>
    /// <remarks>EA09 is available for test vectors only; no tokens are issued with it.</remarks>
    public static ulong Cipher(EncryptionAlgorithm ea, ReadOnlySpan<byte> key, ulong block, bool encrypt)
    {
        if (key.Length * 8 != ea.DecoderKeyBits())
            throw new ArgumentException(
                $"{ea.Name()} has a key of {ea.DecoderKeyBits() / 8} bytes, not {key.Length}.", nameof(key));
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
                throw new ArgumentException($"{(int)ea} is not an encryption algorithm; use 7, 9 or 11.", nameof(ea));
        }
    }
}
