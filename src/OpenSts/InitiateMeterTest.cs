namespace OpenSts;

/// <summary>
/// Runs tests or displays values on any meter: class 1 subclass 0 (manufacturer code of two digits) or 1 (four
/// digits).
/// </summary>
public sealed record InitiateMeterTest : Token
{
    /// <summary>True for subclass 1: a control field of 28 bits and a manufacturer code of 16 bits.</summary>
    public required bool FourDigitForm { get; init; }

    /// <summary>The tests to run: 36 bits, or 28 bits in the four-digit form.</summary>
    public required MeterTests Tests { get; init; }

    /// <summary>The manufacturer code; 0 for every manufacturer, as in all standard tests.</summary>
    public int ManufacturerCode { get; init; }

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.NonMeterSpecificManagement;

    /// <inheritdoc/>
    public override int Subclass => FourDigitForm ? 1 : 0;

    /// <inheritdoc/>
    public override string Name => "InitiateMeterTestDisplay";
}
