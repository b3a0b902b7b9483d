using OpenSts.Vending.Storage;
using OpenSts.Vending.SupplyGroups;

namespace OpenSts.Vending.Operations;

/// <summary>How near an end is.</summary>
public enum DeadlineLevel
{
    /// <summary>More than 90 days.</summary>
    Calm,

    /// <summary>At most 90 days.</summary>
    Notice,

    /// <summary>At most 30 days.</summary>
    Warning,

    /// <summary>At most 7 days, or over.</summary>
    Alarm,
}

/// <summary>A key that expires, or a base date that ends.</summary>
/// <param name="Name">For people: the supply group and revision, or the base date.</param>
/// <param name="DaysLeft">Whole days; below zero once it is over.</param>
public sealed record Deadline(string Name, int DaysLeft)
{
    /// <summary>The bounds of the levels, in days.</summary>
    public const int AlarmDays = 7, WarningDays = 30, NoticeDays = 90;

    /// <summary>How near it is.</summary>
    public DeadlineLevel Level => DaysLeft switch
    {
        <= AlarmDays => DeadlineLevel.Alarm,
        <= WarningDays => DeadlineLevel.Warning,
        <= NoticeDays => DeadlineLevel.Notice,
        _ => DeadlineLevel.Calm,
    };
}

/// <summary>When a supply group's key stops making tokens.</summary>
/// <param name="Group">The supply group.</param>
/// <param name="Key">Its key.</param>
/// <param name="End">The end.</param>
public sealed record KeyDeadline(SupplyGroup Group, SupplyGroupKey Key, Deadline End);

/// <summary>What ends on a known day.</summary>
public static class Deadlines
{
    /// <summary>Every key that expires at all.</summary>
    public static IReadOnlyList<KeyDeadline> Keys(IStoreSession session, DateTimeOffset now) =>
    [
        .. SupplyGroup.Table.List(session).SelectMany(group => group.Value.Keys.Select(key => (Group: group.Value, Key: key)))
            .Select(row => (row.Group, row.Key, Minute: KeyExpiryNumber.FromNumber(row.Key.KeyExpiryNumber).LastMinute(BaseDate.FromYear(row.Key.BaseDate))))
            .Where(row => row.Minute is not null)
            .Select(row => new KeyDeadline(row.Group, row.Key, new Deadline($"{row.Group.Code} revision {row.Key.KeyRevisionNumber}", Days(row.Minute!.Value, now)))),
    ];

    /// <summary>Every base date, and whether a key of a supply group has it: the end of one that nobody uses is no cause for alarm.</summary>
    public static IReadOnlyList<(Deadline End, bool InUse)> BaseDates(IStoreSession session, DateTimeOffset now)
    {
        var used = SupplyGroup.Table.List(session).SelectMany(group => group.Value.Keys).Select(key => key.BaseDate).ToHashSet();
        return [.. BaseDate.All.ToArray().Select(date => (new Deadline(date.ToString(), date.DaysLeft(now)), used.Contains(date.Year)))];
    }

    private static int Days(DateTimeOffset lastMinute, DateTimeOffset now) => (int)Math.Floor((lastMinute.AddMinutes(1) - now).TotalDays);
}
