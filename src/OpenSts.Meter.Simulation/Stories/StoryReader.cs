using System.Globalization;
using System.Text.Json.Nodes;
using OpenSts.Batch;

namespace OpenSts.Meter.Simulation.Stories;

/// <summary>A story that cannot be read; the message names the file, the line and what is wrong.</summary>
public sealed class StoryException(string path, int line, string message) : Exception(
    $"{System.IO.Path.GetFileName(path)}, line {line}: {message}");

/// <summary>Reads the text of a story.</summary>
public sealed class StoryReader
{
    private static readonly string[] Actions = ["enter", "consume", "power", "tamper", "read"];

    private readonly string _path;
    private readonly JsonObject _create = new() { ["op"] = "create", ["meter"] = new JsonObject() };
    private readonly Dictionary<string, StoryKeyChange> _changes = new(StringComparer.Ordinal);
    private readonly List<StoryToken> _tokens = [];
    private readonly List<StoryLine> _lines = [];
    private string? _title;
    private int _number;

    private StoryReader(string path) => _path = path;

    /// <summary>Reads a story.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="text">Its lines.</param>
    /// <exception cref="StoryException">A line cannot be read.</exception>
    public static Story Read(string path, IEnumerable<string> text)
    {
        var reader = new StoryReader(path);
        foreach (var line in text)
        {
            reader._number++;
            reader.Take(line.TrimEnd());
        }

        return reader.Finish();
    }

    private Story Finish()
    {
        var at = _create["at"]?.GetValue<string>() ?? throw Bad("there is no line 'start'");
        return new Story
        {
            Path = _path,
            Title = _title ?? throw Bad("there is no title; the first line is '# ' and what the story is about"),
            Create = _create,
            KeyChanges = _changes,
            Tokens = _tokens,
            Lines = _lines.Count > 0
                ? _lines
                : throw Bad("nothing happens; add a line with a time, an action and a result"),
            Start = Rfc3339.TryParse(at, out var start)
                ? start
                : throw Bad($"start: '{at}' is not a time; use, for example, 2026-01-01T00:00:00Z"),
        };
    }

    private void Take(string line)
    {
        if (line.StartsWith('#'))
        {
            _title ??= line.TrimStart('#').Trim();
            return;
        }

        // A remark stands behind a semicolon.
        var words = line.Split(';')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            return;
        switch (words[0])
        {
            case "meter":
                Put(_create["meter"]!.AsObject(), words.AsSpan(1));
                break;
            case "vendingKey" or "decoderKey" or "start" when words.Length == 2:
                _create[words[0] == "start" ? "at" : words[0]] = words[1];
                break;
            case "option":
                Put(_create, words.AsSpan(1));
                break;
            case "change" when words.Length >= 2:
                TakeChange(words);
                break;
            case "token" when words.Length >= 3:
                TakeToken(words);
                break;
            default:
                TakeLine(words);
                break;
        }
    }

    private void TakeChange(string[] words)
    {
        var fields = new JsonObject();
        Put(fields, words.AsSpan(2));
        var under = fields["under"]?.ToString();
        var count = fields["tokens"] is { } tokens ? Whole("tokens", tokens) : (int?)null;
        fields.Remove("under");
        fields.Remove("tokens");
        _changes[words[1]] = new StoryKeyChange(words[1], Known(under), fields, count, _number);
    }

    private void TakeToken(string[] words)
    {
        var at = 2;
        string? digits = null;
        if (words[at] == "-")
        {
            at++;
        }
        else
        {
            while (at < words.Length && words[at].All(char.IsAsciiDigit) && (digits?.Length ?? 0) < Token66.Digits)
                digits += words[at++];
            if (digits?.Length != Token66.Digits)
                throw Bad(
                    $"token {words[1]}: {digits?.Length ?? 0} digits; a token has 20, or '-' where it is to be "
                        + "filled in");
        }

        if (at == words.Length)
        {
            _tokens.Add(new StoryToken(words[1], digits, null, null, _number));
            return;
        }

        if (words[at] is not [var tokenClass and >= '0' and <= '3', '/', .. var subclass]
                || !int.TryParse(subclass, NumberStyles.None, null, out var number))
            throw Bad($"'{words[at]}' stands where a class and subclass are expected, such as 0/0");
        var request = new JsonObject { ["class"] = tokenClass - '0', ["subclass"] = number };
        // Of the published test values all that have random bits have 5; tests and currency have none.
        if (tokenClass == '2' || (tokenClass == '0' && number < 4))
            request["random"] = 5;
        Put(request, words.AsSpan(at + 1));
        var under = request["under"]?.ToString();
        request.Remove("under");
        if (request["tid"] is { } tid)
            _ = Whole("tid", tid);
        _tokens.Add(new StoryToken(words[1], digits, request, Known(under), _number));
    }

    private void TakeLine(string[] words)
    {
        TimeSpan? wait = null;
        DateTimeOffset? at = null;
        if (words[0][0] == '+')
            wait = Duration(words[0][1..]);
        else if (Rfc3339.TryParse(words[0], out var time))
            at = time;
        else
            throw Bad(
                $"'{words[0]}' is neither a time nor one of meter, vendingKey, decoderKey, option, start, change, "
                    + "token");
        if (words.Length < 2 || !Actions.Contains(words[1]))
            throw Bad($"the action is one of {string.Join(", ", Actions)}");
        var rest = words[2..].ToList();
        var members = rest.Where(w => w.Contains('=', StringComparison.Ordinal)).Select(
            w => (w.Split('=', 2)[0], w.Split('=', 2)[1])).ToList();
        var plain = rest.Where(w => !w.Contains('=', StringComparison.Ordinal)).ToList();
        var wanted = words[1] == "enter" ? 2 : words[1] is "consume" or "power" ? 1 : 0;
        if (plain.Count != wanted)
        {
            var form = wanted == 2 ? "a token and a result" : wanted == 1 ? "one value" : "none";
            throw Bad($"'{words[1]}' has {plain.Count} values behind it, not {wanted}: {form}");
        }

        if (words[1] == "enter" && _tokens.All(t => t.Name != plain[0]))
            throw Bad($"there is no token '{plain[0]}' above this line");
        _lines.Add(
            new StoryLine(
                wait, at, words[1], plain.Count > 0 ? plain[0] : "", plain.Count > 1 ? plain[1] : "", members,
                _number));
    }

    private int Whole(string name, JsonNode value) =>
        value.AsValue().TryGetValue(out int number)
            && number >= 0 ? number : throw Bad($"{name}: '{value}' is not a whole number");

    private string? Known(string? change) =>
        change is null
            || _changes.ContainsKey(change) ? change : throw Bad($"there is no change '{change}' above this line");

    private void Put(JsonObject target, ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (word.Split('=', 2) is not [var name, var value])
                throw Bad($"'{word}' is not of the form name=value");
            var holder = target;
            var parts = name.Split('.');
            foreach (var part in parts[..^1])
                holder = (holder[part] ??= new JsonObject()).AsObject();
            holder[parts[^1]] = Typed(parts[^1], value);
        }
    }

    // Amounts and codes are text in the contract; the rest is a number or a truth where it looks like one.
    private static JsonNode Typed(string name, string value) => name switch
    {
        "pan" or "supplyGroupCode" or "tariffIndex" or "manufacturerCode" => value,
        "amount" or "largestCredit" or "pricePerUnit" => value,
        _ when value is "true" or "false" => value == "true",
        _ when long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
            number is >= int.MinValue and <= int.MaxValue ? (int)number : (JsonNode)number,
        _ => value,
    };

    private TimeSpan Duration(string text)
    {
        var unit = text.Length > 0 ? text[^1] : ' ';
        var perUnit = unit switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 };
        var number = perUnit == 0 ? text : text[..^1];
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
                || value > 1_000_000 || (perUnit == 0 && value != 0))
            throw Bad($"'+{text}' is not a time; use +0, or +N with s, m, h or d, such as +2.5s");
        return TimeSpan.FromTicks((long)(value * perUnit * TimeSpan.TicksPerSecond));
    }

    private StoryException Bad(string message) => new(_path, _number, message);
}
