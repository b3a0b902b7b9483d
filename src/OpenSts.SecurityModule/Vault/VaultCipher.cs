using System.Security.Cryptography;
using OpenSts.Secrets;
using OpenSts.SecureStorage;

namespace OpenSts.SecurityModule.Vault;

/// <summary>
/// The storage key of an open vault and the three keys made from it: for records, for the file, for the log.
/// </summary>
/// <remarks>
/// AES-256-GCM with random 96-bit nonces; a key is sealed once when it comes in, not at every write, so their number
/// stays far below 2^32. HKDF-SHA-256 (RFC 5869) separates the purposes.
/// </remarks>
internal sealed class VaultCipher : IDisposable
{
    private const int NonceLength = 12, TagLength = 16;
    private readonly SecretBytes _storageKey;
    private readonly SecretBytes _recordKey;
    private readonly SecretBytes _fileKey;
    private readonly SecretBytes _logKey;

    private VaultCipher(SecretBytes storageKey)
    {
        _storageKey = storageKey;
        _recordKey = Derive("OpenSts vault records 1"u8);
        _fileKey = Derive("OpenSts vault file 1"u8);
        _logKey = Derive("OpenSts vault log 1"u8);
    }

    /// <summary>A cipher with a new storage key.</summary>
    public static VaultCipher Create() => new(SecretBytes.CreateRandom(StorageLock.KeyLength));

    /// <summary>
    /// Unwraps the storage key of a file; null where the lock is not the one it was locked with, or the head was
    /// altered.
    /// </summary>
    public static VaultCipher? TryUnlock(VaultImage image, StorageLock storageLock)
    {
        using var wrapping = TryDerive(storageLock, image.LockParameters.Span);
        if (wrapping is null)
            return null;
        var storageKey = new SecretBytes(StorageLock.KeyLength);
        var binding = VaultImage.LockBinding(image.Vault, image.LockKind, image.LockParameters.Span);
        using (var plain = storageKey.LeaseForWriting())
        {
            if (TryOpen(wrapping, image.WrappedKey.Span, binding, plain.Span))
                return new VaultCipher(storageKey);
        }

        storageKey.Dispose();
        return null;
    }

    /// <summary>Wraps the storage key for a file.</summary>
    public byte[] Wrap(StorageLock storageLock, Guid vault, ReadOnlySpan<byte> parameters)
    {
        using var wrapping = TryDerive(storageLock, parameters)
            ?? throw new InvalidOperationException("A lock does not read its own parameters.");
        using var plain = _storageKey.Lease();
        return Seal(wrapping, plain.Span, VaultImage.LockBinding(vault, storageLock.Kind, parameters));
    }

    /// <summary>Seals a key in its place.</summary>
    public byte[] SealRecord(Guid vault, int number, string attributes, ReadOnlySpan<byte> key) =>
        Seal(_recordKey, key, VaultImage.RecordBinding(vault, number, attributes));

    /// <summary>Opens a key in its place; false where record, place or attributes are not what was sealed.</summary>
    public bool TryOpenRecord(Guid vault, int number, string attributes, ReadOnlySpan<byte> sealedKey, Span<byte> key,
        out int length)
    {
        length = sealedKey.Length - NonceLength - TagLength;
        return length >= 0 && length <= key.Length
            && TryOpen(_recordKey, sealedKey, VaultImage.RecordBinding(vault, number, attributes), key[..length]);
    }

    /// <summary>Authenticates a whole file.</summary>
    public byte[] MacOfFile(ReadOnlySpan<byte> content)
    {
        using var key = _fileKey.Lease();
        return HMACSHA256.HashData(key.Span, content);
    }

    /// <summary>Authenticates the log up to a point of its chain.</summary>
    public void MacOfLog(ReadOnlySpan<byte> chain, Span<byte> mac)
    {
        using var key = _logKey.Lease();
        HMACSHA256.HashData(key.Span, chain, mac);
    }

    public void Dispose()
    {
        _storageKey.Dispose();
        _recordKey.Dispose();
        _fileKey.Dispose();
        _logKey.Dispose();
    }

    private static byte[] Seal(SecretBytes key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> binding)
    {
        var box = new byte[NonceLength + plain.Length + TagLength];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceLength));
        using var lease = key.Lease();
        using var aes = new AesGcm(lease.Span, TagLength);
        aes.Encrypt(box.AsSpan(0, NonceLength), plain, box.AsSpan(NonceLength, plain.Length),
            box.AsSpan(NonceLength + plain.Length), binding);
        return box;
    }

    private static bool TryOpen(SecretBytes key, ReadOnlySpan<byte> box, ReadOnlySpan<byte> binding, Span<byte> plain)
    {
        if (box.Length != NonceLength + plain.Length + TagLength)
            return false;
        using var lease = key.Lease();
        using var aes = new AesGcm(lease.Span, TagLength);
        try
        {
            aes.Decrypt(box[..NonceLength], box[NonceLength..^TagLength], box[^TagLength..], plain, binding);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            CryptographicOperations.ZeroMemory(plain);
            return false;
        }
    }

    private SecretBytes Derive(ReadOnlySpan<byte> purpose)
    {
        var key = new SecretBytes(StorageLock.KeyLength);
        using var from = _storageKey.Lease();
        using var to = key.LeaseForWriting();
        HKDF.Expand(HashAlgorithmName.SHA256, from.Span, to.Span, purpose);
        return key;
    }

    private static SecretBytes? TryDerive(StorageLock storageLock, ReadOnlySpan<byte> parameters)
    {
        var key = new SecretBytes(StorageLock.KeyLength);
        using (var to = key.LeaseForWriting())
        {
            if (storageLock.TryDerive(parameters, to.Span))
                return key;
        }

        key.Dispose();
        return null;
    }
}
