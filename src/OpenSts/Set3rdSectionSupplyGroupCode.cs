namespace OpenSts;

/// <summary>
/// The third token of the set for a 64-bit key: class 2 subclass 8, the supply group code without key bits.
/// </summary>
public sealed record Set3rdSectionSupplyGroupCode : Token
{
    /// <summary>The new supply group code.</summary>
    public required SupplyGroupCode SupplyGroupCode { get; init; }

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.MeterSpecificManagement;

    /// <inheritdoc/>
    public override int Subclass => 8;

    /// <inheritdoc/>
    public override string Name => "Set3rdSectionDecoderKey";
}
