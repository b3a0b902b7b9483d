using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using OpenSts.Secrets;

namespace OpenSts.Dlms.Security;

/// <summary>Keys and passwords in files that are their owner's alone.</summary>
public static class KeyFiles
{
    private const int LongestPassword = 64;

    /// <summary>A key in hexadecimal digits.</summary>
    /// <exception cref="IOException">The file cannot be read, or may be read by others.</exception>
    /// <exception cref="FormatException">It does not hold a key of the suite.</exception>
    public static SecretBytes ReadKey(string path, SecuritySuite suite)
    {
        var text = PrivateFile.Read(path);
        Span<byte> key = stackalloc byte[suite.KeyOctets()];
        try
        {
            if (text.Length != key.Length * 2
                || Convert.FromHexString(text, key, out _, out _) != OperationStatus.Done)
                throw new FormatException($"{path} does not hold a key of {key.Length * 2} hexadecimal digits");
            return new SecretBytes(key);
        }
        finally
        {
            Array.Clear(text);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>
    /// Writes a key in hexadecimal digits, as <see cref="ReadKey"/> reads it, into a file that is its owner's alone;
    /// durably.
    /// </summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void WriteKey(string path, SecretBytes key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var line = new byte[(2 * key.Length) + 1];
        using (var lease = key.Lease())
            _ = Convert.TryToHexString(lease.Span, line, out _);
        line[^1] = (byte)'\n';
        PrivateFile.Replace(path, line);
        CryptographicOperations.ZeroMemory(line);
    }

    /// <summary>A private key for signatures (PEM). The caller disposes it.</summary>
    /// <exception cref="IOException">The file cannot be read, or may be read by others.</exception>
    /// <exception cref="FormatException">It does not hold a private key on the suite's curve.</exception>
    public static ECDsa ReadSigningKey(string path, SecuritySuite suite)
    {
        var pem = PrivateFile.Read(path);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            var parameters = key.ExportParameters(includePrivateParameters: true);
            CryptographicOperations.ZeroMemory(parameters.D);
            if (parameters.D is not null && parameters.Curve.Oid.Value == KeyAgreement.Curve(suite).Oid.Value)
                return key;
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            // It holds something else.
        }
        finally
        {
            Array.Clear(pem);
        }

        key.Dispose();
        throw new FormatException(suite == SecuritySuite.Suite0 ? "suite 0 has no signatures"
            : $"{path} does not hold a private key on {(suite == SecuritySuite.Suite2 ? "P-384" : "P-256")} in PEM");
    }

    /// <summary>A password, its characters as they are.</summary>
    /// <exception cref="IOException">The file cannot be read, or may be read by others.</exception>
    /// <exception cref="FormatException">It does not hold 1 to 64 ASCII characters.</exception>
    public static SecretBytes ReadPassword(string path)
    {
        var text = PrivateFile.Read(path);
        Span<byte> octets = stackalloc byte[LongestPassword];
        try
        {
            if (text.Length is 0 or > LongestPassword || !text.All(char.IsAscii))
                throw new FormatException(
                    $"{path} does not hold a password of 1 to {LongestPassword} ASCII characters");
            return new SecretBytes(octets[..Encoding.ASCII.GetBytes(text, octets)]);
        }
        finally
        {
            Array.Clear(text);
            CryptographicOperations.ZeroMemory(octets);
        }
    }
}
