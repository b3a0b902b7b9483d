namespace OpenSts;

/// <summary>The fourth section of a new 128-bit decoder key: class 2 subclass 9.</summary>
public sealed record Set4thSectionDecoderKey : KeyChangeToken
{
    /// <summary>The upper twelve bits of the new supply group code, 0 to 4095.</summary>
    public required int SupplyGroupCodeHigh { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 9;

    /// <inheritdoc/>
    public override string Name => nameof(Set4thSectionDecoderKey);
}
