using OpenSts.Metering;

namespace OpenSts.Meter;

/// <summary>What a meter answers to a token.</summary>
/// <param name="Result">The answer; NotReady while the meter has no power.</param>
/// <param name="Token">What the token says, where it could be read; else null.</param>
/// <param name="Display">What an accepted token of class 1 shows, in the order of the tests; else empty.</param>
/// <param name="LockedFor">How long no token is looked at from now on; zero while the meter is open.</param>
public sealed record MeterAnswer(TokenResult Result, Token? Token, IReadOnlyList<DisplayItem> Display, TimeSpan LockedFor);

/// <summary>One item of a display.</summary>
/// <param name="Name">What it is, such as <c>KeyRevisionNumber</c>.</param>
/// <param name="Value">Its value.</param>
/// <param name="Unit">The unit; empty where it has none.</param>
public sealed record DisplayItem(string Name, string Value, string Unit = "")
{
    /// <summary>Value and unit as a person reads them.</summary>
    public override string ToString() => Unit.Length == 0 ? Value : $"{Value} {Unit}";
}
