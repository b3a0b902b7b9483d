using System.Collections.Immutable;
using OpenSts.Keys;

namespace OpenSts.SecurityModule.Vault;

/// <summary>Changes that are on the disk beside the present keys: applied at once, or dropped.</summary>
internal sealed class PreparedChange : IDisposable
{
    private readonly KeyVault _vault;
    private readonly VaultImage _image;
    private readonly ImmutableSortedDictionary<int, StoredRecord> _records;
    private readonly int[] _touched;
    private ulong _sealedEntry;
    private bool _disposed;

    internal PreparedChange(KeyVault vault, VaultImage image, ImmutableSortedDictionary<int, StoredRecord> records,
        int[] touched, StoredRecord[] fresh)
    {
        (_vault, _image, _records, _touched) = (vault, image, records, touched);
        Fresh = fresh;
    }

    /// <summary>The records that are set.</summary>
    public IReadOnlyList<StoredRecord> Fresh { get; }

    /// <summary>The numbers of the records that are set or removed.</summary>
    public IReadOnlyList<int> Touched => _touched;

    /// <summary>The key of a record that is set, before it is in use; the caller disposes it.</summary>
    public VendingKey OpenKey(StoredRecord record) => _vault.OpenKey(record);

    /// <summary>The name of its object on a token.</summary>
    public byte[] TokenObject(StoredRecord record) => _vault.TokenObject(record);

    /// <summary>Puts the changes in the place of the present keys; waits for no disk.</summary>
    public void Apply() => _sealedEntry = _vault.Apply(_image, _records, _touched);

    /// <summary>Waits until what was applied survives a loss of power.</summary>
    public void WaitUntilDurable() => _vault.EndWriting(_sealedEntry);

    /// <summary>Lets others write; changes that were not applied are dropped.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _vault.ReleaseWriting();
    }
}
