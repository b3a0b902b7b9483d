using OpenSts.Vending.Money;

namespace OpenSts.Vending.Operations;

/// <summary>What a utility sets once: its money, its calendar, what its receipts say.</summary>
public sealed record VendingSettings
{
    public Currency Currency { get; init; } = new("ZAR", 2);

    /// <summary>Whose local days and months count.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    public string UtilityName { get; init; } = "Demonstration Utility";

    public string UtilityAddress { get; init; } = "1 Main Road";

    public string TaxNumber { get; init; } = "4000000000";

    public string HelpLine { get; init; } = "0800 000 000";

    public string Message { get; init; } = "";

    /// <summary>How long a sale waits for the security module before its outcome is called unknown.</summary>
    public TimeSpan ModulePatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How old an unknown outcome is when the server asks again by itself.</summary>
    public TimeSpan ResolveAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How far clocks may differ.</summary>
    public TimeSpan ClockTolerance { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The local day of a time.</summary>
    public DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, TimeZone).Date);

    /// <summary>The local month of a time: yyyy-MM.</summary>
    public string Month(DateTimeOffset at) => Day(at).ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>When the local day of a time began.</summary>
    public DateTimeOffset DayStart(DateTimeOffset at) => DayStart(Day(at));

    /// <summary>When a local day begins.</summary>
    public DateTimeOffset DayStart(DateOnly day)
    {
        var midnight = day.ToDateTime(default);
        // Where a clock change skips midnight the day begins with its first minute that exists.
        while (TimeZone.IsInvalidTime(midnight))
            midnight = midnight.AddMinutes(30);
        return new DateTimeOffset(midnight, TimeZone.GetUtcOffset(midnight));
    }
}
