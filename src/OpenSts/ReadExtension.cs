namespace OpenSts;

/// <summary>Displays an extended flag or control element: class 1 subclass 2 (STS 202-5).</summary>
public sealed record ReadExtension : Token
{
    private const int FlagSelector = 63;

    /// <summary>
    /// The control field, 36 bits: the index of a control element in the upper six bits, or 63 there and the index of
    /// a flag in the next nine bits.
    /// </summary>
    public required long Control { get; init; }

    /// <summary>The manufacturer code; 0 for every manufacturer.</summary>
    public int ManufacturerCode { get; init; }

    /// <summary>The index of the control element to display, 0 to 62; null if the token displays a flag.</summary>
    public int? ControlIndex => (int)(Control >> 30) is var index && index == FlagSelector ? null : index;

    /// <summary>The index of the flag to display, 0 to 511; null if the token displays a control element.</summary>
    public int? FlagIndex => ControlIndex is null ? (int)((Control >> 21) & 511) : null;

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.NonMeterSpecificManagement;

    /// <inheritdoc/>
    public override int Subclass => 2;

    /// <inheritdoc/>
    public override string Name => "ReadExtension";

    /// <summary>Creates a token that displays a control element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not 0 to 62.</exception>
    public static ReadExtension OfControl(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, 62u, nameof(index));
        return new ReadExtension { Control = (long)index << 30 };
    }

    /// <summary>
    /// Creates a token that displays a flag. The position of an index other than 0 is our interpretation, see
    /// docs/standard/readings.md.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not 0 to 511.</exception>
    public static ReadExtension OfFlag(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, 511u, nameof(index));
        return new ReadExtension { Control = ((long)FlagSelector << 30) | ((long)index << 21) };
    }
}
