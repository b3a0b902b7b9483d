using OpenSts.Vending.Vends;

namespace OpenSts.Vending.Data.Vends;

/// <summary>A vend as it is stored.</summary>
public sealed record StoredVend
{
    /// <summary>The client's own id.</summary>
    public required string Id { get; init; }

    /// <summary>The server's number, rising.</summary>
    public required long Number { get; init; }

    /// <summary>The first day of the month in which it was made: its partition.</summary>
    public required DateOnly Month { get; init; }

    /// <summary>SHA-256 of the request's meaning.</summary>
    public required IReadOnlyList<byte> Digest { get; init; }

    /// <summary>Everything as it was when it was made; its state is the vend's.</summary>
    public required VendPlan Plan { get; init; }

    public VendState State => Plan.State;

    /// <summary>The version that an approval names.</summary>
    public long Version { get; init; } = 1;

    /// <summary>How often the module was asked in vain.</summary>
    public int Attempts { get; init; }

    /// <summary>In the order in which they are typed; empty until issued.</summary>
    public IReadOnlyList<VendToken> Tokens { get; init; } = [];

    /// <summary>Why there are none, where it was refused or reversed.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>Who took it back.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>The outlet's receipt number; null where there is no receipt.</summary>
    public long? ReceiptNumber { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>When a token left the server; null where none did.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>How often the receipt was printed.</summary>
    public int Copies { get; init; }
}

/// <summary>What came of beginning a vend: a vend, or the refusal of one that was not stored.</summary>
/// <param name="Vend">The stored vend; null where nothing was stored.</param>
/// <param name="Refusal">Why not.</param>
/// <param name="Fresh">True where this request stored it.</param>
public sealed record BeginOutcome(StoredVend? Vend, Refusal? Refusal, bool Fresh);
