namespace OpenSts;

/// <summary>The third section of a 128-bit key: class 2 subclass 8.</summary>
public sealed record Set3rdSectionDecoderKey : KeyChangeToken
{
    /// <summary>Lower twelve bits of the new supply group code.</summary>
    public required int SupplyGroupCodeLow { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 8;

    /// <inheritdoc/>
    public override string Name => nameof(Set3rdSectionDecoderKey);
}
