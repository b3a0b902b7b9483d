namespace OpenSts.SecurityModule.Vault;

/// <summary>How a vault is opened.</summary>
public sealed record VaultOptions
{
    /// <summary>The clock of the log.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// The checkpoint file: a file on another volume that remembers how far the vault was; null for none.
    /// </summary>
    public string? Witness { get; init; }

    /// <summary>
    /// After so many token issues the counters go into the sealed file, so that opening reads at most so many entries.
    /// </summary>
    public int IssuesBetweenSealings { get; init; } = 100_000;

    /// <summary>
    /// Gets what went wrong where the vault's own files are in order and nothing was lost: the checkpoint file, or a
    /// sealing in the background, could not be written. Null to ignore it; the log holds it in any case.
    /// </summary>
    public Action<Exception>? OnProblem { get; init; }
}
