namespace OpenSts;

/// <summary>Sets or clears a flag of the FlagArray: class 2 subclass 10, index 63 (STS 202-5).</summary>
public sealed record SetFlag : ManagementToken
{
    private readonly int _index;

    /// <summary>The index of the flag, 0 to 511; <see cref="ExtendedFlag"/> defines the public ones.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not 0 to 511.</exception>
    public required int Index
    {
        get => _index;
        init
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)value, 511u, nameof(Index));
            _index = value;
        }
    }

    /// <summary>The new state of the flag.</summary>
    public required bool Enabled { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 10;

    /// <inheritdoc/>
    public override string Name => nameof(SetFlag);

    /// <inheritdoc/>
    public override ushort Value => (ushort)(0xFC00 | (Index << 1) | (Enabled ? 1 : 0));
}
