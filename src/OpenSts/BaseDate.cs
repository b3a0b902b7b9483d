namespace OpenSts;

/// <summary>The date from which token identifiers count minutes: 1 January 00:00 UTC of 1993, 2014 or 2035.</summary>
/// <remarks>IEC 62055-41, BaseDate. The default value is 1993.</remarks>
public readonly record struct BaseDate
{
    private const int FirstYear = 1993;
    private readonly int _offset;

    private BaseDate(int year) => _offset = year - FirstYear;

    /// <summary>Base date 1993: its identifiers ended on 2024-11-24 at 20:15 UTC.</summary>
    public static BaseDate Base1993 => new(1993);

    /// <summary>Base date 2014: its identifiers end on 2045-11-24 at 20:15 UTC.</summary>
    public static BaseDate Base2014 => new(2014);

    /// <summary>Base date 2035: its identifiers end on 2066-11-24 at 20:15 UTC.</summary>
    public static BaseDate Base2035 => new(2035);

    /// <summary>All base dates, the earliest first.</summary>
    public static ReadOnlySpan<BaseDate> All => new[] { Base1993, Base2014, Base2035 };

    /// <summary>1993, 2014 or 2035.</summary>
    public int Year => FirstYear + _offset;

    /// <summary>The two-digit code in the input of DKGA04: 93, 14 or 35.</summary>
    public int Code => Year % 100;

    /// <summary>The minute of identifier 0.</summary>
    public DateTimeOffset Start => new(Year, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The minute of the last identifier, FFFFFFh.</summary>
    public DateTimeOffset LastMinute => Start.AddMinutes(TokenIdentifier.MaxValue);

    /// <summary>Creates the base date of a year; false if it is not 1993, 2014 or 2035.</summary>
    public static bool TryFromYear(int year, out BaseDate baseDate)
    {
        baseDate = year is 2014 or 2035 ? new BaseDate(year) : default;
        return year is 1993 or 2014 or 2035;
    }

    /// <summary>Creates the base date of a year.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The year is not 1993, 2014 or 2035.</exception>
    public static BaseDate FromYear(int year) =>
        TryFromYear(year, out var baseDate)
            ? baseDate
            : throw new ArgumentOutOfRangeException(nameof(year), year, "A base date is 1993, 2014 or 2035.");

    /// <summary>
    /// The days, rounded down, until the end of the last identifier of this base date; negative after it.
    /// </summary>
    public int DaysLeft(DateTimeOffset at) => (int)Math.Floor((LastMinute.AddMinutes(1) - at).TotalDays);

    /// <summary>The four-digit year.</summary>
    public override string ToString() => Year.ToString();
}
