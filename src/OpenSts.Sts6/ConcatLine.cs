using System.Globalization;

namespace OpenSts.Sts6;

/// <summary>
/// The text lines of key management: <c>TYPE.VERSION:field:...:field:CRC4</c>, printable ASCII, no line end of its
/// own.
/// </summary>
/// <remarks>
/// The check is the CRC-16 with the reflected polynomial A001h and preset FFFFh over everything up to and including
/// the last colon, in four hexadecimal capitals; it finds damage, not intent. A field holds none of <c>: ; ~</c>
/// unless its description says so.
/// </remarks>
public static class ConcatLine
{
    /// <summary>Characters that a line may have at most.</summary>
    public const int GreatestLength = 2048;

    /// <summary>How a time stands in a line and in a card: UTC to the second, such as 20260101T000000Z.</summary>
    public const string TimeForm = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Puts the check behind a line that ends with a colon.</summary>
    public static string Close(string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return content + Crc(content).ToString("X4", CultureInfo.InvariantCulture);
    }

    /// <summary>Reads a line of a type; false with a sentence that names what is wrong.</summary>
    /// <param name="line">Without its line end.</param>
    /// <param name="type">Such as <c>VKEY.1</c>.</param>
    /// <param name="count">How many fields the type has.</param>
    /// <param name="fields">The fields between type and check; empty where the answer is false.</param>
    /// <param name="problem">Empty where the answer is true. Never holds a field's content.</param>
    public static bool TrySplit(string? line, string type, int count, out string[] fields, out string problem)
    {
        fields = [];
        problem = Problem(line, type, count);
        if (problem.Length != 0)
            return false;
        fields = line!.Split(':')[1..^1];
        return true;
    }

    /// <summary>The type of a line, such as <c>KLF2.1</c>; empty where it has none.</summary>
    public static string TypeOf(string? line) =>
        line?.IndexOf(':', StringComparison.Ordinal) is > 0 and < 12 and var end ? line[..end] : "";

    /// <summary>The text of a time, UTC to the second.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture);

    /// <summary>Reads the text of a time.</summary>
    public static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out time);

    private static string Problem(string? line, string type, int count)
    {
        if (line is null || line.Length > GreatestLength)
            return $"a line of type {type} has at most {GreatestLength} characters";
        if (line.AsSpan().ContainsAnyExceptInRange(' ', '}'))
            return $"a line of type {type} holds a character that is not printable ASCII";
        if (line.Length < type.Length + 6 || line[^5] != ':')
            return $"a line of type {type} ends with a colon and four hexadecimal capitals";
        if (!line.AsSpan(line.Length - 4)
            .SequenceEqual(Crc(line.AsSpan(..^4)).ToString("X4", CultureInfo.InvariantCulture)))
            return $"the check at the end of the line is wrong: the line was damaged";
        if (TypeOf(line) != type)
            return $"the line is of another type than {type}";
        var found = line.AsSpan().Count(':') - 1;
        return found == count ? "" : $"a line of type {type} has {count} fields, this one has {found}";
    }

    private static ushort Crc(ReadOnlySpan<char> text)
    {
        var crc = 0xFFFF;
        foreach (var letter in text)
        {
            crc ^= letter;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1;
        }

        return (ushort)crc;
    }
}
