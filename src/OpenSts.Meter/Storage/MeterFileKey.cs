using System.Security.Cryptography;
using System.Text;
using OpenSts.Secrets;
using OpenSts.SecureStorage;

namespace OpenSts.Meter.Storage;

/// <summary>Seals the decoder key in meter files: a key of 256 bits for AES-GCM, read from a key file.</summary>
/// <remarks>
/// The key file holds 64 hexadecimal digits and is readable by its owner alone. It protects the decoder keys against
/// whoever gets the meter files
/// without it, such as from a backup. A sealed key is bound to the meter's PAN: it cannot be moved to another meter's
/// file.
/// </remarks>
public sealed class MeterFileKey : IDisposable
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    // Part of the file format: it never changes.
    private const string Context = "OpenSts meter file decoder key 1:";

    private readonly SecretBytes _key;

    private MeterFileKey(SecretBytes key) => _key = key;

    /// <summary>Creates a key file with a random key; an existing file is never overwritten.</summary>
    /// <exception cref="IOException">The file exists or cannot be written.</exception>
    public static void Create(string path) => KeyFile.Create(path);

    /// <summary>Reads a key file; the caller disposes the key.</summary>
    /// <exception cref="MeterFileException">There is no such file, others may read it, or it does not hold 64
    /// hexadecimal digits.</exception>
    public static MeterFileKey Read(string path)
    {
        try
        {
            return new MeterFileKey(KeyFile.Read(path));
        }
        catch (StorageException error)
        {
            throw new MeterFileException(error.Message);
        }
    }

    /// <summary>Clears the key.</summary>
    public void Dispose() => _key.Dispose();

    /// <summary>Nonce, ciphertext and tag in hexadecimal digits.</summary>
    internal string Seal(ReadOnlySpan<byte> decoderKey, string pan)
    {
        var octets = new byte[NonceLength + decoderKey.Length + TagLength];
        RandomNumberGenerator.Fill(octets.AsSpan(0, NonceLength));
        using var lease = _key.Lease();
        using var cipher = new AesGcm(lease.Span, TagLength);
        var body = octets.AsSpan(NonceLength);
        cipher.Encrypt(octets.AsSpan(0, NonceLength), decoderKey, body[..^TagLength], body[^TagLength..], Bound(pan));
        return Convert.ToHexString(octets);
    }

    /// <summary>The decoder key, which the caller clears; null where another key sealed it or it was
    /// changed.</summary>
    /// <exception cref="FormatException">The text is not hexadecimal, or too short.</exception>
    internal byte[]? Open(string sealedKey, string pan)
    {
        var octets = Convert.FromHexString(sealedKey);
        if (octets.Length <= NonceLength + TagLength)
            throw new FormatException("too short");
        var decoderKey = new byte[octets.Length - NonceLength - TagLength];
        using var lease = _key.Lease();
        using var cipher = new AesGcm(lease.Span, TagLength);
        try
        {
            var body = octets.AsSpan(NonceLength);
            cipher.Decrypt(
                octets.AsSpan(0, NonceLength), body[..^TagLength], body[^TagLength..], decoderKey, Bound(pan));
            return decoderKey;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] Bound(string pan) => Encoding.ASCII.GetBytes(Context + pan);
}
