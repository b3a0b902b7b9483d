namespace OpenSts;

/// <summary>Shows an extended flag or control element: class 1 subclass 2 (STS 202-5).</summary>
public sealed record ReadExtension : Token
{
    private const int FlagSelector = 63;

    /// <summary>
    /// 36 bits: control index in the upper six; 63 there means a flag, whose index is the nine bits below.
    /// </summary>
    public required long Control { get; init; }

    /// <summary>The maker the token is for; 0 for every maker.</summary>
    public int ManufacturerCode { get; init; }

    /// <summary>The control element asked for, 0 to 62; null when a flag is.</summary>
    public int? ControlIndex => (int)(Control >> 30) is var index && index == FlagSelector ? null : index;

    /// <summary>The flag asked for, 0 to 511; null when a control element is.</summary>
    public int? FlagIndex => ControlIndex is null ? (int)((Control >> 21) & 511) : null;

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.NonMeterSpecificManagement;

    /// <inheritdoc/>
    public override int Subclass => 2;

    /// <inheritdoc/>
    public override string Name => "ReadExtension";

    /// <summary>Asks for a control element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not 0 to 62.</exception>
    public static ReadExtension OfControl(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, 62u, nameof(index));
        return new ReadExtension { Control = (long)index << 30 };
    }

    /// <summary>
    /// Asks for a flag. The place of an index other than 0 is a reading, see docs/standard/readings.md.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not 0 to 511.</exception>
    public static ReadExtension OfFlag(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, 511u, nameof(index));
        return new ReadExtension { Control = ((long)FlagSelector << 30) | ((long)index << 21) };
    }
}
