namespace OpenSts.SecurityModule.Vault;

/// <summary>What one key register has sold since its limits were last set.</summary>
/// <remarks>The default value is a register that has sold nothing.</remarks>
public readonly record struct VaultCounters
{
    /// <summary>Running total of class 0 subclasses 0 to 3, in base units (0.1 kWh, 0.1 m3, 0.1 minute).</summary>
    public long Units { get; init; }

    /// <summary>
    /// Running total of class 0 subclasses 4 to 7, in whole units of currency, each sale rounded up.
    /// </summary>
    public long Currency { get; init; }

    /// <summary>Tokens made with the register's key, of any kind.</summary>
    public long Tokens { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Tokens} tokens, {Units} units, {Currency} currency";
}
