using OpenSts.Secrets;

namespace OpenSts.Bulk;

/// <summary>The memory and the engines of one object that works on many tokens at once.</summary>
/// <remarks>
/// The memory holds derived keys and blocks in clear, so it is a secret; it is only used under a lease.
/// </remarks>
internal sealed unsafe class BulkWorkspace : IDisposable
{
    /// <summary>Fewer tokens than this are worked on one by one.</summary>
    /// <remarks>An engine takes about as long for one token as for all it has space for.</remarks>
    public const int FewestForEngine = 32;

    private readonly SecretBytes _memory = new(SlicedEngine.MemoryLength);
    private readonly SlicedEngine[] _engines;

    public BulkWorkspace()
    {
        using var lease = _memory.LeaseForWriting();
        fixed (byte* memory = lease.Span)
            _engines = SlicedEngine.CreateAll(memory);
    }

    /// <summary>Keeps the memory from being released while an engine works in it.</summary>
    public WritableSecretLease Lease() => _memory.LeaseForWriting();

    /// <summary>The engine for so many tokens: the narrowest that has space for them, otherwise the widest.</summary>
    public SlicedEngine EngineFor(int count)
    {
        foreach (var engine in _engines)
        {
            if (engine.Blocks >= count)
                return engine;
        }

        return _engines[^1];
    }

    public void Dispose() => _memory.Dispose();
}
