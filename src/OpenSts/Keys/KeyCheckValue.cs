using System.Buffers.Binary;
using System.Security.Cryptography;
using OpenSts.Cryptography;

namespace OpenSts.Keys;

/// <summary>Key check values: three octets by which two copies of a key can be compared without showing it.</summary>
/// <remarks>
/// No public document defines a check value; this definition is ours: the first three octets of eight zero octets,
/// processed by the algorithm of the key. That is DES for a 64-bit vending key, HMAC-SHA-256 for a 160-bit one, and
/// EA07 or EA11 for a decoder key.
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
                    $"A vending key of {key.Bits} bits has no check value; use 64 or 160 bits.",
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
