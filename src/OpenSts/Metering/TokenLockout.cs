namespace OpenSts.Metering;

/// <summary>What keeps a meter from being guessed at: after wrong tokens it looks at none for a while, longer each time.</summary>
/// <remarks>
/// STS 202-4, 3.1: the timer starts at the second successive wrong token, reaches its maximum of 60 s to 120 s within ten,
/// and an accepted token resets it. The ladder between is a reading, see docs/standard/readings.md. Time is monotonic.
/// </remarks>
/// <param name="Failures">Successive wrong tokens.</param>
/// <param name="Until">Before this time no token is looked at.</param>
public readonly record struct TokenLockout(int Failures, TimeSpan Until)
{
    private const int MaximumSeconds = 90;

    /// <summary>True while no token is looked at.</summary>
    public bool IsRunning(TimeSpan now) => now < Until;

    /// <summary>The lock-out after one more wrong token.</summary>
    public TokenLockout AfterFailure(TimeSpan now) => new(Failures + 1, now + Wait(Failures + 1));

    /// <summary>The lock-out after power came back: how long the meter was dark is not known, so the whole wait starts again.</summary>
    public TokenLockout AfterPowerLoss(TimeSpan now) => Failures < 2 ? this with { Until = now } : this with { Until = now + Wait(Failures) };

    /// <summary>0 s, 2 s, 4 s, 8 s and so on to 90 s at the eighth.</summary>
    public static TimeSpan Wait(int failures) => failures < 2 ? TimeSpan.Zero
        : TimeSpan.FromSeconds(failures >= 8 ? MaximumSeconds : Math.Min(MaximumSeconds, 1 << (failures - 1)));
}
