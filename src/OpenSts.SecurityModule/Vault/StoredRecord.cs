namespace OpenSts.SecurityModule.Vault;

/// <summary>
/// One record of an open vault: sealed as it is in the file, with what was learnt when it was opened once.
/// </summary>
/// <param name="Number">The register, or the number of one of the module's own records.</param>
/// <param name="Attributes">Authenticated with the key.</param>
/// <param name="Sealed">Nonce, sealed key, tag.</param>
/// <param name="Home">Where the key is.</param>
internal sealed record StoredRecord(int Number, string Attributes, ReadOnlyMemory<byte> Sealed, KeyHome Home)
{
    /// <summary>The record as it goes into the file.</summary>
    public SealedRecord ToFile(VaultCounters counters) =>
        new() { Number = Number, Attributes = Attributes, Sealed = Sealed, Counters = counters };

    public override string ToString() => $"(record {Number})";
}
