namespace OpenSts.Dlms.Security;

/// <summary>
/// Counters that die with the process: for tests and clients that read the server's counter first, never for a meter.
/// </summary>
public sealed class MemoryCounterStore : IInvocationCounterStore
{
    private readonly Dictionary<string, uint> _values = [];

    /// <summary>How often something was written.</summary>
    public int Writes { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, uint> ReadAll() => _values;

    /// <inheritdoc/>
    public void Write(string name, uint value)
    {
        _values[name] = value;
        Writes++;
    }
}
