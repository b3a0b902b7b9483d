namespace OpenSts.Vending.TokenIdentifiers;

/// <summary>Whether the server's clock can be believed. Until a person confirms a jump, nothing is vended.</summary>
/// <param name="tolerance">How far clocks may differ.</param>
/// <param name="longestPause">The longest time without a heartbeat that needs no confirmation.</param>
public sealed class ClockCheck(TimeSpan tolerance, TimeSpan longestPause)
{
    /// <summary>Compares the clock with the last heartbeat of any server of the store.</summary>
    /// <param name="now">The clock.</param>
    /// <param name="lastHeartbeat">The latest heartbeat; null for a new store.</param>
    /// <param name="confirmedUntil">Up to which heartbeat a person said that the clock is right; null for
    /// none.</param>
    public Refusal? AgainstHeartbeat(DateTimeOffset now, DateTimeOffset? lastHeartbeat, DateTimeOffset? confirmedUntil)
    {
        if (lastHeartbeat is not { } last || (confirmedUntil is { } confirmed && last <= confirmed))
            return null;
        if (now < last - tolerance)
            return Refusal(ErrorCodes.ClockBehind, now, last);
        return now > last + longestPause ? Refusal(ErrorCodes.ClockJumped, now, last) : null;
    }

    /// <summary>Compares how far the clock moved with how much time passed by a counter that nobody sets.</summary>
    /// <param name="before">The clock when it was read last.</param>
    /// <param name="elapsed">The time since, by <see cref="TimeProvider.GetElapsedTime(long)"/>.</param>
    /// <param name="now">The clock.</param>
    public Refusal? AgainstElapsed(DateTimeOffset before, TimeSpan elapsed, DateTimeOffset now)
    {
        var expected = before + elapsed;
        if (now < expected - tolerance)
            return Refusal(ErrorCodes.ClockBehind, now, expected);
        return now > expected + tolerance ? Refusal(ErrorCodes.ClockJumped, now, expected) : null;
    }

    /// <summary>Compares the clock with the security module's.</summary>
    public Refusal? AgainstModule(DateTimeOffset now, DateTimeOffset module) =>
        (module - now).Duration() > tolerance ? Refusal(ErrorCodes.ClockDiffers, now, module) : null;

    private static Refusal Refusal(ErrorCode code, DateTimeOffset clock, DateTimeOffset other) =>
        new(code, null, RefusalArgument.Time("clock", clock), RefusalArgument.Time("other", other));
}
