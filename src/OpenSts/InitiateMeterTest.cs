namespace OpenSts;

/// <summary>
/// Runs tests or shows values on any meter: class 1 subclass 0 (two-digit makers) or 1 (four-digit makers).
/// </summary>
public sealed record InitiateMeterTest : Token
{
    /// <summary>True for subclass 1, whose control field has 28 bits and whose manufacturer code 16.</summary>
    public required bool FourDigitForm { get; init; }

    /// <summary>Which tests: 36 bits, or 28 in the four-digit form.</summary>
    public required MeterTests Tests { get; init; }

    /// <summary>The maker the token is for; 0 for every maker, which all standard tests use.</summary>
    public int ManufacturerCode { get; init; }

    /// <inheritdoc/>
    public override TokenClass Class => TokenClass.NonMeterSpecificManagement;

    /// <inheritdoc/>
    public override int Subclass => FourDigitForm ? 1 : 0;

    /// <inheritdoc/>
    public override string Name => "InitiateMeterTestDisplay";
}
