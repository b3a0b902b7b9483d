using System.Globalization;
using System.Text.Json.Nodes;
using OpenSts.Sts6;

namespace OpenSts.Cli.SecurityModule;

/// <summary>
/// A module's answer taken apart for a person: code, and fields with names where the command's fields are known.
/// </summary>
internal sealed record ModuleLine(string Text, string Header, ResponseCode Code,
    IReadOnlyList<(string Name, string Value)> Fields)
{
    private const int CodeAt = 5, FieldsAt = 7, CheckLength = 4;

    private static readonly Dictionary<string, string[]> Names = new(StringComparer.Ordinal)
    {
        ["SM!DI"] = ["module", "firmware"],
        ["SM!QI"] = ["identity", "hardware", "firmware", "firmware hash"],
        ["SM!QD"] = ["clock", "TID window, days"],
        ["SM!GA"] = ["attributes"],
        ["SM!CQ"] = ["tokens made", "tokens left", "last instruction", "stops vending"],
        ["SM!PD"] = ["interface", "version", "family", "certification", "access control", "tokens a second"],
        ["SM!UD"] = ["unique number"],
        ["SM!QL"] = ["next entry"],
        ["SM!VC"] = ["token, hexadecimal", "token"],
        ["SM!VM"] = ["token, hexadecimal", "token"],
        ["SM!VK"] = ["rollover", "tokens in the set", "tokens, hexadecimal", "tokens"],
        ["SM!MK"] = ["rollover", "tokens in the set", "tokens, hexadecimal", "tokens"],
        ["SM!VT"] = ["result", "class", "subclass", "value", "TID"],
    };

    /// <summary>Reads a line with its check.</summary>
    public static ModuleLine Read(string text)
    {
        if (text.Length < FieldsAt + CheckLength)
            throw new SecurityModuleException("The answer is too short.");
        var (header, rest) = (text[..CodeAt], text[FieldsAt..^CheckLength]);
        var code = text.AsSpan(CodeAt, 2) is "EE" ? ResponseCode.ExtendedError
            : int.TryParse(text.AsSpan(CodeAt, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? (ResponseCode)number
            : throw new SecurityModuleException("The answer has no code.");
        var names = Names.GetValueOrDefault(header, []);
        var parts = rest.EndsWith('~') ? rest[..^1].Split('~') : rest.Length == 0 ? [] : [rest];
        return new ModuleLine(text, header, code,
            [.. parts.Select(
            (part, i) => (i < names.Length ? names[i] : $"field {i + 1}", Shown(rest, part, header, i)))]);
    }

    public JsonObject ToJson() => new()
    {
        ["line"] = Text,
        ["code"] = Text.Substring(CodeAt, 2),
        ["name"] = Code.ToString(),
        ["meaning"] = Code.Describe(),
        ["fields"] = new JsonArray(
            [.. Fields.Select(field => (JsonNode)new JsonObject { ["name"] = field.Name, ["value"] = field.Value })]),
    };

    public void Print(TextWriter output)
    {
        output.WriteLine(Text);
        output.WriteLine($"{Text.AsSpan(CodeAt, 2)} {Code}: {Code.Describe()}");
        foreach (var (name, value) in Fields)
            output.WriteLine($"  {name}: {value}");
    }

    // A field without its type letter; tokens apart, and a result with its meaning.
    private static string Shown(string rest, string part, string header, int i)
    {
        if (!rest.EndsWith('~') || part.Length == 0)
            return part;
        var value = part[1..];
        if (header is "SM!VK" or "SM!MK" && i is 2 or 3)
        {
            var width = i == 2 ? 17 : Token66.Digits;
            return string.Join(' ', value.Chunk(width).Select(token => new string(token)));
        }

        if (header == "SM!VT" && i == 0
            && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var result))
            return $"{value} ({(result == 0 ? "valid" : ((ResponseCode)result).Describe())})";
        return value;
    }
}
