using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace OpenSts.Vending.Receipts;

/// <summary>The words of a language, from its resource file; a word that a file lacks is taken from English.</summary>
public sealed class Words
{
    private readonly FrozenDictionary<string, string> _words;

    private readonly NumberFormatInfo _numbers;
    private readonly ServerSentences? _sentences;

    private Words(string language, FrozenDictionary<string, string> words)
    {
        (Language, _words) = (language, words);
        var (point, group) = (words["number.decimal"], words["number.group"]);
        _numbers = new NumberFormatInfo { NumberDecimalSeparator = point, NumberGroupSeparator = group, NumberNegativePattern = 1 };
        using var sentences = Assembly.GetExecutingAssembly().GetManifestResourceStream($"texts/{language}.sentences");
        _sentences = sentences is null ? null : new ServerSentences(sentences, point);
    }

    /// <summary>Two letters.</summary>
    public string Language { get; }

    public static Words English { get; } = Load("en");

    /// <summary>All languages there are files of.</summary>
    public static IReadOnlyList<Words> All { get; } = [English, Load("fr")];

    /// <summary>The language, or English.</summary>
    public static Words Of(string? language) => All.FirstOrDefault(words => words.Language == language) ?? English;

    /// <summary>The first language of an Accept-Language header that there are words of, or English.</summary>
    public static Words Preferred(string accepted)
    {
        ArgumentNullException.ThrowIfNull(accepted);
        var asked = accepted.Split(',').Select(range => range.Trim().Split('-', ';')[0].ToLowerInvariant());
        return asked.Select(language => All.FirstOrDefault(words => words.Language == language)).FirstOrDefault(words => words is not null) ?? English;
    }

    /// <summary>The words there are.</summary>
    public IEnumerable<string> Keys => _words.Keys;

    /// <summary>A word.</summary>
    public string this[string key] => _words.TryGetValue(key, out var word) ? word : English._words.TryGetValue(key, out word) ? word : key;

    /// <summary>A sentence with its parts put in.</summary>
    public string Format(string key, params object[] parts) => string.Format(CultureInfo.InvariantCulture, this[key], parts);

    /// <summary>Says a sentence.</summary>
    public string Say(Sentence sentence)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        return Format(sentence.Key, [.. sentence.Values.Select(value => value switch
        {
            Sentence inner => Say(inner),
            DateTimeOffset at => Time(at),
            decimal number => Number(number),
            _ => value,
        })]);
    }

    /// <summary>What the server says in English, in this language; as it is where the language has no sentence for it.</summary>
    public string Told(string english) => _sentences?.Find(english) ?? english;

    /// <summary>The sentences of the server that this language has; empty for English, which has them all.</summary>
    internal IEnumerable<string> Sentences => _sentences?.English ?? [];

    /// <summary>A local time to the minute. The order of ISO 8601 is misread in no language.</summary>
    public static string Time(DateTimeOffset local) => local.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A number as the language writes it: its decimal sign, its sign between thousands.</summary>
    /// <param name="number">The number.</param>
    /// <param name="format">Of <see cref="decimal.ToString(string)"/>.</param>
    public string Number(decimal number, string format = "#,0.######") => number.ToString(format, _numbers);

    /// <summary>An amount of money with all its decimals, without its currency.</summary>
    public string Money(Money.Currency currency, long minor)
    {
        ArgumentNullException.ThrowIfNull(currency);
        return currency.ToDecimal(minor).ToString("N" + currency.Decimals.ToString(CultureInfo.InvariantCulture), _numbers);
    }

    private static Words Load(string language)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("texts/" + language)
            ?? throw new InvalidOperationException($"The resource file of {language} is missing.");
        return new Words(language, JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
