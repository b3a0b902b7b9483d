namespace OpenSts.Vending;

/// <summary>The utility's local days and months.</summary>
/// <param name="zone">The utility's time zone.</param>
public sealed class LocalCalendar(TimeZoneInfo zone)
{
    /// <summary>The local day of an instant.</summary>
    public DateOnly Day(DateTimeOffset time) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, zone).DateTime);

    /// <summary>The first day of the local month of an instant.</summary>
    public DateOnly Month(DateTimeOffset time) =>
        Day(time) is var day ? new DateOnly(day.Year, day.Month, 1) : default;
}
