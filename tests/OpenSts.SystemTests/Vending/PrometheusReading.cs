using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenSts.SystemTests.Vending;

/// <summary>Reads the text form of Prometheus, version 0.0.4, strictly: what a scraper might forgive is a failure here.</summary>
internal sealed partial class PrometheusReading
{
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _samples = new(StringComparer.Ordinal);

    public PrometheusReading(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var (family, helped) = ("", "");
        var closed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in text[..^1].Split('\n'))
        {
            if (Help().Match(line) is { Success: true } help)
            {
                helped = help.Groups[1].Value;
                Assert.True(closed.Add(helped), $"family twice: {line}");
                continue;
            }

            if (Type().Match(line) is { Success: true } type)
            {
                family = type.Groups[1].Value;
                Assert.Equal(helped, family);
                _types.Add(family, type.Groups[2].Value);
                Assert.Equal(_types[family] == "counter", family.EndsWith("_total", StringComparison.Ordinal));
                continue;
            }

            var sample = Sample().Match(line);
            Assert.True(sample.Success, $"no line of the format: {line}");
            Assert.True(double.TryParse(sample.Groups["value"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value), line);
            var name = sample.Groups["name"].Value;
            Assert.True(name == family || (_types[family] == "histogram" && name[family.Length..] is "_bucket" or "_sum" or "_count"), $"not of the family {family}: {line}");
            var labels = sample.Groups["label"].Captures.Select(label => label.Value.Split('=')[0]).ToList();
            Assert.Equal(labels.Count, labels.Distinct().Count());
            Assert.True(_samples.TryAdd(line[..line.LastIndexOf(' ')], value), $"sample twice: {line}");
        }

        foreach (var (histogram, _) in _types.Where(type => type.Value == "histogram"))
        {
            var buckets = _samples.Where(sample => sample.Key.StartsWith(histogram + "_bucket{", StringComparison.Ordinal)).Select(sample => sample.Value).ToList();
            Assert.Equal(buckets.Order(), buckets);
            Assert.Equal(buckets[^1], _samples[histogram + "_count"]);
            Assert.Equal(buckets[^1], _samples[histogram + "_bucket{le=\"+Inf\"}"]);
        }
    }

    /// <summary>The value of a sample, by its name with labels as they stand.</summary>
    public double this[string sample] => _samples.TryGetValue(sample, out var value) ? value : throw new KeyNotFoundException($"{sample} is not among {string.Join(", ", _samples.Keys)}");

    /// <summary>True where the sample is there.</summary>
    public bool Has(string sample) => _samples.ContainsKey(sample);

    [GeneratedRegex("^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) [^\\n]+$")]
    private static partial Regex Help();

    [GeneratedRegex("^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$")]
    private static partial Regex Type();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<label>[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\\\|\\"|\\n)*")(,(?<label>[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\\\|\\"|\\n)*"))*\})? (?<value>[-+0-9.eE]+|NaN|\+Inf|-Inf)$""")]
    private static partial Regex Sample();
}
