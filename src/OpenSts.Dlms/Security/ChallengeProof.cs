using System.Security.Cryptography;
using OpenSts.Secrets;

namespace OpenSts.Dlms.Security;

/// <summary>
/// What a party answers to a challenge to show who it is, by HLS mechanism 6 (SHA-256) or 7 (ECDSA).
/// </summary>
/// <remarks>
/// IEC 62056-5-3: over the prover's system title, the other's, the challenge and the prover's own challenge; mechanism
/// 6 puts the common secret before them and hashes, mechanism 7 signs.
/// </remarks>
/// <param name="Prover">Who answers.</param>
/// <param name="Verifier">Who asked.</param>
/// <param name="Challenge">What was asked.</param>
/// <param name="OwnChallenge">What the prover asked in turn.</param>
internal sealed record ChallengeProof(SystemTitle Prover, SystemTitle Verifier, byte[] Challenge, byte[] OwnChallenge)
{
    /// <summary>The digest of mechanism 6, 32 octets.</summary>
    public byte[] Digest(SecretBytes secret)
    {
        using var lease = secret.Lease();
        byte[] input = [.. lease.Span, .. Octets()];
        var digest = SHA256.HashData(input);
        CryptographicOperations.ZeroMemory(input);
        return digest;
    }

    /// <summary>True for the right digest.</summary>
    public bool IsDigest(SecretBytes secret, ReadOnlySpan<byte> answer) =>
        CryptographicOperations.FixedTimeEquals(Digest(secret), answer);

    /// <summary>The signature of mechanism 7, r and s, 64 or 96 octets.</summary>
    public byte[] Sign(ECDsa key, SecuritySuite suite) =>
        key.SignData(Octets(), KeyAgreement.Hash(suite), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <summary>True for a signature of that key.</summary>
    public bool IsSigned(ECDsa key, SecuritySuite suite, ReadOnlySpan<byte> answer) =>
        key.VerifyData(Octets(), answer, KeyAgreement.Hash(suite),
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    private byte[] Octets() => [.. Prover.ToArray(), .. Verifier.ToArray(), .. Challenge, .. OwnChallenge];
}
