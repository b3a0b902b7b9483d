namespace OpenSts.Metering;

/// <summary>The token lock-out: after successive authentication failures the meter refuses tokens for a time that
/// grows with each.</summary>
/// <remarks>
/// STS 202-4, 3.1: the timer starts at the second successive failure, reaches its maximum of 60 s to 120 s within ten,
/// and an accepted token
/// resets it. The waits between are a reading, see docs/standard/readings.md. Time is monotonic.
/// </remarks>
/// <param name="Failures">Successive authentication failures.</param>
/// <param name="Until">The lock-out runs before this time.</param>
public readonly record struct TokenLockout(int Failures, TimeSpan Until)
{
    private const int MaximumSeconds = 90;

    /// <summary>True while tokens are refused.</summary>
    public bool IsRunning(TimeSpan now) => now < Until;

    /// <summary>The lock-out after one more failure.</summary>
    public TokenLockout AfterFailure(TimeSpan now) => new(Failures + 1, now + Wait(Failures + 1));

    /// <summary>The lock-out after a power failure: how long it lasted is not known, so the full wait starts
    /// again.</summary>
    public TokenLockout AfterPowerLoss(TimeSpan now) =>
        Failures < 2 ? this with { Until = now } : this with { Until = now + Wait(Failures) };

    /// <summary>The wait after that many failures: 0, 2, 4, 8, 16, 32, 64 s, then 90 s from the eighth.</summary>
    public static TimeSpan Wait(int failures) => failures < 2 ? TimeSpan.Zero
        : TimeSpan.FromSeconds(failures >= 8 ? MaximumSeconds : Math.Min(MaximumSeconds, 1 << (failures - 1)));
}
