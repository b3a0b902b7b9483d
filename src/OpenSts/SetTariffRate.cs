namespace OpenSts;

/// <summary>
/// Sets the tariff rate: class 2 subclass 2. The meaning of the value is reserved by the STS Association.
/// </summary>
public sealed record SetTariffRate : ManagementToken
{
    /// <summary>The 16-bit value; its meaning is not public.</summary>
    public required ushort Rate { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 2;

    /// <inheritdoc/>
    public override string Name => nameof(SetTariffRate);

    /// <inheritdoc/>
    public override ushort Value => Rate;
}
