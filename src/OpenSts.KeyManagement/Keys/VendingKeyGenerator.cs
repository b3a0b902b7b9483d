using System.Numerics;
using System.Security.Cryptography;
using OpenSts.Keys;
using OpenSts.Secrets;

namespace OpenSts.KeyManagement.Keys;

/// <summary>Makes vending keys from the system's generator.</summary>
/// <remarks>
/// A key of 64 bits is a DES key: every octet has odd parity, and the 4 weak and 12 semi-weak keys are refused (NIST
/// SP 800-67).
/// </remarks>
internal static class VendingKeyGenerator
{
    // Without their parity bits: each half of such a key repeats one of two patterns of octets.
    private static readonly HashSet<ulong> Weak =
    [
        0x0101010101010101, 0xFEFEFEFEFEFEFEFE, 0xE0E0E0E0F1F1F1F1, 0x1F1F1F1F0E0E0E0E,
        0x011F011F010E010E, 0x1F011F010E010E01, 0x01E001E001F101F1, 0xE001E001F101F101,
        0x01FE01FE01FE01FE, 0xFE01FE01FE01FE01, 0x1FE01FE00EF10EF1, 0xE01FE01FF10EF10E,
        0x1FFE1FFE0EFE0EFE, 0xFE1FFE1FFE0EFE0E, 0xE0FEE0FEF1FEF1FE, 0xFEE0FEE0FEF1FEF1,
    ];

    /// <summary>A new key of 8 or 20 octets; the caller disposes it.</summary>
    public static SecretBytes Create(DecoderKeyGenerationAlgorithm dkga) => Create(dkga, RandomNumberGenerator.Fill);

    /// <summary>The same from another source, for tests.</summary>
    public static SecretBytes Create(DecoderKeyGenerationAlgorithm dkga, RandomSource random)
    {
        var key = new SecretBytes(VendingKey.RequiredBits(dkga) / 8);
        using var octets = key.LeaseForWriting();
        do
        {
            random(octets.Span);
            if (key.Length == 8)
                SetOddParity(octets.Span);
        }
        while (IsWeak(octets.Span));
        return key;
    }

    /// <inheritdoc cref="IsWeak(ReadOnlySpan{byte})"/>
    public static bool IsWeak(SecretBytes key)
    {
        using var octets = key.Lease();
        return IsWeak(octets.Span);
    }

    /// <summary>True for one of the 16 keys of 8 octets that DES must not have, whatever their parity bits.</summary>
    public static bool IsWeak(ReadOnlySpan<byte> key)
    {
        if (key.Length != 8)
            return false;
        Span<byte> odd = stackalloc byte[8];
        key.CopyTo(odd);
        SetOddParity(odd);
        var weak = Weak.Contains(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(odd));
        CryptographicOperations.ZeroMemory(odd);
        return weak;
    }

    private static void SetOddParity(Span<byte> key)
    {
        for (var i = 0; i < key.Length; i++)
            key[i] = (byte)((key[i] & 0xFE) | ((BitOperations.PopCount((uint)key[i] & 0xFE) & 1) ^ 1));
    }

    /// <summary>Fills with random octets.</summary>
    internal delegate void RandomSource(Span<byte> octets);
}
