using OpenSts.Vending.TokenIdentifiers;

namespace OpenSts.Vending.Data.Vends;

/// <summary>How a store of vends behaves.</summary>
public sealed record VendStoreOptions
{
    /// <summary>How long a request waits for a row that another session holds; then it is refused and nothing is
    /// stored.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long one statement may take. A commit has no time-out.</summary>
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The most requests of one commit.</summary>
    public int MaxBatch { get; init; } = 256;

    /// <summary>Compares the server's clock with the store's heartbeats; null does not.</summary>
    public ClockCheck? Clock { get; init; }
}
