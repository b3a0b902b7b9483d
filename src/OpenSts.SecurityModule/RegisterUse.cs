namespace OpenSts.SecurityModule;

/// <summary>
/// The time for which a request uses the registers: together with others; keys are not exchanged meanwhile.
/// </summary>
internal readonly ref struct RegisterUse
{
    private readonly ReaderWriterLockSlim? _use;

    public RegisterUse(ReaderWriterLockSlim use)
    {
        _use = use;
        use.EnterReadLock();
    }

    public void Dispose() => _use?.ExitReadLock();
}
