namespace OpenSts;

/// <summary>Sets the largest power difference between the phases of a polyphase meter: class 2 subclass 6.</summary>
public sealed record SetMaximumPhasePowerUnbalanceLimit : ManagementToken
{
    /// <summary>The limit in W.</summary>
    public required TransferAmount Watts { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 6;

    /// <inheritdoc/>
    public override string Name => nameof(SetMaximumPhasePowerUnbalanceLimit);

    /// <inheritdoc/>
    public override ushort Value => Watts.Field;
}
