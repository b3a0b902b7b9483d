namespace OpenSts;

/// <summary>Clears the tamper condition: class 2 subclass 5.</summary>
public sealed record ClearTamperCondition : ManagementToken
{
    /// <summary>The 16-bit padding, normally 0.</summary>
    public ushort Pad { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 5;

    /// <inheritdoc/>
    public override string Name => nameof(ClearTamperCondition);

    /// <inheritdoc/>
    public override ushort Value => Pad;
}
