using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using OpenSts.Batch;
using OpenSts.Batch.Tokens;
using OpenSts.Keys;

namespace OpenSts.Cli.Terminal;

/// <summary>
/// Answers one request of the JSON Lines contract: a command for people does what the same line of <c>sts batch</c>
/// does.
/// </summary>
internal static class Requests
{
    /// <summary>The answer; a refusal is an answer with a member <c>error</c>.</summary>
    public static JsonObject Answer(JsonObject request, bool showKeyBits = false)
    {
        using var processor = new TokenRequestProcessor(new TokenRequestOptions { ShowKeyBits = showKeyBits });
        var output = new ArrayBufferWriter<byte>();
        _ = processor.Answer(Encoding.UTF8.GetBytes(request.ToJsonString()), output);
        var answer = JsonNode.Parse(output.WrittenSpan)!.AsObject();
        answer.Remove("id");
        return answer;
    }

    /// <summary>
    /// The key of a request and, where they are complete, its attributes; null and the error otherwise.
    /// </summary>
    public static DecoderKey? ReadKey(JsonObject request, out DecoderKeyAttributes? attributes,
        out BatchError? error) =>
        KeyRequest.Read(Encoding.UTF8.GetBytes(request.ToJsonString()), out attributes, out error);

    /// <summary>Answers a request and writes the result: JSON as it is, or text by the function given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="request">The request.</param>
    /// <param name="names">The options of the request's fields, for errors.</param>
    /// <param name="write">Writes a good answer for a person.</param>
    /// <param name="complete">Adds members to a good answer before it is written.</param>
    /// <param name="showKeyBits">Whether the answer may hold the key bits of key change tokens.</param>
    /// <returns>The exit status.</returns>
    public static int Run(
        ParseResult parsed, JsonObject request, OptionNames names,
            Action<JsonObject> write, Action<JsonObject>? complete = null, bool showKeyBits = false)
    {
        var answer = Answer(request, showKeyBits);
        if (answer["error"] is JsonObject error)
            return WriteError(parsed,
                new BatchError(error["code"]!.GetValue<string>(), error["message"]!.GetValue<string>()), names);
        complete?.Invoke(answer);
        if (parsed.WantsJson())
            Commands.WriteJson(answer);
        else
            write(answer);
        return ExitCode.Good;
    }

    /// <summary>Writes an error of the contract with the options in place of the fields; the exit status.</summary>
    public static int WriteError(ParseResult parsed, BatchError error, OptionNames names)
    {
        var message = names.Translate(error.Message);
        return Commands.WriteError(parsed, error.Code, parsed.WantsJson() ? message
            : $"{error.Code}: {message}", ExitCode.Of(error.Code));
    }
}
