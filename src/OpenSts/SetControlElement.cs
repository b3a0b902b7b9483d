namespace OpenSts;

/// <summary>Sets an element of the ControlArray: class 2 subclass 10, index 0 to 62 (STS 202-5).</summary>
public sealed record SetControlElement : ManagementToken
{
    private readonly int _index;
    private readonly int _element;

    /// <summary>The index of the element, 0 to 62.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not 0 to 62.</exception>
    public required int Index
    {
        get => _index;
        init
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)value, 62u, nameof(Index));
            _index = value;
        }
    }

    /// <summary>The new value of the element, 0 to 1023.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 0 to 1023.</exception>
    public required int Element
    {
        get => _element;
        init
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)value, 1023u, nameof(Element));
            _element = value;
        }
    }

    /// <inheritdoc/>
    public override int Subclass => 10;

    /// <inheritdoc/>
    public override string Name => nameof(SetControlElement);

    /// <inheritdoc/>
    public override ushort Value => (ushort)((Index << 10) | Element);
}
