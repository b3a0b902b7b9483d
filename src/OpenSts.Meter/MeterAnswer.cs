using OpenSts.Metering;

namespace OpenSts.Meter;

/// <summary>A meter's answer to a token.</summary>
/// <param name="Result">The result; NotReady while the meter has no power.</param>
/// <param name="Token">The decoded token; null where it could not be read.</param>
/// <param name="Display">The items that an accepted class 1 token shows, in the order of the tests; else
/// empty.</param>
/// <param name="LockedFor">How long the lock-out still runs; zero where it does not.</param>
public sealed record MeterAnswer(
    TokenResult Result, Token? Token, IReadOnlyList<DisplayItem> Display, TimeSpan LockedFor);

/// <summary>One item of a display.</summary>
/// <param name="Name">What it is, such as <c>KeyRevisionNumber</c>.</param>
/// <param name="Value">Its value.</param>
/// <param name="Unit">The unit; empty where it has none.</param>
public sealed record DisplayItem(string Name, string Value, string Unit = "")
{
    /// <summary>Value and unit as a person reads them.</summary>
    public override string ToString() => Unit.Length == 0 ? Value : $"{Value} {Unit}";
}
