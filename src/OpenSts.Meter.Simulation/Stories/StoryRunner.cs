using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using OpenSts.Batch.Meters;

namespace OpenSts.Meter.Simulation.Stories;

/// <summary>The result of one line of a story.</summary>
/// <param name="Line">The line.</param>
/// <param name="At">When it happened.</param>
/// <param name="Answer">What the meter answered.</param>
/// <param name="Failure">How the answer differs from the expected one; null where it does not.</param>
public sealed record StoryStep(StoryLine Line, DateTimeOffset At, JsonObject Answer, string? Failure);

/// <summary>Runs a story against a meter, line by line, through the JSON Lines contract of <c>sts meter
/// batch</c>.</summary>
public static class StoryRunner
{
    /// <summary>Runs every line; a failure does not end the run.</summary>
    /// <exception cref="StoryException">The meter cannot be made, or a token is not what the story says.</exception>
    public static IReadOnlyList<StoryStep> Run(Story story)
    {
        var tokens = StoryTokens.Resolve(story);
        using var meter = new MeterRequestProcessor();
        var made = Ask(meter, story.Create);
        if (made["error"] is { } error)
            throw new StoryException(story.Path, 1, $"the meter cannot be made: {error["code"]}: {error["message"]}");
        var steps = new List<StoryStep>();
        var at = story.Start;
        foreach (var line in story.Lines)
        {
            at = line.At ?? at + line.Wait!.Value;
            var answer = Ask(meter, Request(line, at, tokens));
            steps.Add(new StoryStep(line, at, answer, Compare(line, answer)));
        }

        return steps;
    }

    private static JsonObject Request(StoryLine line, DateTimeOffset at, IReadOnlyDictionary<string, string> tokens)
    {
        var request = new JsonObject
        {
            ["op"] = line.Action,
            ["at"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'")
        };
        switch (line.Action)
        {
            case "enter":
                request["token"] = tokens[line.Argument];
                break;
            case "consume":
                request["amount"] = line.Argument;
                break;
            case "power":
                request["state"] = line.Argument;
                break;
        }

        return request;
    }

    private static string? Compare(StoryLine line, JsonObject answer)
    {
        if (answer["error"] is { } error)
            return $"{error["code"]}: {error["message"]}";
        if (line.Result.Length > 0 && answer["result"]?.ToString() != line.Result)
            return $"result is {answer["result"]}, expected {line.Result}";
        foreach (var (path, wanted) in line.Members)
        {
            JsonNode? found = answer;
            foreach (var part in path.Split('.'))
                found = found is JsonArray items
                    ? items.FirstOrDefault(i => i!["name"]!.ToString() == part)?["value"]
                    : (found as JsonObject)?[part];
            var text = found?.ToString() ?? "null";
            if (!string.Equals(text, wanted, StringComparison.OrdinalIgnoreCase))
                return $"{path} is {text}, expected {wanted}";
        }

        return null;
    }

    private static JsonObject Ask(MeterRequestProcessor meter, JsonObject request)
    {
        var output = new ArrayBufferWriter<byte>();
        _ = meter.Answer(Encoding.UTF8.GetBytes(request.ToJsonString()), output);
        return JsonNode.Parse(output.WrittenSpan)!.AsObject();
    }
}
