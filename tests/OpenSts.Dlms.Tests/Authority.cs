using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OpenSts.Dlms.Security;

namespace OpenSts.Dlms.Tests;

/// <summary>Who vouches for the others.</summary>
internal sealed class Authority : IDisposable
{
    private readonly SecuritySuite _suite;
    private readonly DateTimeOffset _now;
    private readonly ECDsa _key;
    private byte _serial;

    public Authority(SecuritySuite suite, DateTimeOffset now)
    {
        (_suite, _now) = (suite, now);
        _key = ECDsa.Create(KeyAgreement.Curve(suite));
        var request = new CertificateRequest("CN=Test authority", _key, KeyAgreement.Hash(suite));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Root = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(7000));
    }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Issue(PublicKey key, SystemTitle owner)
    {
        var request = new CertificateRequest(new X500DistinguishedName($"CN={owner}"), key, KeyAgreement.Hash(_suite));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        return request.Create(Root.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), _now.AddDays(-1),
            _now.AddDays(3650), [++_serial]);
    }

    /// <summary>The certificates of a server that takes this authority as its trust anchor.</summary>
    public CertificateFolder Trusting(string folder, SystemTitle server, TimeProvider clock)
    {
        File.WriteAllText(Path.Combine(folder, "root.pem"), Root.ExportCertificatePem());
        return new CertificateFolder(folder, _suite, server, clock);
    }

    public void Dispose()
    {
        Root.Dispose();
        _key.Dispose();
    }
}
