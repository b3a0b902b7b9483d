using System.Security.Cryptography;
using OpenSts.Secrets;

namespace OpenSts.SecureStorage;

/// <summary>
/// The file that opens a vault without a person: 64 hexadecimal digits, readable by the module's user alone.
/// </summary>
/// <remarks>
/// It protects against whoever gets the vault's folder without this file (a backup, a disk). Whoever is the module's
/// user, or the superuser, has both. Keep it on another volume.
/// </remarks>
public static class KeyFile
{
    private const int Digits = StorageLock.KeyLength * 2;

    /// <summary>Makes a new one; an existing file is never overwritten.</summary>
    /// <exception cref="IOException">The file exists or cannot be written.</exception>
    public static void Create(string path)
    {
        using var secret = SecretBytes.CreateRandom(StorageLock.KeyLength);
        Span<byte> text = stackalloc byte[Digits + 1];
        using (var lease = secret.Lease())
            _ = Convert.TryToHexStringLower(lease.Span, text, out _);
        text[Digits] = (byte)'\n';
        using (var file = PrivateFile.Create(path))
        {
            RandomAccess.Write(file, text, 0);
            RandomAccess.FlushToDisk(file);
        }

        CryptographicOperations.ZeroMemory(text);
        Posix.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Refuses a file that is missing, a link, not of this user, or open to the group or to others.</summary>
    /// <exception cref="StorageException">It is one of these; the message says which.</exception>
    public static void RequirePrivate(string path) => PrivateFile.Require(path);

    /// <summary>Reads the secret of a key file; the caller disposes it.</summary>
    /// <exception cref="StorageException">The file is missing, open to others, or not of that form.</exception>
    public static SecretBytes Read(string path)
    {
        PrivateFile.Require(path);
        Span<byte> text = stackalloc byte[Digits + 2];
        int length;
        using (var file = File.OpenHandle(path))
            length = RandomAccess.Read(file, text, 0);
        var secret = new SecretBytes(StorageLock.KeyLength);
        bool good;
        using (var lease = secret.LeaseForWriting())
        {
            good = (length == Digits || (length == Digits + 1 && text[Digits] == '\n'))
                && Convert.FromHexString(text[..Digits], lease.Span, out _,
                    out var octets) == System.Buffers.OperationStatus.Done
                && octets == StorageLock.KeyLength;
        }

        CryptographicOperations.ZeroMemory(text);
        if (good)
            return secret;
        secret.Dispose();
        throw new StorageException(StorageFault.StorageKey,
            $"The key file {path} does not hold {Digits} hexadecimal digits.");
    }
}
