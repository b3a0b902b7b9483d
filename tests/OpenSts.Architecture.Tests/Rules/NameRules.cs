using System.Text.RegularExpressions;
using OpenSts.Architecture.Tests.Repository;

namespace OpenSts.Architecture.Tests.Rules;

/// <summary>Names that STYLE.md does not allow, found word by word in the names of types.</summary>
public static partial class NameRules
{
    /// <summary>Words that say nothing.</summary>
    private static readonly string[] Empty =
        ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Data", "Info", "Impl"];

    /// <summary>Metaphors of our own, where the reader would search for the plain word.</summary>
    private static readonly string[] Metaphors =
    [
        "Desk", "Picture", "Pictures", "Gathering", "Gate", "Gates", "Face", "Faces", "Sight", "Patience", "Draft",
        "Drafts", "Wall", "Walls", "Door", "Doors", "Room", "Rooms", "Word", "Words", "Portrait", "Sitting", "Witness",
    ];

    /// <summary>Names that hold such a word for a reason: the standard's own terms.</summary>
    private static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        ["CreditService"] =
            "what a credit is for (electricity, water, gas, time), as the field of the batch contract is called",
        ["DataAccessResult"] = "Data-Access-Result of IEC 62056-5-3",
        ["DataNotification"] = "the service of IEC 62056-5-3",
        ["KeyInfo"] = "key-info of IEC 62056-5-3",
    };

    /// <summary>Types whose name holds a banned word; <c>Service</c> is free for hosted services alone.</summary>
    public static IEnumerable<Violation> BannedTypeNames(SourceFile file) =>
        from type in Declaration().Matches(file.Text)
        let name = type.Groups["name"].Value
        where !Reasons.ContainsKey(name)
        let words = Words().Matches(name).Select(word => word.Value).ToArray()
        let banned = words.FirstOrDefault(word => Empty.Contains(word) || Metaphors.Contains(word))
            ?? (words is [.., "Service"] && !type.Groups["bases"].Value.Contains("Service", StringComparison.Ordinal)
                ? "Service" : null)
        where banned is not null
        select new Violation(file.Project, $"{file.Path} declares {name}: '{banned}' is banned");

    /// <summary>Namespaces that are not the path of their folder.</summary>
    public static IEnumerable<Violation> MisplacedNamespaces(SourceFile file)
    {
        var found = Namespace().Match(file.Text);
        if (!found.Success)
            yield break;
        var folder = string.Join('.', file.Path.Split('/').Skip(1).SkipLast(1));
        if (found.Groups[1].Value != folder)
            yield return new Violation(file.Project,
                $"{file.Path} is in namespace {found.Groups[1].Value}; its folder is {folder}");
    }

    /// <summary>
    /// Test methods that are not named Member_Case_Outcome (two words at least: member and outcome).
    /// </summary>
    public static IEnumerable<Violation> TestNames(SourceFile file) =>
        from test in Test().Matches(file.Text)
        let name = test.Groups["name"].Value
        where !name.Contains('_', StringComparison.Ordinal)
        select new Violation(file.Project, $"{file.Path}: {name} is not Member_Case_Outcome");

    private const string Modifiers =
        @"(?:(?:public|internal|private|protected|file|static|sealed|abstract|partial|readonly|ref|unsafe|new)\s+)*";

    private const string Kinds = @"(?:class|struct|interface|enum|record(?:\s+(?:struct|class))?)\s+";

    [GeneratedRegex(
        @"^[ \t]*" + Modifiers + Kinds + @"(?<name>[A-Z]\w*)(?:<[^>]*>)?(?:\([^{;]*?\))?(?<bases>\s*:[^{;]*)?",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex("[A-Z][a-z0-9]*")]
    private static partial Regex Words();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\[(?:Fact|Theory)\b(?:(?!public)[\s\S])*?public (?:static )?(?:async )?[\w<>]+ (?<name>\w+)\(")]
    private static partial Regex Test();
}
