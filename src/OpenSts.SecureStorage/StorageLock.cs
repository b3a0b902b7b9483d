using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using OpenSts.Secrets;

namespace OpenSts.SecureStorage;

/// <summary>What the storage key of a vault is locked with.</summary>
public enum StorageLockKind
{
    /// <summary>A passphrase somebody types at every start.</summary>
    Passphrase = 1,

    /// <summary>A file that only the module's user can read.</summary>
    KeyFile = 2,

    /// <summary>k of n custodians' shares.</summary>
    Custodians = 3,

    /// <summary>A key that never leaves a PKCS#11 token.</summary>
    Token = 4,
}

/// <summary>
/// Turns what an operator has (passphrase, file, shares, token) into the key that wraps a vault's storage key.
/// </summary>
/// <remarks>
/// The storage key itself is 32 random octets made with the vault. Changing the lock wraps it anew and touches no
/// sealed key.
/// </remarks>
public abstract class StorageLock : IDisposable
{
    /// <summary>Octets of the key that a lock derives.</summary>
    public const int KeyLength = 32;

    /// <summary>Octets of the salt in the parameters.</summary>
    protected const int SaltLength = 16;

    /// <summary>Which kind it is.</summary>
    public abstract StorageLockKind Kind { get; }

    /// <summary>Opens with a passphrase of at least 12 characters.</summary>
    /// <param name="passphrase">Copied; the caller clears its own.</param>
    /// <param name="iterations">Cost for a new vault; an existing vault tells its own.</param>
    public static StorageLock FromPassphrase(ReadOnlySpan<char> passphrase,
        int iterations = PassphraseLock.UsualIterations) => new PassphraseLock(passphrase, iterations);

    /// <summary>
    /// Opens with a file of 64 hexadecimal digits that belongs to this user and has mode 0600 or 0400.
    /// </summary>
    /// <exception cref="StorageException">The file is missing, open to others, or not of that form.</exception>
    public static StorageLock FromKeyFile(string path) => new SecretLock(StorageLockKind.KeyFile, KeyFile.Read(path));

    /// <summary>Opens with custodians' shares.</summary>
    /// <exception cref="StorageException">The shares do not give their secret back; the message says why.</exception>
    public static StorageLock FromShares(IReadOnlyList<CustodianShare> shares)
    {
        ArgumentNullException.ThrowIfNull(shares);
        var secret = new SecretBytes(KeyLength);
        ShareFault fault;
        using (var whole = secret.LeaseForWriting())
            fault = CustodianShare.Combine(shares, whole.Span);
        if (fault == ShareFault.None)
            return new SecretLock(StorageLockKind.Custodians, secret);
        secret.Dispose();
        throw new StorageException(StorageFault.StorageKey, "The shares do not open the vault: " + fault switch
        {
            ShareFault.OtherSet => "they belong to different sets.",
            ShareFault.Repeated => "one share was given twice.",
            ShareFault.TooFew =>
                $"{(shares.Count == 0 ? "none" : shares.Count)} given, "
                    + $"{(shares.Count == 0 ? "several" : shares[0].Threshold)} needed.",
            _ => "each is whole, together they are not; one was forged.",
        });
    }

    /// <summary>Makes a new set of shares and the lock they open.</summary>
    /// <param name="threshold">How many are needed: 2 or more.</param>
    /// <param name="count">How many are made: up to 255.</param>
    public static (StorageLock Lock, CustodianShare[] Shares) NewShares(int threshold, int count)
    {
        var secret = SecretBytes.CreateRandom(KeyLength);
        using var whole = secret.Lease();
        return (new SecretLock(StorageLockKind.Custodians, secret),
            CustodianShare.Split(whole.Span, threshold, count));
    }

    /// <summary>Clears what opens the vault.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Says which kind it is, never what it holds.</summary>
    public override string ToString() => $"({Kind} lock)";

    /// <summary>What a new vault notes in clear beside the wrapped key: salt and cost.</summary>
    public abstract byte[] NewParameters();

    /// <summary>Derives the wrapping key; false where the parameters were not written by this kind of lock.</summary>
    public abstract bool TryDerive(ReadOnlySpan<byte> parameters, Span<byte> key);

    /// <summary>Clears what is held.</summary>
    protected abstract void Dispose(bool disposing);
}

/// <summary>PBKDF2 with HMAC-SHA-512 (RFC 8018) over the passphrase.</summary>
/// <remarks>
/// The base library has no memory-hard function, so the count is high: about half a second. Parameters: 16 octets of
/// salt,
/// 4 octets of count, most significant first.
/// </remarks>
internal sealed class PassphraseLock : StorageLock
{
    /// <summary>Count for a new vault.</summary>
    public const int UsualIterations = 1_000_000;

    /// <summary>
    /// The least and greatest count that is accepted: below it guessing is cheap, above it a forged file would stall
    /// the start.
    /// </summary>
    public const int LeastIterations = 100_000, GreatestIterations = 20_000_000;
    private const int LeastLength = 12;
    private readonly SecretBytes _utf8;
    private readonly int _iterations;

    public PassphraseLock(ReadOnlySpan<char> passphrase, int iterations)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, LeastIterations);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterations, GreatestIterations);
        if (passphrase.Length < LeastLength)
            throw new StorageException(StorageFault.StorageKey,
                $"A passphrase has at least {LeastLength} characters.");
        _iterations = iterations;
        _utf8 = new SecretBytes(Encoding.UTF8.GetByteCount(passphrase));
        using var utf8 = _utf8.LeaseForWriting();
        _ = Encoding.UTF8.GetBytes(passphrase, utf8.Span);
    }

    public override StorageLockKind Kind => StorageLockKind.Passphrase;

    public override byte[] NewParameters()
    {
        var parameters = new byte[SaltLength + 4];
        RandomNumberGenerator.Fill(parameters.AsSpan(0, SaltLength));
        BinaryPrimitives.WriteInt32BigEndian(parameters.AsSpan(SaltLength), _iterations);
        return parameters;
    }

    public override bool TryDerive(ReadOnlySpan<byte> parameters, Span<byte> key)
    {
        if (parameters.Length != SaltLength + 4)
            return false;
        var iterations = BinaryPrimitives.ReadInt32BigEndian(parameters[SaltLength..]);
        if (iterations is < LeastIterations or > GreatestIterations)
            return false;
        using var utf8 = _utf8.Lease();
        Rfc2898DeriveBytes.Pbkdf2(utf8.Span, parameters[..SaltLength], key, iterations, HashAlgorithmName.SHA512);
        return true;
    }

    protected override void Dispose(bool disposing) => _utf8.Dispose();
}

/// <summary>HKDF with SHA-256 (RFC 5869) over 32 random octets, from a key file or from custodians.</summary>
internal sealed class SecretLock(StorageLockKind kind, SecretBytes secret) : StorageLock
{
    private static readonly byte[] Label = "OpenSts storage lock 1"u8.ToArray();

    public override StorageLockKind Kind => kind;

    public override byte[] NewParameters() => RandomNumberGenerator.GetBytes(SaltLength);

    public override bool TryDerive(ReadOnlySpan<byte> parameters, Span<byte> key)
    {
        if (parameters.Length != SaltLength)
            return false;
        using var lease = secret.Lease();
        HKDF.DeriveKey(HashAlgorithmName.SHA256, lease.Span, key, parameters, Label);
        return true;
    }

    protected override void Dispose(bool disposing) => secret.Dispose();
}
