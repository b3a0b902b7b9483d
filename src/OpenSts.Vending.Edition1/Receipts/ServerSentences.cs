using System.Text.Json;

namespace OpenSts.Vending.Receipts;

/// <summary>
/// What the server says in English, in another language. A refusal is one English sentence wherever it is made, stored or sent; here it is
/// found again by its fixed parts, and its values are put into the sentence of the other language.
/// </summary>
/// <remarks>See docs/decisions/pages-and-the-api.md for why, and the tests of it for the list that no sentence may miss.</remarks>
internal sealed class ServerSentences
{
    private readonly Dictionary<string, string> _whole = new(StringComparer.Ordinal);
    private readonly List<(string[] Parts, string Other)> _forms = [];
    private readonly string _decimalSign;

    public ServerSentences(Stream file, string decimalSign)
    {
        _decimalSign = decimalSign;
        foreach (var (english, other) in JsonSerializer.Deserialize<Dictionary<string, string>>(file)!)
        {
            var parts = Split(english);
            if (parts.Length == 1)
                _whole.Add(english, other);
            else
                _forms.Add((parts, other));
        }

        // The form that says most itself is the one that was meant.
        _forms.Sort((one, other) => other.Parts.Sum(part => part.Length).CompareTo(one.Parts.Sum(part => part.Length)));
    }

    /// <summary>The sentences there are, with {0}, {1} and so on for their values.</summary>
    public IEnumerable<string> English => _whole.Keys.Concat(_forms.Select(form => string.Concat(form.Parts.Select((part, at) => at == 0 ? part : $"{{{at - 1}}}{part}"))));

    /// <summary>The sentence in the language; null where it is not known.</summary>
    public string? Find(string english)
    {
        if (_whole.TryGetValue(english, out var whole))
            return whole;
        foreach (var (parts, other) in _forms)
        {
            if (Values(english, parts) is { } values)
                return string.Format(null, other, [.. values.Select(Value)]);
        }

        return null;
    }

    // A value may be words of the server again, or a number with a point.
    private object Value(string value) => Find(value) ?? (value.Contains('.', StringComparison.Ordinal) && decimal.TryParse(value, System.Globalization.NumberStyles.Number, null, out _) ? value.Replace(".", _decimalSign, StringComparison.Ordinal) : value);

    private static List<string>? Values(string text, string[] parts)
    {
        if (!text.StartsWith(parts[0], StringComparison.Ordinal) || !text.EndsWith(parts[^1], StringComparison.Ordinal))
            return null;
        var (values, at, end) = (new List<string>(), parts[0].Length, text.Length - parts[^1].Length);
        for (var i = 1; i < parts.Length; i++)
        {
            var next = i == parts.Length - 1 ? end : text.IndexOf(parts[i], at, StringComparison.Ordinal);
            if (next < at || next > end)
                return null;
            values.Add(text[at..next]);
            at = next + parts[i].Length;
        }

        return values;
    }

    private static string[] Split(string english)
    {
        var parts = new List<string>();
        var rest = english;
        for (var at = 0; rest.IndexOf($"{{{at}}}", StringComparison.Ordinal) is >= 0 and var place; at++)
        {
            parts.Add(rest[..place]);
            rest = rest[(place + 3)..];
        }

        return [.. parts, rest];
    }
}
