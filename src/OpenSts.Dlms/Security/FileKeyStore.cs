using System.Security.Cryptography;
using OpenSts.Secrets;

namespace OpenSts.Dlms.Security;

/// <summary>
/// Keys that came by key transfer or key agreement, in a file that is its owner's alone and is replaced as a whole.
/// </summary>
/// <remarks>
/// One line: suite, encryption key, authentication key and master key, in hexadecimal digits. From its first writing
/// on it stands above the keys a server was started with.
/// </remarks>
/// <param name="path">The file; there is none before the first keys come.</param>
/// <param name="suite">The suite of the server.</param>
public sealed class FileKeyStore(string path, SecuritySuite suite) : IServerKeyStore
{
    /// <summary>The keys of the file; null before the first were kept. The caller disposes them.</summary>
    /// <exception cref="IOException">The file cannot be read, or may be read by others.</exception>
    /// <exception cref="FormatException">It does not hold three keys of the suite.</exception>
    public KeySet? Read()
    {
        if (!File.Exists(path))
            return null;
        var text = PrivateFile.Read(path);
        var width = suite.KeyOctets();
        Span<byte> keys = stackalloc byte[3 * width];
        try
        {
            if (text.Length != 1 + (3 * (1 + (2 * width))) || text[0] != '0' + (int)suite)
                throw new FormatException($"{path} does not hold three keys of suite {(int)suite}");
            for (var i = 0; i < 3; i++)
            {
                var part = text.AsSpan(1 + (i * (1 + (2 * width))), 1 + (2 * width));
                if (part[0] != ' ' || Convert.FromHexString(part[1..], keys.Slice(i * width, width), out _,
                    out _) != System.Buffers.OperationStatus.Done)
                    throw new FormatException($"{path} does not hold three keys of suite {(int)suite}");
            }

            return new KeySet(new SecretBytes(keys[..width]), new SecretBytes(keys.Slice(width, width)),
                new SecretBytes(keys[(2 * width)..]));
        }
        finally
        {
            Array.Clear(text);
            CryptographicOperations.ZeroMemory(keys);
        }
    }

    /// <inheritdoc/>
    public void Keep(KeySet keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var width = suite.KeyOctets();
        var line = new byte[1 + (3 * (1 + (2 * width))) + 1];
        line[0] = (byte)('0' + (int)suite);
        var at = 1;
        foreach (var key in (SecretBytes[])[keys.Encryption!, keys.Authentication!, keys.Master!])
        {
            line[at] = (byte)' ';
            using (var lease = key.Lease())
                _ = Convert.TryToHexString(lease.Span, line.AsSpan(at + 1), out _);
            at += 1 + (2 * width);
        }

        line[at] = (byte)'\n';
        PrivateFile.Replace(path, line);
        CryptographicOperations.ZeroMemory(line);
    }
}
