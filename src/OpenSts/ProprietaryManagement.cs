namespace OpenSts;

/// <summary>A maker's own management token: class 2 subclass 11 to 15, 44 bits of the maker's choice.</summary>
public sealed record ProprietaryManagement : Token
{
    /// <summary>The subclass, 11 to 15.</summary>
    public required int ProprietarySubclass { get; init; }

    /// <summary>The 44 bits below the subclass.</summary>
    public required ulong Payload { get; init; }

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.MeterSpecificManagement;

    /// <inheritdoc/>
    public override int Subclass => ProprietarySubclass;

    /// <inheritdoc/>
    public override string Name => "ProprietaryManagement";
}
