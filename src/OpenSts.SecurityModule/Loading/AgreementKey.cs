using System.Security.Cryptography;
using OpenSts.SecurityModule.Vault;

namespace OpenSts.SecurityModule.Loading;

/// <summary>A private key of P-384 with which a module and a centre agree on a common secret.</summary>
/// <remarks>
/// NIST SP 800-56A, elliptic curve Diffie-Hellman with cofactor 1. The scalar lies on a locked page; while it computes, the
/// system's OpenSSL holds a copy, which it clears.
/// </remarks>
public sealed class AgreementKey : IDisposable
{
    internal const int Length = 48;
    private readonly LockedBytes _scalar;

    private AgreementKey(ReadOnlySpan<byte> scalar, PublicPoint point)
    {
        _scalar = new LockedBytes(scalar);
        Public = point;
    }

    /// <summary>The public part.</summary>
    public PublicPoint Public { get; }

    internal ReadOnlySpan<byte> Scalar => _scalar.Span;

    /// <summary>A new key from the system's generator.</summary>
    public static AgreementKey Create()
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP384);
        return From(key);
    }

    /// <summary>Takes a scalar of 48 octets, most significant first; the caller clears its own copy.</summary>
    /// <exception cref="CryptographicException">It is not a private key of the curve. The message does not hold it.</exception>
    internal static AgreementKey Import(ReadOnlySpan<byte> scalar)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scalar.Length, Length, nameof(scalar));
        var d = Pinned(scalar);
        try
        {
            using var key = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP384, D = d });
            return From(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(d);
        }
    }

    /// <summary>The x coordinate of the common point: 48 octets. The caller clears it.</summary>
    internal void Agree(PublicPoint other, Span<byte> secret)
    {
        var d = Pinned(_scalar.Span);
        byte[] result = [];
        try
        {
            using var key = ECDiffieHellman.Create(WithScalar(d));
            using var peer = ECDiffieHellman.Create(other.Parameters);
            using var peerKey = peer.PublicKey;
            result = key.DeriveRawSecretAgreement(peerKey);
            result.CopyTo(secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(d);
            CryptographicOperations.ZeroMemory(result);
        }
    }

    /// <summary>Clears the key.</summary>
    public void Dispose() => _scalar.Dispose();

    /// <summary>Says whose it is, never what it holds.</summary>
    public override string ToString() => $"(agreement key {Public.Identifier})";

    private static AgreementKey From(ECDiffieHellman key)
    {
        var parameters = key.ExportParameters(includePrivateParameters: true);
        try
        {
            return new AgreementKey(parameters.D, PublicPoint.From(parameters.Q));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(parameters.D);
        }
    }

    private ECParameters WithScalar(byte[] d)
    {
        var parameters = Public.Parameters;
        parameters.D = d;
        return parameters;
    }

    private static byte[] Pinned(ReadOnlySpan<byte> scalar)
    {
        var copy = GC.AllocateUninitializedArray<byte>(scalar.Length, pinned: true);
        scalar.CopyTo(copy);
        return copy;
    }
}
