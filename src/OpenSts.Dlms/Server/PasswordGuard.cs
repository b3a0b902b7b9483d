using System.Diagnostics.CodeAnalysis;

namespace OpenSts.Dlms.Server;

/// <summary>
/// Slows down guesses of one client's password: checks go one at a time, and a wrong one holds up the next.
/// </summary>
/// <remarks>
/// The delay grows with each wrong password in a row, up to ten times. A right password ends the row. At most eight
/// checks wait; further ones are refused without a check, so that guesses cannot fill the server.
/// </remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore without a wait handle holds nothing to release.")]
internal sealed class PasswordGuard(TimeProvider clock, TimeSpan delayOfOne)
{
    private const int MaximumWaiting = 8;
    private const int MaximumDelays = 10;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _waiting;
    private int _failures;

    /// <summary>Checks one password.</summary>
    /// <param name="check">True for the right password.</param>
    /// <param name="onFailure">Called before the delay, with the number of wrong passwords in a row and the
    /// delay.</param>
    /// <param name="cancellation">Ends the wait; the password counts as wrong.</param>
    /// <returns>True for the right password; null where too many others wait.</returns>
    public async ValueTask<bool?> CheckAsync(Func<bool> check, Action<int, TimeSpan> onFailure,
        CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waiting) > MaximumWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return null;
        }

        try
        {
            await _turn.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                if (check())
                {
                    _failures = 0;
                    return true;
                }

                _failures = Math.Min(_failures + 1, int.MaxValue - 1);
                var delay = Math.Min(_failures, MaximumDelays) * delayOfOne;
                onFailure(_failures, delay);
                await Task.Delay(delay, clock, cancellation).ConfigureAwait(false);
                return false;
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
