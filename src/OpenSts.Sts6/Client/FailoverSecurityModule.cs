namespace OpenSts.Sts6.Client;

/// <summary>Several security modules with the same keys: the first that can be asked answers.</summary>
/// <remarks>
/// A refusal is an answer and is not taken to the next module, unless the module speaks of itself
/// (<see cref="RequestOutcome.Unknown"/>, such as 01, 57, 58). A module that does, or could not be asked, is not asked
/// for a while. When the first module made a token and failed before its answer arrived, the second makes the same
/// token again, but for the random digit: the TID is the caller's, so the meter accepts one of the two; only the first
/// module's counter has counted one token issue too many.
/// </remarks>
public sealed class FailoverSecurityModule : ISecurityModule
{
    private readonly ISecurityModule[] _modules;
    private readonly long[] _askAgain;
    private readonly TimeSpan _rest;
    private readonly TimeProvider _time;

    /// <param name="modules">In order of preference; disposed with this one.</param>
    /// <param name="rest">How long a module that could not be asked is left alone; 10 seconds when null.</param>
    /// <param name="time">The clock.</param>
    public FailoverSecurityModule(IEnumerable<ISecurityModule> modules, TimeSpan? rest = null,
        TimeProvider? time = null)
    {
        _modules = [.. modules];
        ArgumentOutOfRangeException.ThrowIfZero(_modules.Length, nameof(modules));
        _askAgain = new long[_modules.Length];
        _rest = rest ?? TimeSpan.FromSeconds(10);
        _time = time ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public ValueTask<ModuleAnswer<Token66>> VendCreditAsync(VendRequest request,
        CancellationToken cancellation = default) =>
        AskAsync(module => module.VendCreditAsync(request, cancellation));

    /// <inheritdoc/>
    public ValueTask<ModuleAnswer<Token66>> VendManagementAsync(VendRequest request,
        CancellationToken cancellation = default) =>
        AskAsync(module => module.VendManagementAsync(request, cancellation));

    /// <inheritdoc/>
    public ValueTask<ModuleAnswer<KeyChangeTokens>> VendKeyChangeAsync(KeyChangeRequest request,
        CancellationToken cancellation = default) =>
        AskAsync(module => module.VendKeyChangeAsync(request, cancellation));

    /// <inheritdoc/>
    public ValueTask<ModuleAnswer<TokenVerification>> VerifyAsync(VerifyRequest request,
        CancellationToken cancellation = default) =>
        AskAsync(module => module.VerifyAsync(request, cancellation));

    /// <inheritdoc/>
    public ValueTask<ModuleAnswer<RegisterCard>> ReadRegisterAsync(int register,
        CancellationToken cancellation = default) =>
        AskAsync(module => module.ReadRegisterAsync(register, cancellation));

    /// <inheritdoc/>
    public ValueTask<ModuleAnswer<ModuleStatus>> ReadStatusAsync(CancellationToken cancellation = default) =>
        AskAsync(module => module.ReadStatusAsync(cancellation));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var module in _modules)
            await module.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<ModuleAnswer<T>> AskAsync<T>(Func<ISecurityModule, ValueTask<ModuleAnswer<T>>> ask)
        where T : notnull
    {
        SecurityModuleException? last = null;
        ModuleAnswer<T>? broken = null;
        // First those that are not resting; when all are, all are asked all the same.
        var now = _time.GetTimestamp();
        foreach (var i in Enumerable.Range(0, _modules.Length).OrderBy(i => Volatile.Read(ref _askAgain[i]) > now))
        {
            try
            {
                var answer = await ask(_modules[i]).ConfigureAwait(false);
                // A module that speaks of itself (Unknown) is passed over; a refusal of the request is an answer.
                if (answer.Code.Outcome() != RequestOutcome.Unknown)
                {
                    Volatile.Write(ref _askAgain[i], 0);
                    return answer;
                }

                broken = answer;
            }
            catch (SecurityModuleException error)
            {
                last = error;
            }

            Volatile.Write(ref _askAgain[i], _time.GetTimestamp()
                + (long)(_rest.TotalSeconds * _time.TimestampFrequency));
        }

        return broken
            ?? throw new SecurityModuleException($"None of {_modules.Length} security modules could be asked.", last);
    }
}
