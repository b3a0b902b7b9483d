using OpenSts.Vending.Documents;
using OpenSts.Vending.Storage;

namespace OpenSts.Vending.Issues;

/// <summary>The highest token identifier given for a meter and base date. It only rises, whatever the clock does.</summary>
/// <remarks>
/// The standard asks for it per meter and key; one mark for all keys of a base date is stricter and needs no rule for the time when two
/// keys are vended side by side. See docs/vending/decisions.md.
/// </remarks>
internal static class IdentifierMarks
{
    /// <summary>How far a mark may be ahead of the clock: beyond it a clock was wrong.</summary>
    public static readonly TimeSpan MostAhead = TimeSpan.FromHours(24);

    /// <summary>Takes the next identifier inside the transaction.</summary>
    public static Refusal? TryTake(IStoreSession session, MeterPan pan, BaseDate baseDate, DateTimeOffset now, out TokenIdentifier tid)
    {
        tid = default;
        var last = session.Query("SELECT last FROM identifier_marks WHERE pan = $1 AND base_date = $2", row => TokenIdentifier.FromNumber((int)row.Number(0)), pan.ToString(), baseDate.Year);
        TokenIdentifier? highest = last.Count == 0 ? null : last[0];
        if (Floor(session, baseDate) is { } floor && (highest is null || highest.Value < floor))
            highest = floor;
        if (highest is { } mark && mark.ToTime(baseDate) > now + MostAhead)
            return new Refusal("clock-behind", $"The meter's last token is of {mark.ToTime(baseDate):yyyy-MM-dd HH:mm} UTC and the clock shows {now.UtcDateTime:yyyy-MM-dd HH:mm}; more than a day ahead is not believed. Set the clock.");
        if (!TokenIdentifier.TryAllocate(now, baseDate, highest, out tid))
            return new Refusal("base-date-ended", $"Base date {baseDate} has no identifier for {now.UtcDateTime:yyyy-MM-dd HH:mm} UTC; permitted is {baseDate.Start:yyyy-MM-dd} to {baseDate.LastMinute:yyyy-MM-dd HH:mm}. Change the meter's key.");
        _ = session.Execute("INSERT INTO identifier_marks (pan, base_date, last) VALUES ($1, $2, $3) ON CONFLICT (pan, base_date) DO UPDATE SET last = excluded.last",
            pan.ToString(), baseDate.Year, tid.Value);
        return null;
    }

    /// <summary>Bars every identifier up to a minute, for all meters: what was given out before a restore is not known one by one.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="minute">Minutes since 1970 UTC.</param>
    public static void RaiseFloor(IStoreSession session, long minute) =>
        session.Execute("INSERT INTO counters (name, value) VALUES ('identifier-floor', $1) ON CONFLICT (name) DO UPDATE SET value = CASE WHEN counters.value > excluded.value THEN counters.value ELSE excluded.value END", minute);

    private static TokenIdentifier? Floor(IStoreSession session, BaseDate baseDate)
    {
        var minute = session.Number("SELECT value FROM counters WHERE name = 'identifier-floor'");
        return minute > 0 && TokenIdentifier.TryFromTime(DateTimeOffset.FromUnixTimeSeconds(minute * 60), baseDate, out var floor) ? floor : null;
    }
}
