using System.Security.Cryptography;
using OpenSts.Secrets;

namespace OpenSts.Dlms.Security;

/// <summary>Which key of a security setup is meant: key_id of key transfer and key agreement.</summary>
/// <remarks>IEC 62056-6-2, Security setup. The broadcast key (1) is not there.</remarks>
public enum GlobalKeyId
{
    /// <summary>The global unicast encryption key.</summary>
    Encryption = 0,

    /// <summary>The authentication key.</summary>
    Authentication = 2,

    /// <summary>The master key, under which keys are transferred.</summary>
    Master = 3,
}

/// <summary>
/// One party's half of a key agreement: an ephemeral key pair, signed when it travels. For one agreement only.
/// </summary>
/// <remarks>
/// IEC 62056-5-3, the ephemeral unified model C(2e, 0s) of NIST SP 800-56A on P-256 (suite 1) or P-384 (suite 2). What
/// travels is the public point without its leading 04h, and the signature r, s over the key_id and the point.
/// </remarks>
public sealed class KeyAgreement : IDisposable
{
    private readonly SecuritySuite _suite;
    private readonly ECDiffieHellman _ephemeral;

    /// <summary>A fresh half.</summary>
    /// <param name="suite">Suite 1 or 2.</param>
    public KeyAgreement(SecuritySuite suite)
        : this(suite, ECDiffieHellman.Create(Curve(suite)))
    {
    }

    internal KeyAgreement(SecuritySuite suite, ECDiffieHellman ephemeral)
    {
        _suite = suite;
        _ephemeral = ephemeral;
    }

    /// <summary>The octets that travel.</summary>
    /// <param name="id">The key that is agreed on.</param>
    /// <param name="signer">The sender's digital signature key, on the suite's curve.</param>
    public byte[] Offer(GlobalKeyId id, ECDsa signer)
    {
        ArgumentNullException.ThrowIfNull(signer);
        var point = _ephemeral.ExportParameters(includePrivateParameters: false).Q;
        byte[] signed = [(byte)id, .. point.X!, .. point.Y!];
        return [.. signed[1..],
            .. signer.SignData(signed, Hash(_suite), DSASignatureFormat.IeeeP1363FixedFieldConcatenation)];
    }

    /// <summary>
    /// The key both halves give; null where the other one is not signed by that key, or is no point of the curve.
    /// </summary>
    /// <param name="id">The key that is agreed on.</param>
    /// <param name="offer">The other party's octets.</param>
    /// <param name="signer">The other party's digital signature key.</param>
    /// <param name="client">The client's system title: it begins the agreement.</param>
    /// <param name="server">The server's system title.</param>
    /// <returns>The caller disposes it.</returns>
    public SecretBytes? Accept(GlobalKeyId id, ReadOnlySpan<byte> offer, ECDsa signer, SystemTitle client,
        SystemTitle server)
    {
        ArgumentNullException.ThrowIfNull(signer);
        var width = Coordinate(_suite);
        if (offer.Length != 4 * width)
            return null;
        byte[] signed = [(byte)id, .. offer[..(2 * width)]];
        if (!signer.VerifyData(signed, offer[(2 * width)..], Hash(_suite),
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
            return null;
        try
        {
            using var other = ECDiffieHellman.Create(new ECParameters
            {
                Curve = Curve(_suite),
                Q = new ECPoint { X = offer[..width].ToArray(), Y = offer.Slice(width, width).ToArray() },
            });
            using var otherKey = other.PublicKey;
            var secret = _ephemeral.DeriveRawSecretAgreement(otherKey);
            var key = Derive(_suite, secret, id, client, server);
            CryptographicOperations.ZeroMemory(secret);
            return key;
        }
        catch (CryptographicException)
        {
            // No point of the curve.
            return null;
        }
    }

    /// <summary>The key of a shared secret.</summary>
    /// <remarks>
    /// NIST SP 800-56A, concatenation form: the first octets of the hash over 00000001h, the secret, and the other
    /// information: the object identifier of the algorithm the key is for, and the two system titles, the beginner's
    /// first.
    /// </remarks>
    public static SecretBytes Derive(SecuritySuite suite, ReadOnlySpan<byte> secret, GlobalKeyId id,
        SystemTitle client, SystemTitle server)
    {
        // 2.16.756.5.8.3.n: AES-GCM-128, AES-GCM-256, AES wrap 128, AES wrap 256.
        var algorithm = (byte)((id == GlobalKeyId.Master ? 2 : 0) + (suite == SecuritySuite.Suite2 ? 1 : 0));
        byte[] input = [0, 0, 0, 1, .. secret, 0x60, 0x85, 0x74, 0x05, 0x08, 0x03, algorithm, .. client.ToArray(),
            .. server.ToArray()];
        Span<byte> digest = stackalloc byte[48];
        var written = suite == SecuritySuite.Suite2 ? SHA384.HashData(input, digest) : SHA256.HashData(input, digest);
        var key = new SecretBytes(digest[..Math.Min(written, suite.KeyOctets())]);
        CryptographicOperations.ZeroMemory(input);
        CryptographicOperations.ZeroMemory(digest);
        return key;
    }

    /// <inheritdoc/>
    public void Dispose() => _ephemeral.Dispose();

    internal static ECCurve Curve(SecuritySuite suite) => suite switch
    {
        SecuritySuite.Suite1 => ECCurve.NamedCurves.nistP256,
        SecuritySuite.Suite2 => ECCurve.NamedCurves.nistP384,
        _ => throw new ArgumentException("Suite 0 has no key agreement and no signatures.", nameof(suite)),
    };

    internal static HashAlgorithmName Hash(SecuritySuite suite) =>
        suite == SecuritySuite.Suite2 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;

    private static int Coordinate(SecuritySuite suite) => suite == SecuritySuite.Suite2 ? 48 : 32;
}
