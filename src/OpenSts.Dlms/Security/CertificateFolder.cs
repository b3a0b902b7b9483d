using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpenSts.Dlms.Security;

/// <summary>Whom a certificate is of: certificate_entity.</summary>
public enum CertificateEntity
{
    /// <summary>The server.</summary>
    Server = 0,

    /// <summary>A client.</summary>
    Client = 1,

    /// <summary>Who vouches for the others.</summary>
    Authority = 2,
}

/// <summary>
/// A server's key pair for signatures and the certificates it knows, in a folder that is its owner's alone. Safe for
/// several threads.
/// </summary>
/// <remarks>
/// <c>root.pem</c> is the trust anchor and is put there by people; <c>signing.pem</c> is the key pair (PKCS#8);
/// certificates that came over the association are <c>SERIAL.cer</c>. A subject names its owner as its common name:
/// the system title in 16 hexadecimal digits. Suites 1 and 2.
/// </remarks>
public sealed class CertificateFolder : IDisposable
{
    /// <summary>How many certificates are kept besides the trust anchor.</summary>
    public const int MaximumCertificates = 16;

    private const string KeyFile = "signing.pem";
    private const string RootFile = "root.pem";
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly SecuritySuite _suite;
    private readonly SystemTitle _server;
    private readonly TimeProvider _clock;
    private readonly X509Certificate2 _root;
    private readonly List<X509Certificate2> _certificates = [];
    private ECDsa? _signing;

    /// <summary>Opens the folder.</summary>
    /// <param name="path">A folder with a trust anchor.</param>
    /// <param name="suite">Suite 1 or 2.</param>
    /// <param name="server">The server's system title.</param>
    /// <param name="clock">The time by which certificates are valid.</param>
    /// <exception cref="IOException">The folder cannot be read, or may be read by others.</exception>
    /// <exception cref="CryptographicException">A file of it holds no certificate.</exception>
    /// <exception cref="FormatException">The key file holds no key of the suite.</exception>
    public CertificateFolder(string path, SecuritySuite suite, SystemTitle server, TimeProvider clock)
    {
        (_path, _suite, _server, _clock) = (path, suite, server, clock);
        _root = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(path, RootFile));
        if (File.Exists(Path.Combine(path, KeyFile)))
            _signing = KeyFiles.ReadSigningKey(Path.Combine(path, KeyFile), suite);

        foreach (var file in Directory.EnumerateFiles(path, "*.cer").Order(StringComparer.Ordinal)
            .Take(MaximumCertificates))
            _certificates.Add(X509CertificateLoader.LoadCertificateFromFile(file));
    }

    /// <summary>The certificates, the trust anchor first.</summary>
    public IReadOnlyList<(CertificateEntity Entity, X509Certificate2 Certificate)> Certificates
    {
        get
        {
            lock (_lock)
                return [(CertificateEntity.Authority, _root),
                    .. _certificates.Select(
                    each => (OwnerOf(each) == _server ? CertificateEntity.Server : CertificateEntity.Client, each))];
        }
    }

    /// <summary>The server's key for signatures; null where none was made yet.</summary>
    public ECDsa? SigningKey
    {
        get
        {
            lock (_lock)
                return _signing;
        }
    }

    /// <summary>Makes a new key pair for signatures; the certificate of the old one is forgotten.</summary>
    /// <exception cref="IOException">It could not be kept.</exception>
    public void GenerateKeyPair()
    {
        lock (_lock)
        {
            var fresh = ECDsa.Create(KeyAgreement.Curve(_suite));
            PrivateFile.Replace(Path.Combine(_path, KeyFile), fresh.ExportPkcs8PrivateKeyPem());
            _signing = fresh;
            foreach (var own in _certificates.Where(each => OwnerOf(each) == _server).ToArray())
                Forget(own);
        }
    }

    /// <summary>What an authority makes a certificate from (PKCS#10, DER); null where there is no key pair.</summary>
    public byte[]? Request()
    {
        lock (_lock)
            return _signing is null ? null
                : new CertificateRequest($"CN={_server}", _signing, KeyAgreement.Hash(_suite)).CreateSigningRequest();
    }

    /// <summary>
    /// Keeps a certificate (DER) where the trust anchor vouches for it. One of an owner takes the place of the one
    /// before.
    /// </summary>
    /// <exception cref="IOException">It could not be kept.</exception>
    public bool TryImport(ReadOnlySpan<byte> der)
    {
        X509Certificate2 certificate;
        try
        {
            certificate = X509CertificateLoader.LoadCertificate(der);
        }
        catch (CryptographicException)
        {
            return false;
        }

        lock (_lock)
        {
            if (OwnerOf(certificate) is not { } owner || !IsGood(certificate)
                || (owner == _server && !IsOfOurKey(certificate)))
                return false;
            var before = _certificates.Find(each => OwnerOf(each) == owner);
            if (before is null && _certificates.Count >= MaximumCertificates)
                return false;
            PrivateFile.Replace(FileOf(certificate), certificate.RawData);
            if (before is not null && before.SerialNumber != certificate.SerialNumber)
                Forget(before);
            else if (before is not null)
                _certificates.Remove(before);
            _certificates.Add(certificate);
            return true;
        }
    }

    /// <summary>Forgets a certificate; false where it is not there, or is the trust anchor.</summary>
    public bool Remove(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        lock (_lock)
            return Forget(certificate);
    }

    /// <summary>
    /// The signature key of a client whose certificate is here and still good; null where there is none. The caller
    /// disposes it.
    /// </summary>
    public ECDsa? KeyOf(SystemTitle owner)
    {
        lock (_lock)
            return _certificates.Find(each => OwnerOf(each) == owner && IsGood(each))?.GetECDsaPublicKey();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _signing?.Dispose();
        _root.Dispose();
        foreach (var each in _certificates)
            each.Dispose();
    }

    private static SystemTitle? OwnerOf(X509Certificate2 certificate)
    {
        var name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return name.Length == 2 * SystemTitle.Octets
            && ulong.TryParse(name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _)
            && SystemTitle.TryRead(Convert.FromHexString(name), out var title) ? title : null;
    }

    // On the suite's curve, for signatures, signed by the trust anchor, and valid now.
    private bool IsGood(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPublicKey();
        if (key is null || key.ExportParameters(false).Curve.Oid.Value != KeyAgreement.Curve(_suite).Oid.Value
            || !certificate.Extensions.OfType<X509KeyUsageExtension>()
                .Any(usage => usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature)))
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = _clock.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        return chain.Build(certificate);
    }

    private bool IsOfOurKey(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPublicKey();
        return _signing is not null
            && key!.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(_signing.ExportSubjectPublicKeyInfo());
    }

    private bool Forget(X509Certificate2 certificate)
    {
        if (!_certificates.Remove(certificate))
            return false;
        File.Delete(FileOf(certificate));
        return true;
    }

    private string FileOf(X509Certificate2 certificate) =>
        Path.Combine(_path, $"{OwnerOf(certificate)}-{certificate.SerialNumber}.cer");
}
