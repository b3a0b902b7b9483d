using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using OpenSts.Batch;
using OpenSts.Batch.Tokens;

namespace OpenSts.Meter.Simulation.Stories;

/// <summary>Issues the tokens that a story describes, to check the digits in it or to fill them in.</summary>
public static class StoryTokens
{
    /// <summary>The digits of every token by name.</summary>
    /// <exception cref="StoryException">A token cannot be issued, or its digits are not those of what it is said to
    /// be.</exception>
    public static IReadOnlyDictionary<string, string> Resolve(Story story)
    {
        var digits = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var token in story.Tokens)
        {
            var issued = token.Request is not null
                ? Issue(story, token)
                : OfKeyChange(story, token.Name, token.LineNumber);
            if (issued is not null && token.Digits is not null && issued != token.Digits)
                throw new StoryException(
                    story.Path, token.LineNumber,
                    $"token {token.Name}: the digits are {token.Digits}, those of its description {issued}");
            digits[token.Name] = token.Digits ?? issued ?? throw new StoryException(
                story.Path, token.LineNumber, $"token {token.Name} has neither digits nor a description");
        }

        return digits;
    }

    private static string Issue(Story story, StoryToken token)
    {
        var (meter, keyName, key) = Key(story, token.Under);
        var body = token.Request!.DeepClone().AsObject();
        if (body["tid"] is { } tid)
        {
            body.Remove("tid");
            var start = BaseDate.FromYear(meter["baseDate"]!.GetValue<int>()).Start;
            body["issuedAt"] = Rfc3339.Format(start.AddMinutes(tid.GetValue<int>()));
        }

        var request = new JsonObject { ["op"] = "issue", ["meter"] = meter, [keyName] = key, ["token"] = body };
        return Answer(story, token.LineNumber, request)["token"]!.GetValue<string>();
    }

    private static string? OfKeyChange(Story story, string name, int line)
    {
        var parts = name.Split('.');
        if (parts.Length != 2 || !story.KeyChanges.TryGetValue(parts[0], out var change)
                || !int.TryParse(parts[1], out var index))
            return null;
        var (oldMeter, oldKeyName, oldKey) = Key(story, change.Under);
        var (newMeter, newKeyName, newKey) = Key(story, change.Name);
        var request = new JsonObject
        {
            ["op"] = "keyChange",
            ["from"] = new JsonObject { ["meter"] = oldMeter, [oldKeyName] = oldKey },
            ["to"] = new JsonObject { ["meter"] = newMeter, [newKeyName] = newKey },
        };
        if (change.Count is { } count)
            request["tokens"] = count;
        var tokens = Answer(story, line, request)["tokens"]!.AsArray();
        return index >= 1 && index <= tokens.Count
            ? tokens[index - 1]!.GetValue<string>()
            : throw new StoryException(
                story.Path, line, $"the change {change.Name} has {tokens.Count} tokens, not {index}");
    }

    private static (JsonObject Meter, string KeyName, JsonNode Key) Key(Story story, string? change)
    {
        var meter = story.Create["meter"]!.DeepClone().AsObject();
        var keyName = story.Create.ContainsKey("decoderKey") ? "decoderKey" : "vendingKey";
        var key = story.Create[keyName]!.DeepClone();
        var chain = new Stack<StoryKeyChange>();
        for (var name = change; name is not null; name = story.KeyChanges[name].Under)
            chain.Push(story.KeyChanges[name]);
        foreach (var (name, value) in chain.SelectMany(c => c.Fields))
        {
            if (name == "vendingKey")
                key = value!.DeepClone();
            else
                meter[name] = value?.DeepClone();
        }

        return (meter, keyName, key);
    }

    private static JsonObject Answer(Story story, int line, JsonObject request)
    {
        using var processor = new TokenRequestProcessor();
        var output = new ArrayBufferWriter<byte>();
        _ = processor.Answer(Encoding.UTF8.GetBytes(request.ToJsonString()), output);
        var answer = JsonNode.Parse(output.WrittenSpan)!.AsObject();
        return answer["error"] is { } error
            ? throw new StoryException(story.Path, line, $"{error["code"]}: {error["message"]}")
            : answer;
    }
}
