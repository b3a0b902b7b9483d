using System.Security.Cryptography;
using System.Text;
using OpenSts.KeyManagement.Records;
using OpenSts.Secrets;
using OpenSts.SecureStorage;

namespace OpenSts.KeyManagement.Storage;

/// <summary>
/// The centre's master key and the four keys made from it: for keys, for records, for the set of all records, for the
/// audit log.
/// </summary>
/// <remarks>
/// AES-256-GCM with random 96-bit nonces over each key; HMAC-SHA-256 over records and log; HKDF-SHA-256 separates the
/// purposes.
/// </remarks>
internal sealed class MasterKey : IDisposable
{
    private const int Length = 32, NonceLength = 12, TagLength = 16;
    private readonly SecretBytes _master;
    private readonly SecretBytes _wrapping;
    private readonly SecretBytes _records;
    private readonly SecretBytes _log;
    private readonly SecretBytes _set;

    private MasterKey(SecretBytes master)
    {
        _master = master;
        _wrapping = Derive("OpenSts centre keys 1"u8);
        _records = Derive("OpenSts centre records 1"u8);
        _log = Derive("OpenSts centre log 1"u8);
        _set = Derive("OpenSts centre record set 1"u8);
    }

    public static MasterKey Create() => new(SecretBytes.CreateRandom(Length));

    /// <summary>Wraps the master key with a lock: parameters, then nonce, box and tag.</summary>
    public StoredLock Lock(StorageLock storageLock, string centre)
    {
        var parameters = storageLock.NewParameters();
        using var wrapping = new SecretBytes(Length);
        using var key = wrapping.LeaseForWriting();
        if (!storageLock.TryDerive(parameters, key.Span))
            throw new InvalidOperationException("A lock does not read its own parameters.");
        using var master = _master.Lease();
        return new StoredLock(storageLock.Kind, parameters,
            Seal(key.Span, master.Span, Binding(storageLock.Kind, centre)));
    }

    /// <summary>Unwraps the master key; null where the lock is not the one.</summary>
    public static MasterKey? TryUnlock(StorageLock storageLock, string centre, StoredLock stored)
    {
        using var wrapping = new SecretBytes(Length);
        using var key = wrapping.LeaseForWriting();
        var master = new SecretBytes(Length);
        bool opened;
        using (var into = master.LeaseForWriting())
        {
            opened = storageLock.TryDerive(stored.Parameters, key.Span)
                && TryOpen(key.Span, stored.Wrapped, Binding(storageLock.Kind, centre), into.Span);
        }

        if (opened)
            return new MasterKey(master);
        master.Dispose();
        return null;
    }

    /// <summary>Wraps a key for one place in the store.</summary>
    /// <param name="key">The key's octets.</param>
    /// <param name="binding">What it belongs to and everything about it that never changes.</param>
    public string Wrap(ReadOnlySpan<byte> key, string binding)
    {
        using var wrapping = _wrapping.Lease();
        return Convert.ToBase64String(Seal(wrapping.Span, key, Encoding.UTF8.GetBytes(binding)));
    }

    /// <summary>Unwraps a key; the caller disposes it.</summary>
    /// <exception cref="CentreException">It is not the key of that place.</exception>
    public SecretBytes Unwrap(string wrapped, string binding)
    {
        var box = Convert.FromBase64String(wrapped);
        var key = new SecretBytes(Math.Max(1, box.Length - NonceLength - TagLength));
        bool opened;
        using (var into = key.LeaseForWriting())
        using (var wrapping = _wrapping.Lease())
            opened = box.Length > NonceLength + TagLength
                && TryOpen(wrapping.Span, box, Encoding.UTF8.GetBytes(binding), into.Span);
        if (opened)
            return key;
        key.Dispose();
        throw new CentreException(CentreFault.Altered, $"The key of {binding} is not what was sealed there.");
    }

    public byte[] MacOfRecord(string kind, string id, string body)
    {
        using var key = _records.Lease();
        return HMACSHA256.HashData(key.Span, Encoding.UTF8.GetBytes($"{kind}\0{id}\0{body}"));
    }

    public byte[] MacOfLog(ReadOnlySpan<byte> chain)
    {
        using var key = _log.Lease();
        return HMACSHA256.HashData(key.Span, chain);
    }

    /// <summary>The keyed hash of <see cref="RecordSetDigest"/>.</summary>
    public byte[] HashOfSet(string text)
    {
        using var key = _set.Lease();
        return HMACSHA256.HashData(key.Span, Encoding.UTF8.GetBytes(text));
    }

    public void Dispose()
    {
        _master.Dispose();
        _wrapping.Dispose();
        _records.Dispose();
        _log.Dispose();
        _set.Dispose();
    }

    public override string ToString() => "(master key)";

    private static byte[] Binding(StorageLockKind kind, string centre) =>
        Encoding.UTF8.GetBytes($"OpenSts centre lock 1\0{StoredNames.Of(kind)}\0{centre}");

    private static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> binding)
    {
        var box = new byte[NonceLength + plain.Length + TagLength];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceLength));
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(box.AsSpan(0, NonceLength), plain, box.AsSpan(NonceLength, plain.Length),
            box.AsSpan(NonceLength + plain.Length), binding);
        return box;
    }

    private static bool TryOpen(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> box, ReadOnlySpan<byte> binding, Span<byte> plain)
    {
        if (box.Length != NonceLength + plain.Length + TagLength)
            return false;
        using var aes = new AesGcm(key, TagLength);
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
        using var master = _master.Lease();
        var key = new SecretBytes(Length);
        using var into = key.LeaseForWriting();
        HKDF.Expand(HashAlgorithmName.SHA256, master.Span, into.Span, purpose);
        return key;
    }
}
