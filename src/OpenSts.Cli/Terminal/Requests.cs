using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using OpenSts.Batch;
using OpenSts.Batch.Tokens;
using OpenSts.Keys;

namespace OpenSts.Cli.Terminal;

/// <summary>Answers one request of the JSON Lines contract: the commands for people go through the same door as bulk work.</summary>
internal static class Requests
{
    /// <summary>The answer; a refusal is an answer with a member <c>error</c>.</summary>
    public static JsonObject Answer(JsonObject request, bool showKeyBits = false)
    {
        using var processor = new TokenRequestProcessor(TimeProvider.System, showKeyBits);
        var output = new ArrayBufferWriter<byte>();
        _ = processor.Answer(Encoding.UTF8.GetBytes(request.ToJsonString()), output);
        var answer = JsonNode.Parse(output.WrittenSpan)!.AsObject();
        answer.Remove("id");
        return answer;
    }

    /// <summary>The key of a request and, where they are complete, its attributes; null and the error otherwise.</summary>
    public static DecoderKey? ReadKey(JsonObject request, out DecoderKeyAttributes? attributes, out BatchError? error) =>
        KeyRequest.Read(Encoding.UTF8.GetBytes(request.ToJsonString()), out attributes, out error);

    /// <summary>Prints a refusal; true when the answer is one.</summary>
    public static bool PrintError(JsonObject answer)
    {
        if (answer["error"] is not JsonObject error)
            return false;
        Console.Error.WriteLine($"sts: {error["code"]}: {error["message"]}");
        return true;
    }

    /// <summary>Answers a request and prints the result: JSON as it is, or by the printer given.</summary>
    public static int Run(JsonObject request, bool json, Action<JsonObject> print, bool showKeyBits = false)
    {
        var answer = Answer(request, showKeyBits);
        if (json)
        {
            Console.Out.WriteLine(answer.ToJsonString(JsonText.Readable));
            return answer.ContainsKey("error") ? ExitCode.Negative : ExitCode.Good;
        }

        if (PrintError(answer))
            return ExitCode.Negative;
        print(answer);
        return ExitCode.Good;
    }
}
