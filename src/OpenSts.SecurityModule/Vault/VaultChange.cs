using OpenSts.Secrets;

namespace OpenSts.SecurityModule.Vault;

/// <summary>One record that a step of <see cref="KeyVault.Commit"/> sets or removes.</summary>
/// <param name="Number">The record.</param>
/// <param name="Attributes">Authenticated with the secret; empty for a removal.</param>
/// <param name="Content">The home of the key in one octet, then the key; null for a removal.</param>
internal sealed record VaultChange(int Number, string Attributes, SecretBytes? Content) : IDisposable
{
    /// <summary>Sets a record whose secret is kept in the vault.</summary>
    public static VaultChange Set(int number, string attributes, ReadOnlySpan<byte> secret) =>
        Set(number, attributes, KeyHome.Vault, secret);

    /// <summary>Sets a record; for a key on a token the secret is the name of the token's object.</summary>
    public static VaultChange Set(int number, string attributes, KeyHome home, ReadOnlySpan<byte> secret)
    {
        var content = new SecretBytes(secret.Length + 1);
        using var lease = content.LeaseForWriting();
        lease.Span[0] = (byte)home;
        secret.CopyTo(lease.Span[1..]);
        return new VaultChange(number, attributes, content);
    }

    /// <summary>Removes a record.</summary>
    public static VaultChange Remove(int number) => new(number, "", null);

    public void Dispose() => Content?.Dispose();

    public override string ToString() => Content is null ? $"(record {Number} removed)" : $"(record {Number} set)";
}
