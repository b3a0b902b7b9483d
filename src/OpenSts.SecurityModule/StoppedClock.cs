namespace OpenSts.SecurityModule;

/// <summary>A clock that stands: for a module in test mode.</summary>
public sealed class StoppedClock(DateTimeOffset time) : TimeProvider
{
    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => time;
}
