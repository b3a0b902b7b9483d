namespace OpenSts.SecurityModule.Vault;

/// <summary>Where the octets of a key are.</summary>
public enum KeyHome
{
    /// <summary>Sealed in the vault's file; in this process's memory while the vault is open.</summary>
    Vault = 0,

    /// <summary>On a PKCS#11 token; the vault holds only the object's name.</summary>
    Token = 1,
}

/// <summary>Everything about a key of the vault but the key.</summary>
public sealed record VaultRecord
{
    /// <summary>The key register: 1 to 65535.</summary>
    public required int Number { get; init; }

    /// <summary>The attributes as they were authenticated with the key.</summary>
    public required string Attributes { get; init; }

    /// <summary>Where the key is.</summary>
    public required KeyHome Home { get; init; }

    /// <summary>What the register has sold.</summary>
    public required VaultCounters Counters { get; init; }
}
