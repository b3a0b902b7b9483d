using System.Text;

namespace OpenSts.Batch;

/// <summary>
/// What a field holds, short enough for a message: at most 40 characters, control characters and surrogates shown as
/// question marks.
/// </summary>
public static class Excerpt
{
    private const int Longest = 40;

    /// <summary>The excerpt of a text in UTF-8.</summary>
    public static string Of(ReadOnlySpan<byte> utf8)
    {
        var cut = utf8.Length > 4 * Longest ? utf8[..(4 * Longest)] : utf8;
        return Of(Encoding.UTF8.GetString(cut));
    }

    /// <summary>The excerpt of a text.</summary>
    public static string Of(ReadOnlySpan<char> text)
    {
        var shown = text.Length > Longest ? text[..Longest] : text;
        var result = new StringBuilder(Longest + 3);
        foreach (var c in shown)
            result.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        if (text.Length > Longest)
            result.Append("...");
        return result.ToString();
    }
}
