using System.Buffers.Binary;
using System.Security.Cryptography;
using OpenSts.SecureStorage;

namespace OpenSts.SecurityModule.Vault;

/// <summary>A small file on another volume that remembers how far a vault was when it was last sealed.</summary>
/// <remarks>
/// Vault and log restored together from one backup agree with each other; only something that was not restored with them can tell.
/// Form: <c>OSTSWITN</c>, vault (16), generation (8), log sequence (8), HMAC-SHA-256 under a key of the vault over everything before.
/// </remarks>
internal static class VaultWitness
{
    private const int Length = 8 + 16 + 8 + 8 + 32;

    public static void Write(string path, VaultImage image, VaultCipher cipher)
    {
        var content = new byte[Length];
        "OSTSWITN"u8.CopyTo(content);
        image.Vault.ToByteArray(bigEndian: true).CopyTo(content, 8);
        BinaryPrimitives.WriteUInt64BigEndian(content.AsSpan(24), image.Generation);
        BinaryPrimitives.WriteUInt64BigEndian(content.AsSpan(32), image.Log.Sequence);
        cipher.MacOfFile(content.AsSpan(0, 40)).CopyTo(content, 40);
        PrivateFile.Replace(path, content);
    }

    /// <summary>Refuses a vault that is older than what the witness saw.</summary>
    public static void Require(string path, VaultImage image, ulong lastEntry, VaultCipher cipher)
    {
        PrivateFile.Require(path);
        var content = File.ReadAllBytes(path);
        if (content.Length != Length || !content.AsSpan(0, 8).SequenceEqual("OSTSWITN"u8)
            || !CryptographicOperations.FixedTimeEquals(cipher.MacOfFile(content.AsSpan(0, 40)), content.AsSpan(40)))
            throw new StorageException(StorageFault.Altered, $"The witness {path} is not one of this vault.");
        var generation = BinaryPrimitives.ReadUInt64BigEndian(content.AsSpan(24));
        var sequence = BinaryPrimitives.ReadUInt64BigEndian(content.AsSpan(32));
        if (generation > image.Generation || sequence > lastEntry)
        {
            throw new StorageException(StorageFault.RolledBack,
                $"The witness {path} saw generation {generation} and log entry {sequence}; the vault is at generation {image.Generation} and entry {lastEntry}.");
        }
    }
}
