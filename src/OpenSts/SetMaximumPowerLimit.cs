namespace OpenSts;

/// <summary>Sets the power above which the meter disconnects: class 2 subclass 0.</summary>
public sealed record SetMaximumPowerLimit : ManagementToken
{
    /// <summary>The limit in W.</summary>
    public required TransferAmount Watts { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 0;

    /// <inheritdoc/>
    public override string Name => nameof(SetMaximumPowerLimit);

    /// <inheritdoc/>
    public override ushort Value => Watts.Field;
}
