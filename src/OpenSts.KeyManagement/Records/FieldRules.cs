namespace OpenSts.KeyManagement.Records;

/// <summary>Rules that fields of several changes share.</summary>
internal static class FieldRules
{
    /// <summary>Refuses a text that could not stand in a line or a card.</summary>
    public static void RequireText(string field, string? text, int most = 40)
    {
        if (text is not { Length: >= 1 } || text.Length > most
            || text.Any(letter => letter is < ' ' or > '}' or ':' or ';' or '~' or '<' or '>') || text.Trim() != text)
            throw new RefusalException(CentreVerdict.Format,
                $"{field} held {(text?.Length > 40 ? text[..40] + "..." : text)}; permitted: 1 to {most} printable "
                    + "ASCII characters without : ; < > ~, no space at an end");
    }
}
