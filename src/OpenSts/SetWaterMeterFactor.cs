namespace OpenSts;

/// <summary>
/// Sets the water meter factor: class 2 subclass 7. The meaning of the value is reserved by the STS Association.
/// </summary>
public sealed record SetWaterMeterFactor : ManagementToken
{
    /// <summary>The 16-bit value; its meaning is not public.</summary>
    public required ushort Factor { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 7;

    /// <inheritdoc/>
    public override string Name => nameof(SetWaterMeterFactor);

    /// <inheritdoc/>
    public override ushort Value => Factor;
}
