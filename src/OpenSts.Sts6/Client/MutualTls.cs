using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OpenSts.Sts6.Client;

/// <summary>
/// TLS in which both sides show a certificate of one authority of the operator's own; no other authority is believed.
/// </summary>
/// <remarks>
/// Certificates and authority are PEM files. A key file must belong to this user alone, as any secret of the module.
/// </remarks>
public sealed class MutualTls : IDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _authorities = [];

    private const UnixFileMode OtherUsers = (UnixFileMode)0x3F;

    private MutualTls(string certificateFile, string keyFile, string authorityFile)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(keyFile) & OtherUsers) != 0)
            throw new IOException(
                $"The key file {keyFile} can be read or written by other users; permitted are the modes 0600 and 0400.");
        _certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        _authorities.ImportFromPemFile(authorityFile);
    }

    /// <summary>Reads the three files.</summary>
    /// <exception cref="IOException">A file cannot be read, or others can read the key file.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file is not what it should
    /// be.</exception>
    public static MutualTls FromFiles(string certificateFile, string keyFile, string authorityFile) =>
        new(certificateFile, keyFile, authorityFile);

    /// <summary>The module's side.</summary>
    public async ValueTask<Stream> AcceptAsync(Stream stream, CancellationToken cancellation)
    {
        var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = _certificate,
                ClientCertificateRequired = true,
                CertificateChainPolicy = Policy(ClientAuthentication),
            }, cancellation).ConfigureAwait(false);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The host's side.</summary>
    /// <param name="stream">Connected.</param>
    /// <param name="name">The name that the module's certificate must have.</param>
    /// <param name="cancellation">Ends the handshake.</param>
    public async ValueTask<Stream> ConnectAsync(Stream stream, string name, CancellationToken cancellation)
    {
        var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = name,
                ClientCertificates = [_certificate],
                CertificateChainPolicy = Policy(ServerAuthentication),
            }, cancellation).ConfigureAwait(false);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Releases certificates and authorities.</summary>
    public void Dispose()
    {
        _certificate.Dispose();
        foreach (var authority in _authorities)
            authority.Dispose();
    }

    // RFC 5280, extended key usage.
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1", ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private X509ChainPolicy Policy(string usage)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(_authorities);
        _ = policy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid(usage));
        return policy;
    }
}
