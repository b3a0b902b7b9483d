using System.Security.Cryptography;

namespace OpenSts.SecureStorage;

/// <summary>
/// A small file, best on another volume, that remembers how far a store was: a guard against putting an old copy back.
/// </summary>
/// <remarks>
/// Files that were restored together from one backup agree with each other; only something that was not restored with
/// them can tell. Form: content, which begins with eight characters that name its kind, then 32 octets of HMAC-SHA-256
/// under a key of the store.
/// </remarks>
public static class CheckpointFile
{
    /// <summary>Octets of the authentication code at the end.</summary>
    public const int MacLength = 32;

    /// <summary>Replaces the file durably.</summary>
    /// <param name="path">The file; it gets mode 0600.</param>
    /// <param name="content">Begins with the kind.</param>
    /// <param name="authenticate">Computes the code over the content: 32 octets.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, byte[] content, Func<byte[], byte[]> authenticate)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(authenticate);
        PrivateFile.Replace(path, [.. content, .. authenticate(content)]);
    }

    /// <summary>Reads the content; null where it is not of that kind and length, or not of this store.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">The first eight octets.</param>
    /// <param name="length">Octets of the content.</param>
    /// <param name="authenticate">As for <see cref="Write"/>.</param>
    /// <exception cref="StorageException">The file is missing, a link, or open to others.</exception>
    public static byte[]? TryRead(string path, ReadOnlySpan<byte> kind, int length, Func<byte[], byte[]> authenticate)
    {
        ArgumentNullException.ThrowIfNull(authenticate);
        PrivateFile.Require(path);
        var file = File.ReadAllBytes(path);
        if (file.Length != length + MacLength || !file.AsSpan().StartsWith(kind))
            return null;
        var content = file[..length];
        return CryptographicOperations.FixedTimeEquals(authenticate(content), file.AsSpan(length)) ? content : null;
    }
}
