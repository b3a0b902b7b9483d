using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace OpenSts.Vending.Receipts;

/// <summary>The words of a language, from its resource file; a word that a file lacks is taken from English.</summary>
public sealed class Words
{
    private readonly FrozenDictionary<string, string> _words;

    private Words(string language, FrozenDictionary<string, string> words) => (Language, _words) = (language, words);

    /// <summary>Two letters.</summary>
    public string Language { get; }

    public static Words English { get; } = Load("en");

    /// <summary>All languages there are files of.</summary>
    public static IReadOnlyList<Words> All { get; } = [English, Load("fr")];

    /// <summary>The language, or English.</summary>
    public static Words Of(string? language) => All.FirstOrDefault(words => words.Language == language) ?? English;

    /// <summary>The words there are.</summary>
    public IEnumerable<string> Keys => _words.Keys;

    /// <summary>A word.</summary>
    public string this[string key] => _words.TryGetValue(key, out var word) ? word : English._words.TryGetValue(key, out word) ? word : key;

    /// <summary>A sentence with its parts put in.</summary>
    public string Format(string key, params object[] parts) => string.Format(CultureInfo.InvariantCulture, this[key], parts);

    private static Words Load(string language)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("texts/" + language)
            ?? throw new InvalidOperationException($"The resource file of {language} is missing.");
        return new Words(language, JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
