namespace OpenSts.Metering;

/// <summary>What a meter is by construction; no token changes it.</summary>
public sealed record MeterSettings
{
    /// <summary>Its identity.</summary>
    public required MeterPan MeterPan { get; init; }

    /// <summary>Its cipher.</summary>
    public required EncryptionAlgorithm EncryptionAlgorithm { get; init; }

    /// <summary>What it meters.</summary>
    public CreditService Service { get; init; } = CreditService.Electricity;

    /// <summary>True where it counts money instead of units.</summary>
    public bool CountsCurrency { get; init; }

    /// <summary>How many key change tokens it understands: 2 or 3 with EA07, 4 with EA11.</summary>
    public int KeyChangeTokensSupported { get; init; } = 3;

    /// <summary>How long it waits for the rest of a key change set; zero for ever.</summary>
    // A reading: one maker's meters forget the first token after ten minutes.
    public TimeSpan KeyChangeTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The largest credit its register holds, in units of 0.1 or steps of 10^-5; a token that would pass it is refused.</summary>
    public Int128 LargestCredit { get; init; } = long.MaxValue;

    /// <summary>True where it refuses tokens made after its key expired. IEC 62055-41 leaves it to the maker.</summary>
    public bool ChecksKeyExpiry { get; init; } = true;
}
