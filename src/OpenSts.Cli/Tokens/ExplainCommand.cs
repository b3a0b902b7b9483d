using System.CommandLine;
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
        var digits = TokenArgument.Create();
        var keys = new KeyOptions();
        var command = new Command("explain",
            "Show a token bit by bit: as far as it can be read, and what a meter would answer and why") { digits };
        keys.AddTo(command);
        return command.Does(parsed =>
        {
            var text = TokenArgument.Text(parsed, digits);
            if (!Token66.TryParse(text, out var token, out var fault))
                return Requests.WriteError(parsed, new BatchError(BatchError.Format,
                    $"token: '{Excerpt.Of(text)}': {fault.Describe()}"), new OptionNames());
            DecoderKeyAttributes? attributes = null;
            BatchError? error = null;
            IReadOnlyList<Assumption> assumed = keys.HasKey(parsed) ? keys.Assumed(parsed) : [];
            using var key = keys.HasKey(parsed) ? Requests.ReadKey(keys.Request(parsed), out attributes, out error)
                : null;
            if (error is not null)
                return Requests.WriteError(parsed, error, keys.AddNames(new OptionNames(), parsed));
            var explanation = TokenExplainer.Explain(token, key, attributes);
            if (parsed.WantsJson())
            {
                var json = ExplanationJson.Write(explanation);
                Assumptions.AddTo(json, assumed);
                Commands.WriteJson(json);
            }
            else
            {
                ExplanationPrinter.Print(explanation);
                Assumptions.WriteTo(Console.Out, assumed);
            }

            return explanation.Depth is ExplanationDepth.CheckFailed or ExplanationDepth.Reserved
                || explanation.Answer.EndsWith("Error", StringComparison.Ordinal)
                ? ExitCode.Negative
                : ExitCode.Good;
        }).WithExamples(
            ("See what a token shows without its key", "sts explain 7063 0503 4700 2872 6114"),
            ("See all of it, and what a meter would answer",
                "sts explain 7063 0503 4700 2872 6114 --pan 600727000000000009 --sgc 201457 --vending-key-file "
                    + "vending.key"));
    }
}
