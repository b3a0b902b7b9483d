using OpenSts.SecureStorage;

namespace OpenSts.SecurityModule.Vault;

/// <summary>One change of a step of <see cref="KeyVault.Commit"/>: a record set, or taken away.</summary>
/// <param name="Number">The record.</param>
/// <param name="Attributes">Bound to the secret; empty for a removal.</param>
/// <param name="Content">The home of the key in one octet, then the key; null for a removal.</param>
internal sealed record VaultChange(int Number, string Attributes, LockedBytes? Content) : IDisposable
{
    /// <summary>A record set, from what it shall hold with its home.</summary>
    public static VaultChange Set(int number, string attributes, LockedBytes content) => new(number, attributes, content);

    /// <summary>A record set, with a secret that is kept in the vault.</summary>
    public static VaultChange Set(int number, string attributes, ReadOnlySpan<byte> secret)
    {
        var content = new LockedBytes(secret.Length + 1);
        content.Span[0] = (byte)KeyHome.Vault;
        secret.CopyTo(content.Span[1..]);
        return new VaultChange(number, attributes, content);
    }

    /// <summary>A record taken away.</summary>
    public static VaultChange Remove(int number) => new(number, "", null);

    public void Dispose() => Content?.Dispose();

    public override string ToString() => Content is null ? $"(record {Number} removed)" : $"(record {Number} set)";
}
