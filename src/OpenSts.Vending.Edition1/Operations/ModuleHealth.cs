using OpenSts.Sts6;

namespace OpenSts.Vending.Operations;

/// <summary>What the last round trip to the security module showed.</summary>
/// <param name="Up">It answered.</param>
/// <param name="At">When it was asked.</param>
/// <param name="RoundTrip">How long the answer took.</param>
/// <param name="Text">Its identity, or why not.</param>
public sealed record ModuleSight(bool Up, DateTimeOffset At, TimeSpan RoundTrip, string Text);

/// <summary>Asks the security module for its status: a real round trip.</summary>
public sealed class ModuleHealth(ISecurityModule module, VendingSettings settings, TimeProvider time)
{
    private volatile ModuleSight _last = new(false, default, default, "not asked yet");

    /// <summary>The last sight.</summary>
    public ModuleSight Last => _last;

    /// <summary>Asks now.</summary>
    public async Task<ModuleSight> AskAsync()
    {
        var began = time.GetTimestamp();
        var at = time.GetUtcNow();
        try
        {
            var answer = await module.ReadStatusAsync().AsTask().WaitAsync(settings.ModulePatience).ConfigureAwait(false);
            _last = answer.TryGet(out var status)
                ? new ModuleSight(true, at, time.GetElapsedTime(began), $"{status.ModuleId}, {status.FirmwareId}")
                : new ModuleSight(false, at, time.GetElapsedTime(began), $"answered {answer}");
        }
        catch (Exception error) when (error is SecurityModuleException or TimeoutException or OperationCanceledException)
        {
            _last = new ModuleSight(false, at, time.GetElapsedTime(began), error.Message);
        }

        return _last;
    }
}
