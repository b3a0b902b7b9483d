using Microsoft.Extensions.Logging;

namespace OpenSts.Meter.Simulation;

/// <summary>A load that draws from a meter as a profile says, one step a second.</summary>
public static partial class SimulatedLoad
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SaveEvery = TimeSpan.FromMinutes(1);

    /// <summary>Draws until it is cancelled.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="profile">What is drawn at what local time of day.</param>
    /// <param name="speed">How much faster than real time, at least 1.</param>
    /// <param name="clock">The time of day, and the timer.</param>
    /// <param name="logger">Gets an error when consumption could not be saved: it is tried again with the next
    /// step.</param>
    /// <param name="cancellation">Ends it without an exception.</param>
    public static async Task RunAsync(
        PaymentMeter meter, LoadProfile profile, int speed, TimeProvider clock, ILogger logger,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentOutOfRangeException.ThrowIfLessThan(speed, 1);
        var sinceSave = TimeSpan.Zero;
        using var timer = new PeriodicTimer(Tick, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
            {
                sinceSave += Tick;
                try
                {
                    meter.Draw(profile.At(clock.GetLocalNow()), Tick * speed);
                    if (sinceSave < SaveEvery)
                        continue;
                    meter.Save();
                    sinceSave = TimeSpan.Zero;
                }
                catch (IOException error)
                {
                    LogNotSaved(logger, error);
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    [LoggerMessage(1020, LogLevel.Error, "Consumption could not be saved")]
    private static partial void LogNotSaved(ILogger logger, Exception error);
}
