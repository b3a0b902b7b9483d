using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using OpenSts.Sts6;

namespace OpenSts.KeyLoading;

/// <summary>
/// The root's name and public key: whoever holds this line can check every certificate of its modules and centres.
/// </summary>
/// <remarks>
/// <c>ROOT.1:name:Q:created:</c>. It is not signed: it is compared by people when it comes in, by
/// <see cref="Fingerprint"/>.
/// </remarks>
public sealed class RootCertificate
{
    /// <summary>The type at the beginning of the line.</summary>
    public const string Type = "ROOT.1";

    private RootCertificate(string line, string name, PublicPoint key, DateTimeOffset created) =>
        (Line, Name, Key, Created) = (line, name, key, created);

    /// <summary>The whole line.</summary>
    public string Line { get; }

    /// <summary>1 to 20 characters.</summary>
    public string Name { get; }

    /// <summary>Checks signatures by ECDSA with SHA-384.</summary>
    public PublicPoint Key { get; }

    /// <summary>When the root was made, UTC.</summary>
    public DateTimeOffset Created { get; }

    /// <summary>What people compare: five groups of four hexadecimal digits of SHA-384 over the line.</summary>
    public string Fingerprint =>
        string.Join('-', Convert.ToHexString(SHA384.HashData(Encoding.ASCII.GetBytes(Line)).AsSpan(0, 10)).Chunk(4)
        .Select(group => new string(group)));

    /// <summary>Writes the line of a root.</summary>
    public static RootCertificate Create(string name, PublicPoint key, DateTimeOffset created)
    {
        ArgumentNullException.ThrowIfNull(key);
        return TryParse(ConcatLine.Close($"{Type}:{name}:{key}:{ConcatLine.Time(created)}:"), out var root,
            out var problem) ? root : throw new ArgumentException(problem, nameof(name));
    }

    /// <summary>Reads the line.</summary>
    public static bool TryParse(string? line, [NotNullWhen(true)] out RootCertificate? root, out string problem)
    {
        root = null;
        if (!ConcatLine.TrySplit(line, Type, 3, out var fields, out problem))
            return false;
        var reader = new FieldReader(Type, fields);
        root = new RootCertificate(line!, reader.Name(0, "name", 20), reader.Point(1, "Q"), reader.Time(2, "created"));
        problem = reader.Problem;
        if (problem.Length != 0)
            root = null;
        return root is not null;
    }

    /// <summary>True where this root signed the text that stands before the signature.</summary>
    /// <param name="signed">The line up to and including the colon before the signature.</param>
    /// <param name="signature">r and s, 48 octets each, in hexadecimal.</param>
    public bool HasSigned(string signed, string signature)
    {
        using var key = ECDsa.Create(Key.Parameters);
        return key.VerifyData(Encoding.ASCII.GetBytes(signed), Convert.FromHexString(signature),
            HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <inheritdoc cref="Line"/>
    public override string ToString() => Line;
}

/// <summary>A signature of P-384 with SHA-384 by a private key that is used for nothing else.</summary>
public static class SigningKey
{
    /// <summary>r and s in hexadecimal capitals over the ASCII of a text.</summary>
    public static string Sign(AgreementKey key, string text)
    {
        ArgumentNullException.ThrowIfNull(key);
        var d = GC.AllocateUninitializedArray<byte>(AgreementKey.Length, pinned: true);
        using (var scalar = key.LeaseScalar())
            scalar.Span.CopyTo(d);
        try
        {
            var parameters = key.Public.Parameters;
            parameters.D = d;
            using var signer = ECDsa.Create(parameters);
            return Convert.ToHexString(signer.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA384,
                DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(d);
        }
    }

    /// <summary>True where the key that belongs to the point made the signature.</summary>
    public static bool Verify(PublicPoint point, string text, string signature)
    {
        ArgumentNullException.ThrowIfNull(point);
        ArgumentNullException.ThrowIfNull(signature);
        if (signature.Length != 192 || !signature.All(char.IsAsciiHexDigitUpper))
            return false;
        using var verifier = ECDsa.Create(point.Parameters);
        return verifier.VerifyData(Encoding.ASCII.GetBytes(text), Convert.FromHexString(signature),
            HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
