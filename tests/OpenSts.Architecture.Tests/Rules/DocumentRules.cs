using System.Text.RegularExpressions;
using OpenSts.Architecture.Tests.Repository;

namespace OpenSts.Architecture.Tests.Rules;

/// <summary>Rules for the documents: links that lead somewhere, abbreviations that are explained.</summary>
public static partial class DocumentRules
{
    /// <summary>The abbreviations of which a document explains the first use by a link to the glossary.</summary>
    public static readonly string[] Abbreviations =
    [
        "ACSE", "APDU", "CTSA", "DCTK", "DDTK", "DITK", "DKGA02", "DKGA04", "DRN", "DUTK", "EA07", "EA11", "HDLC",
            "HLS", "HSM", "IIN", "IUT",
        "KCV", "KEK", "KEN", "KMC", "KRN", "KT", "MISTY1", "OBIS", "PAN", "MeterPAN", "SGC", "STS05", "STS6", "TCT",
            "TI", "TID", "VUDK",
    ];

    /// <summary>Links of a document to a file or a heading that is not there.</summary>
    public static IEnumerable<Violation> DeadLinks(
        SourceFile document, Func<string, bool> exists, Func<string, SourceFile?> read)
    {
        foreach (var link in Link().Matches(WithoutCode(document.Text)).Select(match => match.Groups["target"].Value))
        {
            if (Scheme().IsMatch(link))
                continue;
            var parts = link.Split('#', 2);
            var path = parts[0].Length == 0 ? document.Path : Resolve(document.Path, parts[0]);
            if (!exists(path))
                yield return new Violation("documents", $"{document.Path} links to {link}, which does not exist");
            else if (parts.Length == 2 && read(path) is { } target && !Anchors(target.Text).Contains(parts[1]))
                yield return new Violation("documents",
                    $"{document.Path} links to {link}; that heading does not exist");
        }
    }

    /// <summary>Abbreviations of which the first use in running text is no link to the glossary.</summary>
    public static IEnumerable<Violation> UnexplainedAbbreviations(SourceFile document) =>
        from abbreviation in Abbreviations
        let use = FirstUse(document.Text, abbreviation)
        where use is { IsLinked: false }
        select new Violation("documents",
            $"{document.Path}: the first use of {abbreviation} is no link to the glossary");

    /// <summary>Where an abbreviation first stands in running text: outside code and headings.</summary>
    public static (int At, bool IsLinked)? FirstUse(string text, string abbreviation)
    {
        var plain = Heading().Replace(WithoutCode(text), match => new string(' ', match.Length));
        var use = Regex.Match(plain, $@"(?<![\w/.#(-]){Regex.Escape(abbreviation)}(?![\w/.-]*[\w/-])");
        if (!use.Success)
            return null;
        var link = Link().Matches(plain)
            .FirstOrDefault(link => link.Index < use.Index && use.Index < link.Index + link.Length);
        return (use.Index, link is not null
            && link.Groups["target"].Value.Contains("glossary.md#", StringComparison.Ordinal));
    }

    /// <summary>
    /// Tests that a document names, as <c>Class.Method</c> with stars or as a method alone, and that are not there.
    /// </summary>
    /// <param name="text">The document.</param>
    /// <param name="tests">The sources of all tests.</param>
    public static IEnumerable<string> MissingTests(string text, string tests) =>
        TestName().Matches(text).Select(match => match.Groups["name"].Value)
            .Where(name => !IsTest(name.Split('.'), tests));

    private static bool IsTest(string[] parts, string tests) => parts is [var type, "*"]
        ? Regex.IsMatch(tests, $@"\bclass {type}\b")
        : Regex.IsMatch(tests, $@"\b{parts[^1].Replace("*", @"\w*", StringComparison.Ordinal)}\(");

    /// <summary>The anchors of a document: its headings as GitHub writes them, and those given by hand.</summary>
    public static HashSet<string> Anchors(string text)
    {
        var anchors = Anchor().Matches(text).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        foreach (var heading in Heading().Matches(WithoutFences(text)).Select(match => match.Groups["title"].Value))
        {
            var title = Link().Replace(heading, match => match.Groups["text"].Value).ToLowerInvariant();
            var slug = string.Concat(title.Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Trim()
                .Replace(' ', '-');
            anchors.Add(slug);
        }

        return anchors;
    }

    /// <summary>The text with blanks in place of code, so that positions stay.</summary>
    public static string WithoutCode(string text) =>
        InlineCode().Replace(WithoutFences(text), match => new string(' ', match.Length));

    private static string WithoutFences(string text) =>
        Fence().Replace(text, match => NotLineFeed().Replace(match.Value, " "));

    private static string Resolve(string from, string link)
    {
        var parts = new List<string>(from.Split('/')[..^1]);
        foreach (var part in Uri.UnescapeDataString(link).Split('/'))
        {
            if (part == ".." && parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
            else if (part is not ("" or "."))
                parts.Add(part);
        }

        return string.Join('/', parts);
    }

    [GeneratedRegex(@"`(?<name>\w+Tests\.[\w*]+|[A-Z][a-z]\w*_[\w*]*)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"!?\[(?<text>[^\]]*)\]\((?<target>[^)\s]+)(?:\s+""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex("^[a-z][a-z0-9+.-]*:")]
    private static partial Regex Scheme();

    [GeneratedRegex(@"^#{1,6} +(?<title>.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^[ \t]*```[\s\S]*?^[ \t]*```[ \t]*$", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("[^\n]")]
    private static partial Regex NotLineFeed();

    [GeneratedRegex("`[^`\n]+`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"<a id=""([^""]+)""")]
    private static partial Regex Anchor();
}
