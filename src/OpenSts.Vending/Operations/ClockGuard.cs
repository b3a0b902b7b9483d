using OpenSts.SecurityModule;
using OpenSts.Vending.Documents;

namespace OpenSts.Vending.Operations;

/// <summary>Refuses to issue while the clock cannot be right: behind what is stored, or far from the module's.</summary>
/// <remarks>An identifier is a minute of the clock; a wrong clock makes tokens that meters take for used, or that bar later ones.</remarks>
public sealed class ClockGuard(ISecurityModule module, VendingSettings settings, TimeProvider time)
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(60);
    private long _asked;
    private bool _everAsked;
    private volatile string? _difference;

    /// <summary>Why nothing is issued that is made after the last issue of the store; null where the clock may be right.</summary>
    public Refusal? RefusesBehind(DateTimeOffset latest, DateTimeOffset now)
    {
        var behind = latest - now;
        return behind > settings.ClockTolerance
            ? new Refusal("clock-behind", $"The clock is {behind.TotalMinutes:F0} minutes behind the last issue; permitted are {settings.ClockTolerance.TotalMinutes:F0}. Set the clock.")
            : null;
    }

    /// <summary>Why nothing is issued now; null where the module's clock agrees.</summary>
    public async Task<Refusal?> RefusesAsync()
    {
        if (!_everAsked || time.GetElapsedTime(Interlocked.Read(ref _asked)) > AskEvery)
            await CompareAsync().ConfigureAwait(false);
        return _difference is { } text ? new Refusal("clock-differs", text) : null;
    }

    /// <summary>Compares with the module's clock; a module that does not answer changes nothing.</summary>
    public async Task CompareAsync()
    {
        _ = Interlocked.Exchange(ref _asked, time.GetTimestamp());
        _everAsked = true;
        try
        {
            var status = await module.ReadStatusAsync().AsTask().WaitAsync(settings.ModulePatience).ConfigureAwait(false);
            if (!status.TryGet(out var found))
                return;
            var difference = (found.Clock - time.GetUtcNow()).Duration();
            _difference = difference > settings.ClockTolerance
                ? $"The module's clock shows {found.Clock.UtcDateTime:yyyy-MM-dd HH:mm} UTC, {difference.TotalMinutes:F0} minutes from the server's; permitted are {settings.ClockTolerance.TotalMinutes:F0}. Set the clocks."
                : null;
        }
        catch (Exception error) when (error is SecurityModuleException or TimeoutException or OperationCanceledException)
        {
            // Whether it can be asked at all shows with the next token.
        }
    }
}
