using System.Security.Cryptography;
using OpenSts.Secrets;

namespace OpenSts.KeyLoading;

/// <summary>A private key of P-384 with which a module and a centre agree on a common secret.</summary>
/// <remarks>
/// NIST SP 800-56A, elliptic curve Diffie-Hellman with cofactor 1. The scalar lies on a locked page; the
/// system's OpenSSL, which computes, holds a copy until this is disposed, and clears it then.
/// </remarks>
public sealed class AgreementKey : IDisposable
{
    /// <summary>Bytes of a private key.</summary>
    public const int Length = 48;
    private readonly SecretBytes _scalar;
    private readonly ECDiffieHellman _key;

    private AgreementKey(ReadOnlySpan<byte> scalar, PublicPoint point, ECDiffieHellman key)
    {
        _scalar = new SecretBytes(scalar);
        _key = key;
        Public = point;
    }

    /// <summary>The public part.</summary>
    public PublicPoint Public { get; }


    /// <summary>A new key from the system's generator.</summary>
    public static AgreementKey Create() => From(ECDiffieHellman.Create(ECCurve.NamedCurves.nistP384));

    /// <summary>Takes a scalar of 48 octets, most significant first; the caller clears its own copy.</summary>
    /// <exception cref="CryptographicException">It is not a private key of the curve. The message does not hold
    /// it.</exception>
    public static AgreementKey Import(ReadOnlySpan<byte> scalar)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scalar.Length, Length, nameof(scalar));
        var d = Pinned(scalar);
        try
        {
            return From(ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP384, D = d }));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(d);
        }
    }

    /// <summary>Takes a scalar out of a secret, which stays its owner's.</summary>
    /// <exception cref="CryptographicException">It is not a private key of the curve. The message does not hold
    /// it.</exception>
    public static AgreementKey Import(SecretBytes scalar)
    {
        ArgumentNullException.ThrowIfNull(scalar);
        using var lease = scalar.Lease();
        return Import(lease.Span);
    }

    /// <summary>The x coordinate of the common point: 48 octets. The caller clears it.</summary>
    internal void Agree(PublicPoint other, Span<byte> secret)
    {
        // The base library checks the other's point once more when it takes it.
        using var peer = ECDiffieHellman.Create(other.Parameters);
        using var peerKey = peer.PublicKey;
        var result = _key.DeriveRawSecretAgreement(peerKey);
        result.CopyTo(secret);
        CryptographicOperations.ZeroMemory(result);
    }

    /// <summary>
    /// Opens the scalar for reading, so that its owner can seal it in a store: 48 bytes, most significant first.
    /// </summary>
    public SecretLease LeaseScalar() => _scalar.Lease();

    /// <summary>Clears the key.</summary>
    public void Dispose()
    {
        _key.Dispose();
        _scalar.Dispose();
    }

    /// <summary>Says whose it is, never what it holds.</summary>
    public override string ToString() => $"(agreement key {Public.Identifier})";

    private static AgreementKey From(ECDiffieHellman key)
    {
        var parameters = key.ExportParameters(includePrivateParameters: true);
        try
        {
            return new AgreementKey(parameters.D, PublicPoint.From(parameters.Q), key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(parameters.D);
        }
    }

    private static byte[] Pinned(ReadOnlySpan<byte> scalar)
    {
        var copy = GC.AllocateUninitializedArray<byte>(scalar.Length, pinned: true);
        scalar.CopyTo(copy);
        return copy;
    }
}
