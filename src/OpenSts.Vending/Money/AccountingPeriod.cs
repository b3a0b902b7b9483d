using System.Globalization;

namespace OpenSts.Vending.Money;

/// <summary>A calendar month of the books.</summary>
/// <param name="Year">1 to 9998.</param>
/// <param name="Month">1 to 12.</param>
public readonly record struct AccountingPeriod(int Year, int Month)
{
    /// <summary>The first local day.</summary>
    public DateOnly First => new(Year, Month, 1);

    /// <summary>The last local day.</summary>
    public DateOnly Last => First.AddMonths(1).AddDays(-1);

    /// <summary>The period after this one.</summary>
    public AccountingPeriod Next => Of(First.AddMonths(1));

    /// <summary>The period that a local day is in.</summary>
    public static AccountingPeriod Of(DateOnly day) => new(day.Year, day.Month);

    /// <summary>The day an entry counts on: the day itself, or the first open day where the books are closed up to
    /// later.</summary>
    /// <param name="day">The local day of the event.</param>
    /// <param name="closedThrough">The last period that is closed; null for none.</param>
    public static DateOnly BookingDay(DateOnly day, AccountingPeriod? closedThrough) =>
        closedThrough is { } closed && day <= closed.Last ? closed.Next.First : day;

    /// <summary>Why the period cannot be closed: it is not over, or an earlier one is open. Null where it can
    /// be.</summary>
    public Refusal? RefusesClosing(DateOnly today, AccountingPeriod? closedThrough)
    {
        if (today <= Last)
            return new Refusal(ErrorCodes.FieldInvalid, "period", RefusalArgument.Date("openUntil", Last));
        if (closedThrough is { } closed && closed.Next != this)
            return new Refusal(
                ErrorCodes.PeriodClosed, "period", RefusalArgument.Text("next", closed.Next.ToString()));
        return null;
    }

    /// <summary>The text <c>yyyy-MM</c>.</summary>
    public override string ToString() => First.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
