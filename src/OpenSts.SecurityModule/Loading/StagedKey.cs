using OpenSts.Keys;
using OpenSts.SecureStorage;
using OpenSts.Sts6;

namespace OpenSts.SecurityModule.Loading;

/// <summary>A key out of a key load file, checked and not yet in use.</summary>
internal sealed class StagedKey(KeyCard card, ReadOnlySpan<byte> key) : IDisposable
{
    private readonly LockedBytes _key = new(key);

    public KeyCard Card { get; } = card;

    public ReadOnlySpan<byte> Key => _key.Span;

    public bool HasItsCheckValue()
    {
        if (!Hazmat.TryImportVendingKey(Key, out var key, out _))
            return false;
        using (key)
            return KeyCheckValue.Of(key) == Card.CheckValue;
    }

    public void Dispose() => _key.Dispose();

    public override string ToString() => $"(staged key {Card.SupplyGroupCode} {Card.KeyRevisionNumber})";
}
