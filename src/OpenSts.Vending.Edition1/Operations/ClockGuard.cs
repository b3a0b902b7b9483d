using OpenSts.Sts6;
using OpenSts.Vending.Documents;
using OpenSts.Vending.IssueLog;
using OpenSts.Vending.Issues;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Operations;

/// <summary>Refuses to issue while the clock cannot be right: behind what is stored, far from the module's, or just set and not yet confirmed by it.</summary>
/// <remarks>An identifier is a minute of the clock; a wrong clock makes tokens that meters take for used, or that bar later ones.</remarks>
public sealed class ClockGuard(ISecurityModule module, VendingSettings settings, TimeProvider time)
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(60);
    private readonly Lock _gate = new();
    private bool _everAsked;
    private long _asked;
    private (DateTimeOffset Clock, long Ticks)? _seen;
    private volatile bool _stepped;
    private volatile string? _difference;

    /// <summary>Why nothing is issued that is made after the last issue of the store; null where the clock may be right.</summary>
    public Refusal? RefusesBehind(DateTimeOffset latest, DateTimeOffset now)
    {
        var behind = latest - now;
        return behind > settings.ClockTolerance
            ? new Refusal("clock-behind", $"The clock is {behind.TotalMinutes:F0} minutes behind the last issue; permitted are {settings.ClockTolerance.TotalMinutes:F0}. Set the clock; where it is right, run 'sts-vending accept-clock'.")
            : null;
    }

    /// <summary>Why nothing is issued now; null where the module's clock agrees.</summary>
    public async Task<Refusal?> RefusesAsync()
    {
        if (IsDue(time.GetUtcNow()))
            await CompareAsync().ConfigureAwait(false);
        if (_stepped)
            return new Refusal("clock-differs", "The clock was set while the server ran, and the security module has not confirmed it yet.");
        return _difference is { } text ? new Refusal("clock-differs", text) : null;
    }

    /// <summary>Compares with the module's clock; a module that does not answer changes nothing.</summary>
    public async Task CompareAsync()
    {
        lock (_gate)
            (_asked, _everAsked) = (time.GetTimestamp(), true);
        try
        {
            var status = await module.ReadStatusAsync().AsTask().WaitAsync(settings.ModulePatience).ConfigureAwait(false);
            if (!status.TryGet(out var found))
                return;
            var difference = (found.Clock - time.GetUtcNow()).Duration();
            _difference = difference > settings.ClockTolerance
                ? $"The module's clock shows {found.Clock.UtcDateTime:yyyy-MM-dd HH:mm} UTC, {difference.TotalMinutes:F0} minutes from the server's; permitted are {settings.ClockTolerance.TotalMinutes:F0}. Set the clocks."
                : null;
            _stepped = false;
        }
        catch (Exception error) when (error is SecurityModuleException or TimeoutException or OperationCanceledException)
        {
            // Whether it can be asked at all shows with the next token.
        }
    }

    /// <summary>Takes the clock for right although issues are later: they were made by a wrong one. Written into the issue log.</summary>
    /// <returns>What was done, or that nothing was to be done.</returns>
    public static string Accept(IStore store, VendingSettings settings, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(settings);
        return store.Write(session =>
        {
            var latest = IssueTable.Latest(session);
            if (latest - now <= settings.ClockTolerance)
                return $"No issue is later than the clock, which shows {now.UtcDateTime:yyyy-MM-dd HH:mm} UTC: nothing is to be done.";
            var number = Counters.Last(session, IssueTable.Counter);
            session.Write([Counters.At(IssueTable.NotCounted, number), Counters.At(IssueTable.NotBefore, now.ToUnixTimeMilliseconds())]);
            _ = IssueLogTable.AppendClockAccepted(session, number, latest, now);
            return $"Issues up to number {number}, the last of {latest.UtcDateTime:yyyy-MM-dd HH:mm} UTC, were made by a wrong clock; it is {now.UtcDateTime:yyyy-MM-dd HH:mm} now and the server issues again. "
                + "A meter that was given a token of that time takes no earlier one: its key must be changed to another base date, or the meter exchanged.";
        });
    }

    // A clock that moved otherwise than time passed was set: the module is asked at once, not at the end of the minute.
    private bool IsDue(DateTimeOffset now)
    {
        lock (_gate)
        {
            var ticks = time.GetTimestamp();
            if (_seen is { } seen && (now - seen.Clock - time.GetElapsedTime(seen.Ticks, ticks)).Duration() > settings.ClockTolerance)
                _stepped = true;
            _seen = (now, ticks);
            return _stepped || !_everAsked || time.GetElapsedTime(_asked, ticks) > AskEvery;
        }
    }
}
