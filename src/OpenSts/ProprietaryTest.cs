namespace OpenSts;

/// <summary>
/// A test that a manufacturer defines: class 1 subclass 6 to 10 (manufacturer code of four digits) or 11 to 15 (two
/// digits).
/// </summary>
public sealed record ProprietaryTest : Token
{
    /// <summary>The subclass, 6 to 15.</summary>
    public required int ProprietarySubclass { get; init; }

    /// <summary>The control field: 28 bits for subclass 6 to 10, 36 bits for 11 to 15.</summary>
    public required long Control { get; init; }

    /// <summary>The manufacturer code: 100 to 9999 for subclass 6 to 10, 0 to 99 for 11 to 15.</summary>
    public required int ManufacturerCode { get; init; }

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.NonMeterSpecificManagement;

    /// <inheritdoc/>
    public override int Subclass => ProprietarySubclass;

    /// <inheritdoc/>
    public override string Name => "ProprietaryTest";
}
