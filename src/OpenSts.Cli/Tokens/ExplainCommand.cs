using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Batch;
using OpenSts.Cli.Terminal;
using OpenSts.Explaining;
using OpenSts.Keys;

namespace OpenSts.Cli.Tokens;

/// <summary><c>sts explain TOKEN</c>: the token x-ray.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var digits = new Argument<string>("token") { Description = "20 digits; quote them when they are grouped by spaces" };
        var keys = new KeyOptions();
        var command = new Command("explain", "Show a token bit by bit: as far as it can be read, and what a meter would answer and why") { digits };
        keys.AddTo(command);
        return command.Does(parsed =>
        {
            if (!Token66.TryParse(parsed.GetValue(digits), out var token, out var fault))
                return RefuseDigits(parsed, fault);
            using var key = keys.HasKey(parsed) ? Key(parsed, keys, out var attributes) : NoKey(out attributes);
            var explanation = TokenExplainer.Explain(token, key, attributes);
            if (parsed.WantsJson())
                Console.Out.WriteLine(ExplanationJson.Write(explanation).ToJsonString(JsonText.Readable));
            else
                ExplanationPrinter.Print(explanation);
            return explanation.Depth is ExplanationDepth.CheckFailed or ExplanationDepth.Reserved || explanation.Answer.EndsWith("Error", StringComparison.Ordinal)
                ? ExitCode.Negative
                : ExitCode.Good;
        });
    }

    private static int RefuseDigits(ParseResult parsed, TokenDigitsFault fault)
    {
        if (parsed.WantsJson())
            Console.Out.WriteLine(new JsonObject { ["error"] = new JsonObject { ["code"] = BatchError.Format, ["message"] = fault.Describe() } }.ToJsonString(JsonText.Readable));
        else
            Console.Error.WriteLine($"sts explain: {fault.Describe()}");
        return ExitCode.Negative;
    }

    private static DecoderKey? NoKey(out DecoderKeyAttributes? attributes)
    {
        attributes = null;
        return null;
    }

    private static DecoderKey Key(ParseResult parsed, KeyOptions keys, out DecoderKeyAttributes? attributes)
    {
        var request = new JsonObject();
        keys.Write(parsed, request);
        return Requests.ReadKey(request, out attributes, out var fault) ?? throw new CliException($"{fault!.Code}: {fault.Message}");
    }
}
