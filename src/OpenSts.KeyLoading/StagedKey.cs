using OpenSts.Keys;
using OpenSts.Secrets;
using OpenSts.Sts6;

namespace OpenSts.KeyLoading;

/// <summary>A key out of a key load file, checked and not yet in use.</summary>
public sealed class StagedKey(KeyCard card, ReadOnlySpan<byte> key) : IDisposable
{
    private readonly SecretBytes _key = new(key);

    /// <summary>The attributes of the key.</summary>
    public KeyCard Card { get; } = card;

    /// <summary>Opens the key for reading: 8 or 20 bytes.</summary>
    public SecretLease LeaseKey() => _key.Lease();

    /// <summary>True where the check value of the key is the one on its card.</summary>
    public bool HasItsCheckValue()
    {
        using var octets = _key.Lease();
        if (!Hazmat.TryImportVendingKey(octets.Span, out var key, out _))
            return false;
        using (key)
            return KeyCheckValue.Of(key) == Card.CheckValue;
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    /// <inheritdoc/>
    public override string ToString() => $"(staged key {Card.SupplyGroupCode} {Card.KeyRevisionNumber})";
}
