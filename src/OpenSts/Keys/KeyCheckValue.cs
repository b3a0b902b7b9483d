using System.Buffers.Binary;
using System.Security.Cryptography;
using OpenSts.Cryptography;

namespace OpenSts.Keys;

/// <summary>Three octets by which two people see that they hold the same key without showing it.</summary>
/// <remarks>
/// The rule is ours, no public document gives one: the first three octets of the key's own algorithm over eight zero
/// octets. A 64-bit vending key encrypts by DES, a 160-bit one authenticates by HMAC-SHA-256, a decoder key encrypts
/// by EA07 or EA11.
/// </remarks>
public static class KeyCheckValue
{
    /// <summary>The value of a vending key of 64 or 160 bits, six hexadecimal digits in capitals.</summary>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public static string Of(VendingKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> result = stackalloc byte[32];
        using var lease = key.Lease();
        switch (key.Bits)
        {
            case 64:
                BinaryPrimitives.WriteUInt64BigEndian(result,
                    Des.Encrypt(BinaryPrimitives.ReadUInt64BigEndian(lease.Bytes), 0));
                break;
            case 160:
                HmacSha256.Compute(lease.Bytes, stackalloc byte[8], result);
                break;
            default:
                throw new ArgumentException(
                    $"A vending key of {key.Bits} bits has no check value; permitted are 64 and 160 bits.",
                    nameof(key));
        }

        return First3(result);
    }

    /// <summary>The value of a decoder key, six hexadecimal digits in capitals.</summary>
    public static string Of(DecoderKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> result = stackalloc byte[8];
        using var lease = key.Lease();
        BinaryPrimitives.WriteUInt64BigEndian(result, lease.Encrypt(0));
        return First3(result);
    }

    private static string First3(Span<byte> result)
    {
        var text = Convert.ToHexString(result[..3]);
        CryptographicOperations.ZeroMemory(result);
        return text;
    }
}
