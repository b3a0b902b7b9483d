namespace OpenSts.Cosem.Hosting;

/// <summary>
/// Gives memory back once requests have ceased: what they left behind would stay resident until far more had come.
/// </summary>
public sealed class IdleMemoryCompactor : IDisposable
{
    /// <summary>Less than this between two looks is quiet: the link to the meter is asked all the time.</summary>
    private const long QuietOctets = 512 * 1024;

    /// <summary>Less than this left behind is not worth the work.</summary>
    private const long WorthwhileOctets = 1024 * 1024;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private readonly ITimer _timer;
    private long _last = GC.GetTotalAllocatedBytes();
    private long _given;

    public IdleMemoryCompactor(TimeProvider clock) => _timer = clock.CreateTimer(_ => Look(), null, Every, Every);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        var isQuiet = allocated - _last < QuietOctets;
        _last = allocated;
        if (!isQuiet || allocated - _given < WorthwhileOctets)
            return;
        _given = allocated;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
