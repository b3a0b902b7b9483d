using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace OpenSts.Cosem.Security;

/// <summary>Keys and passwords in files that are their owner's alone.</summary>
public static class KeyFiles
{
    private const int LongestPassword = 64;

    /// <summary>A key in hexadecimal digits.</summary>
    /// <exception cref="IOException">The file cannot be read, or may be read by others.</exception>
    /// <exception cref="FormatException">It does not hold a key of the suite.</exception>
    public static SecretKey ReadKey(string path, SecuritySuite suite)
    {
        var text = PrivateFile.Read(path);
        Span<byte> key = stackalloc byte[suite.KeyOctets()];
        try
        {
            if (text.Length != key.Length * 2 || Convert.FromHexString(text, key, out _, out _) != OperationStatus.Done)
                throw new FormatException($"{path} does not hold a key of {key.Length * 2} hexadecimal digits");
            return new SecretKey(key);
        }
        finally
        {
            Array.Clear(text);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>A password, its characters as they are.</summary>
    /// <exception cref="IOException">The file cannot be read, or may be read by others.</exception>
    /// <exception cref="FormatException">It does not hold 1 to 64 ASCII characters.</exception>
    public static SecretKey ReadPassword(string path)
    {
        var text = PrivateFile.Read(path);
        Span<byte> octets = stackalloc byte[LongestPassword];
        try
        {
            if (text.Length is 0 or > LongestPassword || !text.All(char.IsAscii))
                throw new FormatException($"{path} does not hold a password of 1 to {LongestPassword} ASCII characters");
            return new SecretKey(octets[..Encoding.ASCII.GetBytes(text, octets)]);
        }
        finally
        {
            Array.Clear(text);
            CryptographicOperations.ZeroMemory(octets);
        }
    }
}
