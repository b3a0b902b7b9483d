using System.Globalization;

namespace OpenSts.Batch;

/// <summary>The form of times in requests, answers and tables: RFC 3339, such as 2026-01-31T13:00:00Z.</summary>
public static class Rfc3339
{
    private const string Written = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>
    /// Reads a time with seconds, an optional fraction of up to seven digits, and Z or an offset from UTC.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset instant)
    {
        instant = default;
        // The usual form is read by hand: the general parser is the slowest part of a request otherwise.
        if (text is [_, _, _, _, '-', _, _, '-', _, _, 'T', _, _, ':', _, _, ':', _, _, 'Z'])
        {
            if (!Number(text[..4], out var year) || !Number(text[5..7], out var month)
                || !Number(text[8..10], out var day)
                || !Number(text[11..13], out var hour) || !Number(text[14..16], out var minute)
                    || !Number(text[17..19], out var second)
                || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23
                    || minute > 59 || second > 59)
                return false;
            instant = new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero);
            return true;
        }

        return text.Length is >= 20 and <= 40 && text[10] == 'T' && HasZone(text)
            && DateTimeOffset.TryParseExact(
                text, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture,
                    DateTimeStyles.AdjustToUniversal, out instant);
    }

    /// <summary>Writes a time in UTC, to the second.</summary>
    public static string Format(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString(Written, CultureInfo.InvariantCulture);

    private static bool HasZone(ReadOnlySpan<char> text) => text[^1] == 'Z' || text[^6] is '+' or '-';

    private static bool Number(ReadOnlySpan<char> digits, out int value)
    {
        value = 0;
        foreach (var c in digits)
        {
            if (!char.IsAsciiDigit(c))
                return false;
            value = (value * 10) + (c - '0');
        }

        return true;
    }
}
