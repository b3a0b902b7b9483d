using System.Text;

namespace OpenSts.Vending;

internal static class KebabCase
{
    /// <summary>A name in Pascal case as lower case with hyphens.</summary>
    public static string Of(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
                _ = text.Append('-');
            _ = text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
