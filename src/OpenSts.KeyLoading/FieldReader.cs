using System.Buffers;
using System.Globalization;
using OpenSts.Sts6;

namespace OpenSts.KeyLoading;

/// <summary>
/// Reads the fields of one line; the first that breaks its rule is named in <see cref="Problem"/>, later ones are
/// defaults.
/// </summary>
internal sealed class FieldReader(string type, string[] fields)
{
    private static readonly SearchValues<char> Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,-_+/()'&");

    /// <summary>Empty as long as every field was good; never holds what a field of key material held.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Letters, digits, space and <c>. , - _ + / ( ) ' &amp;</c>.</summary>
    public string Name(int index, string name, int most)
    {
        var text = fields[index];
        return Good(text.Length >= 1 && text.Length <= most && !text.AsSpan().ContainsAnyExcept(Letters), name, text,
            $"1 to {most} letters, digits, spaces and . , - _ + / ( ) ' &")
            ? text
            : "";
    }

    /// <summary>Exactly so many decimal digits.</summary>
    public int Number(int index, string name, int digits, int least)
    {
        var text = fields[index];
        var good = text.Length == digits
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least;
        return Good(good, name, text, $"{digits} digits, from {least}") ? int.Parse(text, CultureInfo.InvariantCulture)
            : 0;
    }

    /// <summary>A decimal number without leading zeros.</summary>
    public int Count(int index, string name, int most)
    {
        var text = fields[index];
        var good = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= most
            && text == value.ToString(CultureInfo.InvariantCulture);
        return Good(good, name, text, $"0 to {most} without leading zeros") ? value : 0;
    }

    /// <summary>Hexadecimal capitals of so many octets. What they were is not in the message.</summary>
    public string Hex(int index, string name, int octets)
    {
        var text = fields[index];
        var good = text.Length == octets * 2 && !text.AsSpan().ContainsAnyExcept(HexCapitals);
        return Good(good, name, $"{text.Length} characters", $"{octets * 2} hexadecimal capitals") ? text
            : new string('0', octets * 2);
    }

    public DateTimeOffset Time(int index, string name) =>
        Good(ConcatLine.TryTime(fields[index], out var time), name, fields[index],
            "a UTC time such as 20260101T000000Z") ? time : default;

    public PublicPoint Point(int index, string name)
    {
        var good = PublicPoint.TryParse(fields[index], out var point);
        return Good(good, name, $"{fields[index].Length} characters",
            "a point of P-384, 98 hexadecimal capitals, compressed") ? point! : PublicPoint.Generator;
    }

    public string OneOf(int index, string name, params string[] permitted) =>
        Good(permitted.Contains(fields[index], StringComparer.Ordinal), name, fields[index],
            string.Join(", ", permitted)) ? fields[index] : permitted[0];

    private static SearchValues<char> HexCapitals { get; } = SearchValues.Create("0123456789ABCDEF");

    private bool Good(bool good, string name, string held, string permitted)
    {
        if (!good && Problem.Length == 0)
            Problem =
                $"{type} field {name} held {(held.Length > 40 ? held[..40] + "..." : held)}; permitted: {permitted}";
        return good && Problem.Length == 0;
    }
}
