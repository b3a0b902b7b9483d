using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using OpenSts.Batch.Tokens;

namespace OpenSts.Cli.Vectors;

/// <summary>What became of one vector; the failure is null where it passed.</summary>
internal sealed record VectorResult(string Id, string? Failure);

/// <summary>
/// Runs vectors of the form <c>{"id","request","expected"}</c>: each expected member must be in the answer, an
/// expected error must be its code.
/// </summary>
/// <remarks>The format is described in vectors/README.md.</remarks>
internal sealed class VectorRunner : IDisposable
{
    private readonly TokenRequestProcessor _processor = new();

    public IEnumerable<VectorResult> RunFile(string path)
    {
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                yield return RunLine(line, number);
        }
    }

    public void Dispose() => _processor.Dispose();

    private VectorResult RunLine(string line, int number)
    {
        JsonObject vector;
        try
        {
            vector = JsonNode.Parse(line)!.AsObject();
        }
        catch (Exception error) when (error is System.Text.Json.JsonException or InvalidOperationException)
        {
            return new VectorResult($"line {number}", "is not a vector: not a JSON object");
        }

        var id = vector["id"]?.ToString() ?? $"line {number}";
        if (vector["request"] is not JsonObject request || vector["expected"]
            is not JsonObject { Count: > 0 } expected)
            return new VectorResult(id, "is not a vector: it needs the members request and expected");
        var answer = Answer(request);
        foreach (var (name, wanted) in expected)
        {
            var found = name switch
            {
                "error" => answer["error"]?["code"],
                // A token vector may give the decoder key too; it is asked for by an operation of its own.
                "decoderKey" when !answer.ContainsKey(name) => Answer(KeyRequestOf(request))["decoderKey"],
                _ => answer[name],
            };
            if (!JsonNode.DeepEquals(found, wanted))
                return new VectorResult(id,
                    $"{name} is {Shown(found, answer)}, expected {wanted?.ToJsonString() ?? "null"}");
        }

        return expected.ContainsKey("error") || !answer.ContainsKey("error") ? new VectorResult(id, null)
            : new VectorResult(id, $"answered {answer["error"]!.ToJsonString()}");
    }

    private JsonObject Answer(JsonObject request)
    {
        if (request.ContainsKey(ModuleFrames.Member))
            return ModuleFrames.Answer(request);
        if (KeyManagementVectors.Answer(request) is { } answer)
            return answer;
        var output = new ArrayBufferWriter<byte>();
        _ = _processor.Answer(Encoding.UTF8.GetBytes(request.ToJsonString()), output);
        return JsonNode.Parse(output.WrittenSpan)!.AsObject();
    }

    private static JsonObject KeyRequestOf(JsonObject request) => new()
    {
        ["op"] = "decoderKey",
        ["meter"] = request["meter"]?.DeepClone(),
        ["vendingKey"] = request["vendingKey"]?.DeepClone(),
    };

    private static string Shown(JsonNode? found, JsonObject answer) =>
        found?.ToJsonString() ?? $"missing from {answer.ToJsonString()}";
}
