using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OpenSts.Cli.Terminal;

namespace OpenSts.Cli.Cosem;

/// <summary>Certificates in files, PEM or DER.</summary>
internal static class CertificateFiles
{
    private const int Longest = 16 * 1024;

    /// <summary>The certificate of a file. The caller disposes it.</summary>
    /// <param name="name">What named the file, for the message.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="CliException">It holds none.</exception>
    public static X509Certificate2 Read(string name, string path)
    {
        if (!File.Exists(path))
            throw new CliException($"{name}: there is no file {path}");
        if (new FileInfo(path).Length > Longest)
            throw new CliException($"{name}: {path} is longer than {Longest} octets");
        try
        {
            return X509CertificateLoader.LoadCertificateFromFile(path);
        }
        catch (CryptographicException)
        {
            throw new CliException($"{name}: {path} holds no certificate in PEM or DER");
        }
    }
}
