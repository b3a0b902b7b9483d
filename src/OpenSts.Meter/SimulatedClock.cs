namespace OpenSts.Meter;

/// <summary>A clock that advances only when it is told to, for simulations.</summary>
/// <remarks>Its wall time may be set back; its monotonic time never goes back.</remarks>
public sealed class SimulatedClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset _wall = start;
    private long _ticks;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _wall;

    /// <inheritdoc/>
    public override long GetTimestamp() => _ticks;

    /// <summary>Lets time pass: wall time and monotonic time advance.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        _wall += time;
        _ticks += time.Ticks;
    }

    /// <summary>Sets the wall time. A later time lets that much time pass; an earlier one corrects a wrong clock and
    /// no time passes.</summary>
    public void MoveTo(DateTimeOffset wall)
    {
        if (wall > _wall)
            Advance(wall - _wall);
        _wall = wall;
    }
}
