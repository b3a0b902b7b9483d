namespace OpenSts.Metering;

/// <summary>The identifiers a meter remembers, so that no token works twice: a fixed number of them, ordered.</summary>
/// <remarks>
/// IEC 62055-41, token cancellation. At manufacture every place holds the identifier of that moment. Accepting a token
/// drops the smallest. The structure is a reading, see docs/standard/readings.md. A value: entering gives a new memory.
/// </remarks>
public sealed class CancellationMemory
{
    /// <summary>How many identifiers a meter remembers when nobody says otherwise.</summary>
    public const int UsualSize = 50;

    private readonly int[] _ordered;

    private CancellationMemory(int[] ordered) => _ordered = ordered;

    /// <summary>How many identifiers are remembered.</summary>
    public int Size => _ordered.Length;

    /// <summary>The remembered identifiers, the smallest first.</summary>
    public ReadOnlySpan<int> Identifiers => _ordered;

    /// <summary>The memory of a new meter: tokens older than its manufacture are refused.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is not 1 to 200.</exception>
    public static CancellationMemory AtManufacture(TokenIdentifier manufactured, int size = UsualSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 200);
        var ordered = new int[size];
        Array.Fill(ordered, manufactured.Value);
        return new CancellationMemory(ordered);
    }

    /// <summary>A memory as it was kept: 1 to 200 identifiers, the smallest first.</summary>
    /// <exception cref="ArgumentException">There are none or too many, or they are not in order.</exception>
    public static CancellationMemory Restore(ReadOnlySpan<int> identifiers)
    {
        if (identifiers.Length is 0 or > 200)
            throw new ArgumentException($"A memory has 1 to 200 identifiers, not {identifiers.Length}.", nameof(identifiers));
        for (var i = 0; i < identifiers.Length; i++)
        {
            if (identifiers[i] is < 0 or > TokenIdentifier.MaxValue || (i > 0 && identifiers[i] < identifiers[i - 1]))
                throw new ArgumentException("The identifiers are not in order, or one has more than 24 bits.", nameof(identifiers));
        }

        return new CancellationMemory(identifiers.ToArray());
    }

    /// <summary>Accept, OldError or UsedError.</summary>
    public TokenResult Validate(TokenIdentifier tid)
    {
        if (tid.Value < _ordered[0])
            return TokenResult.OldError;
        return Array.BinarySearch(_ordered, tid.Value) >= 0 ? TokenResult.UsedError : TokenResult.Accept;
    }

    /// <summary>The memory after that identifier was accepted: the smallest is forgotten.</summary>
    public CancellationMemory With(TokenIdentifier tid)
    {
        var after = new int[_ordered.Length];
        var above = ~Array.BinarySearch(_ordered, tid.Value);
        if (above < 0)
            throw new ArgumentException("The identifier is remembered already.", nameof(tid));
        _ordered.AsSpan(1, above - 1).CopyTo(after);
        after[above - 1] = tid.Value;
        _ordered.AsSpan(above).CopyTo(after.AsSpan(above));
        return new CancellationMemory(after);
    }

    /// <summary>The memory after the base date changed: every identifier of the new one is fresh.</summary>
    public CancellationMemory Cleared() => new(new int[_ordered.Length]);
}
