using System.Buffers.Binary;
using OpenSts.SecureStorage;

namespace OpenSts.SecurityModule.Vault;

/// <summary>The checkpoint file of a vault: how far it was when its sealed file was last written.</summary>
/// <remarks>
/// Content: <c>OSTSWITN</c>, vault (16), generation (8), log sequence (8); see <see cref="CheckpointFile"/>.
/// </remarks>
internal static class VaultCheckpoint
{
    private const int Length = 8 + 16 + 8 + 8;
    private static ReadOnlySpan<byte> Kind => "OSTSWITN"u8;

    public static void Write(string path, VaultImage image, VaultCipher cipher)
    {
        var content = new byte[Length];
        Kind.CopyTo(content);
        image.Vault.ToByteArray(bigEndian: true).CopyTo(content, 8);
        BinaryPrimitives.WriteUInt64BigEndian(content.AsSpan(24), image.Generation);
        BinaryPrimitives.WriteUInt64BigEndian(content.AsSpan(32), image.Log.Sequence);
        CheckpointFile.Write(path, content, bytes => cipher.MacOfFile(bytes));
    }

    /// <summary>Refuses a vault that is older than the checkpoint.</summary>
    public static void Require(string path, VaultImage image, ulong lastEntry, VaultCipher cipher)
    {
        var content = CheckpointFile.TryRead(path, Kind, Length, bytes => cipher.MacOfFile(bytes))
            ?? throw new StorageException(StorageFault.Altered,
                $"The checkpoint file {path} is not one of this vault.");
        var generation = BinaryPrimitives.ReadUInt64BigEndian(content.AsSpan(24));
        var sequence = BinaryPrimitives.ReadUInt64BigEndian(content.AsSpan(32));
        if (generation > image.Generation || sequence > lastEntry)
        {
            throw new StorageException(StorageFault.RolledBack,
                $"An older copy of the vault was put back: the checkpoint file {path} knows generation "
                + $"{generation} and log entry {sequence}; the vault is at generation {image.Generation} and entry "
                + $"{lastEntry}.");
        }
    }
}
