namespace OpenSts;

/// <summary>The third section of a new 128-bit decoder key: class 2 subclass 8.</summary>
public sealed record Set3rdSectionDecoderKey : KeyChangeToken
{
    /// <summary>The lower twelve bits of the new supply group code, 0 to 4095.</summary>
    public required int SupplyGroupCodeLow { get; init; }

    /// <inheritdoc/>
    public override int Subclass => 8;

    /// <inheritdoc/>
    public override string Name => nameof(Set3rdSectionDecoderKey);
}
