using OpenSts.Vending.Meters;

namespace OpenSts.Vending.TokenIdentifiers;

/// <summary>The next identifier of a meter.</summary>
public sealed class IdentifierAllocator
{
    /// <summary>How far a mark may be ahead of the clock: beyond it a clock was wrong.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromHours(24);

    /// <summary>Tokens for one meter in one hour where the settings name no other number.</summary>
    public const int DefaultTokensPerHour = 30;

    private readonly int _perHour;
    private readonly DateTimeOffset? _barred;

    /// <param name="tokensPerHour">The most tokens for one meter in one hour; 1 to 59, so that identifiers never run
    /// away from the clock.</param>
    /// <param name="barredUntil">
    /// Identifiers of this minute and earlier are given to no meter: set after a restore, when what was given is not
    /// known one by one.
    /// </param>
    public IdentifierAllocator(int tokensPerHour = DefaultTokensPerHour, DateTimeOffset? barredUntil = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokensPerHour, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokensPerHour, 59);
        (_perHour, _barred) = (tokensPerHour, barredUntil);
    }

    /// <summary>The same allocator for a store in which identifiers up to a minute are barred.</summary>
    public IdentifierAllocator BarredUntil(DateTimeOffset barred) => new(_perHour, barred);

    /// <summary>Takes the next identifier; the mark and the totals are changed only where it is given.</summary>
    public Refusal? TryTake(
        DateTimeOffset now, ref IdentifierMark mark, ref MeterTotals totals, out TokenIdentifier tid)
    {
        ArgumentNullException.ThrowIfNull(mark);
        ArgumentNullException.ThrowIfNull(totals);
        tid = default;
        var inHour = now - totals.Hour < TimeSpan.FromHours(1) && now >= totals.Hour ? totals.TokensInHour : 0;
        if (inHour >= _perHour)
        {
            return new Refusal(ErrorCodes.MeterHourlyLimit, "meter", RefusalArgument.Number("limit", _perHour),
                RefusalArgument.Time("retryAt", totals.Hour.AddHours(1)));
        }

        var highest = Floor(mark);
        // What was barred by minute is no sign of a wrong clock.
        var limit = (_barred > now ? _barred.Value : now) + MaxAhead;
        if (highest is { } last && last.ToTime(mark.BaseDate) > limit)
        {
            return new Refusal(
                ErrorCodes.ClockBehind, "meter", RefusalArgument.Time("lastToken", last.ToTime(mark.BaseDate)),
                RefusalArgument.Time("clock", now));
        }

        if (!TokenIdentifier.TryAllocate(now, mark.BaseDate, highest, out tid))
        {
            return new Refusal(
                ErrorCodes.BaseDateEnded, "meter", RefusalArgument.Number("baseDate", mark.BaseDate.Year),
                RefusalArgument.Time("lastMinute", mark.BaseDate.LastMinute));
        }

        mark = mark with { Highest = tid };
        totals = totals with { Hour = inHour == 0 ? now : totals.Hour, TokensInHour = inHour + 1 };
        return null;
    }

    /// <summary>The mark after identifiers were given back whose tokens were never made.</summary>
    /// <param name="mark">The mark as it is.</param>
    /// <param name="released">The identifiers that are free again.</param>
    /// <param name="remaining">The highest identifier that is still given; null for none.</param>
    public static IdentifierMark Release(
        IdentifierMark mark, IReadOnlyCollection<TokenIdentifier> released, TokenIdentifier? remaining)
    {
        ArgumentNullException.ThrowIfNull(mark);
        ArgumentNullException.ThrowIfNull(released);
        // A later token may have been made since: then the mark stays, and what was given back is below it and lost.
        return mark.Highest is { } highest && released.Contains(highest) ? mark with { Highest = remaining } : mark;
    }

    private TokenIdentifier? Floor(IdentifierMark mark)
    {
        if (_barred is not { } barred || !TokenIdentifier.TryFromTime(barred, mark.BaseDate, out var floor))
            return mark.Highest;
        return mark.Highest is { } highest && highest > floor ? highest : floor;
    }
}
