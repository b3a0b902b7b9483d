namespace OpenSts.SecurityModule;

/// <summary>The time for which a request uses the module: together with others, or alone where registers are exchanged.</summary>
internal readonly ref struct ModuleUse
{
    private readonly ReaderWriterLockSlim _use;
    private readonly bool _exclusively;

    public ModuleUse(ReaderWriterLockSlim use, bool exclusively)
    {
        (_use, _exclusively) = (use, exclusively);
        if (exclusively)
            use.EnterWriteLock();
        else
            use.EnterReadLock();
    }

    public void Dispose()
    {
        if (_exclusively)
            _use.ExitWriteLock();
        else
            _use.ExitReadLock();
    }
}
