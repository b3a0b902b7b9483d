namespace OpenSts;

/// <summary>A management token that a manufacturer defines: class 2 subclass 11 to 15, with 44 data bits.</summary>
public sealed record ProprietaryManagement : Token
{
    /// <summary>The subclass, 11 to 15.</summary>
    public required int ProprietarySubclass { get; init; }

    /// <summary>The 44 data bits after the subclass.</summary>
    public required ulong Payload { get; init; }

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.MeterSpecificManagement;

    /// <inheritdoc/>
    public override int Subclass => ProprietarySubclass;

    /// <inheritdoc/>
    public override string Name => "ProprietaryManagement";
}
