namespace OpenSts.Metering;

/// <summary>The token identifiers a meter stores so that no token is accepted twice: a fixed number of them, in
/// ascending order.</summary>
/// <remarks>
/// IEC 62055-41, token cancellation. A new memory is filled with the identifier of the minute of manufacture: tokens
/// made before that minute are
/// old, a token of that very minute is accepted once. Accepting a token removes the smallest identifier. The structure
/// is a reading, see
/// docs/standard/readings.md. A value: accepting gives a new memory.
/// </remarks>
public sealed class CancellationMemory
{
    /// <summary>The number of identifiers where nothing else is set.</summary>
    public const int DefaultSize = 50;

    /// <summary>The largest number of identifiers.</summary>
    public const int MaximumSize = 200;

    private readonly int[] _identifiers;

    private CancellationMemory(int[] identifiers, int fillCount)
    {
        _identifiers = identifiers;
        FillCount = fillCount;
    }

    /// <summary>The number of identifiers, 1 to 200.</summary>
    public int Size => _identifiers.Length;

    /// <summary>The stored identifiers, smallest first.</summary>
    public ReadOnlySpan<int> Identifiers => _identifiers;

    /// <summary>How many of the first identifiers belong to no accepted token: they only say how old a token may be. 0
    /// to <see cref="Size"/>.</summary>
    public int FillCount { get; }

    /// <summary>The memory of a new meter: tokens made before it was manufactured are refused.</summary>
    /// <param name="manufactured">The identifier of the minute of manufacture.</param>
    /// <param name="size">The number of identifiers, 1 to 200.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is not 1 to 200.</exception>
    public static CancellationMemory AtManufacture(TokenIdentifier manufactured, int size = DefaultSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaximumSize);
        var identifiers = new int[size];
        Array.Fill(identifiers, manufactured.Value);
        return new CancellationMemory(identifiers, size);
    }

    /// <summary>A memory as it was stored.</summary>
    /// <param name="identifiers">1 to 200 identifiers, smallest first.</param>
    /// <param name="fillCount">How many of the first belong to no accepted token; these are equal.</param>
    /// <exception cref="ArgumentException">There are none or too many, they are not in order, or the count does not
    /// fit them.</exception>
    public static CancellationMemory Restore(ReadOnlySpan<int> identifiers, int fillCount = 0)
    {
        if (identifiers.Length is 0 or > MaximumSize)
            throw new ArgumentException(
                $"A memory has 1 to {MaximumSize} identifiers, not {identifiers.Length}.", nameof(identifiers));
        for (var i = 0; i < identifiers.Length; i++)
        {
            if (identifiers[i] is < 0 or > TokenIdentifier.MaxValue || (i > 0 && identifiers[i] < identifiers[i - 1]))
                throw new ArgumentException(
                    "The identifiers are not in order, or one has more than 24 bits.", nameof(identifiers));
        }

        if (fillCount < 0 || fillCount > identifiers.Length
                || (fillCount > 0 && identifiers[fillCount - 1] != identifiers[0]))
            throw new ArgumentException(
                $"The first {fillCount} of {identifiers.Length} identifiers are not one fill value.",
                nameof(fillCount));
        return new CancellationMemory(identifiers.ToArray(), fillCount);
    }

    /// <summary>Accept, OldError (older than every stored identifier) or UsedError (stored).</summary>
    public TokenResult Validate(TokenIdentifier tid)
    {
        if (tid.Value < _identifiers[0])
            return TokenResult.OldError;
        return _identifiers.AsSpan(FillCount).BinarySearch(tid.Value) >= 0
            ? TokenResult.UsedError
            : TokenResult.Accept;
    }

    /// <summary>The memory after that identifier was accepted: the smallest is removed.</summary>
    /// <exception cref="ArgumentException">The identifier is stored already.</exception>
    public CancellationMemory With(TokenIdentifier tid)
    {
        var above = ~_identifiers.AsSpan(FillCount).BinarySearch(tid.Value);
        if (above < 0)
            throw new ArgumentException("The identifier is stored already.", nameof(tid));
        above += FillCount;
        var after = new int[_identifiers.Length];
        _identifiers.AsSpan(1, above - 1).CopyTo(after);
        after[above - 1] = tid.Value;
        _identifiers.AsSpan(above).CopyTo(after.AsSpan(above));
        return new CancellationMemory(after, Math.Max(0, FillCount - 1));
    }

    /// <summary>The memory after a roll-over of the base date: no identifier of the new base date is old or
    /// used.</summary>
    public CancellationMemory Cleared() => new(new int[_identifiers.Length], _identifiers.Length);
}
