namespace OpenSts;

/// <summary>
/// The minute in which a token was issued, by which a meter accepts it only once: minutes since a base date, 0 to
/// 16777215 (24 bits).
/// </summary>
/// <remarks>
/// IEC 62055-41, TokenIdentifier (TID). Seconds are dropped; time is UTC. The base date is not part of the value; it
/// belongs to the decoder key. The default value is the first minute of the base date.
/// </remarks>
public readonly record struct TokenIdentifier : IComparable<TokenIdentifier>
{
    /// <summary>The largest identifier, FFFFFFh.</summary>
    public const int MaxValue = 0xFFFFFF;

    private const int MinutesPerDay = 1440;
    private const int ReservedMinute = 1;

    private TokenIdentifier(int value) => Value = value;

    /// <summary>Minutes since the base date, 0 to 16777215.</summary>
    public int Value { get; }

    /// <summary>True for 00:01 of a day, which is reserved for special tokens.</summary>
    // IEC 62055-41: the special reserved token identifier is the one of 00:01 of each day.
    public bool IsReserved => Value % MinutesPerDay == ReservedMinute;

    /// <summary>Creates the identifier from its number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not 0 to 16777215.</exception>
    public static TokenIdentifier FromNumber(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxValue);
        return new TokenIdentifier(value);
    }

    /// <summary>
    /// Gets the identifier of the minute, reserved or not; false if the time is outside the range of the base date.
    /// </summary>
    public static bool TryFromTime(DateTimeOffset time, BaseDate baseDate, out TokenIdentifier tid)
    {
        var minutes = Math.Floor((time - baseDate.Start).TotalMinutes);
        var inRange = minutes is >= 0 and <= MaxValue;
        tid = inRange ? new TokenIdentifier((int)minutes) : default;
        return inRange;
    }

    /// <summary>
    /// Gets the identifier of an ordinary token issued at the time if no other was issued for the meter; at 00:01 it
    /// is that of 00:02. False if the time is outside the range of the base date.
    /// </summary>
    public static bool TryForOrdinaryToken(DateTimeOffset time, BaseDate baseDate, out TokenIdentifier tid) =>
        TryAllocate(time, baseDate, null, out tid);

    /// <summary>
    /// Gets the identifier of a special token, 00:01 of the day in UTC: one for each meter and day. False if it is
    /// outside the range of the base date.
    /// </summary>
    public static bool TryForSpecialToken(DateTimeOffset time, BaseDate baseDate, out TokenIdentifier tid) =>
        TryFromTime(new DateTimeOffset(time.UtcDateTime.Date, TimeSpan.Zero).AddMinutes(ReservedMinute), baseDate,
            out tid);

    /// <summary>
    /// Gets the next identifier for a meter: the current minute, or the minute after the last used identifier if that
    /// is later.
    /// </summary>
    /// <param name="time">The time of issue.</param>
    /// <param name="baseDate">The base date of the meter's key.</param>
    /// <param name="lastUsed">The highest identifier ever used for this meter under this key; null for none.</param>
    /// <param name="tid">The identifier: never reserved, always above <paramref name="lastUsed"/>.</param>
    /// <returns>
    /// False if the identifier is outside the range of the base date; no token can be issued then.
    /// </returns>
    /// <remarks>
    /// IEC 62055-41: the second token of a minute takes the following minute's identifier, and so on.
    /// </remarks>
    public static bool TryAllocate(DateTimeOffset time, BaseDate baseDate, TokenIdentifier? lastUsed,
        out TokenIdentifier tid)
    {
        if (!TryFromTime(time, baseDate, out tid))
            return false;
        var next = Math.Max(tid.Value, (lastUsed?.Value ?? -1) + 1);
        if (next % MinutesPerDay == ReservedMinute)
            next++;
        if (next > MaxValue)
        {
            tid = default;
            return false;
        }

        tid = new TokenIdentifier(next);
        return true;
    }

    /// <summary>The minute of this identifier, in UTC, counted from the base date.</summary>
    public DateTimeOffset ToTime(BaseDate baseDate) => baseDate.Start.AddMinutes(Value);

    /// <inheritdoc/>
    public int CompareTo(TokenIdentifier other) => Value.CompareTo(other.Value);

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <(TokenIdentifier left, TokenIdentifier right) => left.Value < right.Value;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >(TokenIdentifier left, TokenIdentifier right) => left.Value > right.Value;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <=(TokenIdentifier left, TokenIdentifier right) => left.Value <= right.Value;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >=(TokenIdentifier left, TokenIdentifier right) => left.Value >= right.Value;

    /// <summary>The number of minutes.</summary>
    public override string ToString() => Value.ToString();
}
