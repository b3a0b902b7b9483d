namespace OpenSts;

/// <summary>The fourth section of a 128-bit key: class 2 subclass 9.</summary>
public sealed record Set4thSectionDecoderKey : KeyChangeToken
{
    /// <summary>Upper twelve bits of the new supply group code.</summary>
    public required int SupplyGroupCodeHigh { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 9;

    /// <inheritdoc/>
    public override string Name => nameof(Set4thSectionDecoderKey);
}
