using System.Collections.Immutable;

namespace OpenSts.Vending.Readings;

/// <summary>What a meter said last about itself. It is looked at and never counted with: money and units are in the books.</summary>
public sealed record MeterReading
{
    /// <summary>How many credits are kept for the line that shows how credit went.</summary>
    public const int CreditsKept = 60;

    public required MeterPan Meter { get; init; }

    /// <summary>When the server took it.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>kWh, m3 or minutes that are left.</summary>
    public required decimal Credit { get; init; }

    /// <summary>What went through since manufacture, in the same unit.</summary>
    public decimal Used { get; init; }

    /// <summary>What the load draws: W, or litres an hour.</summary>
    public long Load { get; init; }

    /// <summary>Why the load switch is open; null where it is closed.</summary>
    public string? OpenBecause { get; init; }

    /// <summary>1 to 9.</summary>
    public int KeyRevisionNumber { get; init; }

    /// <summary>The meter's answer to the last token, in the standard's name; null before the first.</summary>
    public string? LastResult { get; init; }

    /// <summary>Units of the last token, where it was credit that was taken.</summary>
    public decimal? LastAmount { get; init; }

    /// <summary>When the last token was entered.</summary>
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>Seconds for which no token is taken; 0 for none.</summary>
    public long LockedSeconds { get; init; }

    /// <summary>Credits of this and earlier readings, the oldest first.</summary>
    public ImmutableArray<decimal> Credits { get; init; } = [];
}
