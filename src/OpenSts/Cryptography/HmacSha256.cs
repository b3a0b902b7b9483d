using System.Security.Cryptography;

namespace OpenSts.Cryptography;

/// <summary>HMAC-SHA-256, the function under DKGA04.</summary>
/// <remarks>FIPS 198-1 with FIPS 180-4.</remarks>
internal static class HmacSha256
{
    public static void Compute(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> mac) =>
        HMACSHA256.HashData(key, message, mac);
}
