using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Batch;
using OpenSts.Cli.Terminal;
using OpenSts.Metering;
using Spectre.Console;

namespace OpenSts.Cli.Demo;

/// <summary><c>sts demo</c>: the main job, told step by step.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var pan = new Option<string>("--pan")
        {
            Description = "MeterPAN, 18 digits",
            DefaultValueFactory = _ => "600727000000000009",
        };
        var amount =
            new Option<string>("--amount") { Description = "kWh, m3 or minutes", DefaultValueFactory = _ => "25.6" };
        var ea = new Option<string>("--ea") { Description = "EA07 or EA11", DefaultValueFactory = _ => "EA07" };
        var dkga =
            new Option<string>("--dkga") { Description = "DKGA02 or DKGA04", DefaultValueFactory = _ => "DKGA04" };
        var service = new Option<CreditService>("--service")
        {
            Description = "electricity, water, gas or time",
            DefaultValueFactory = _ => CreditService.Electricity,
        };
        var at = new Option<string>("--at")
        {
            Description = "Time of the sale, before the end of base date 1993",
            DefaultValueFactory = _ => "2024-11-20T10:00:00Z",
        };
        return new Command("demo", "Sell to a demonstration meter, step by step")
        {
            pan,
            amount,
            ea,
            dkga,
            service,
            at,
            SiteCommand.Create(),
        }.Does(parsed =>
        {
            var choice = new DemoChoice
            {
                MeterPan = ReadPan(parsed.GetValue(pan)!),
                Amount = ReadAmount(parsed.GetValue(amount)!),
                EncryptionAlgorithm = Algorithms.TryParse(parsed.GetValue(ea), out EncryptionAlgorithm cipher) ? cipher
                    : throw Bad("--ea", parsed.GetValue(ea), "EA07 or EA11"),
                DecoderKeyGenerationAlgorithm =
                    Algorithms.TryParse(parsed.GetValue(dkga), out DecoderKeyGenerationAlgorithm generation)
                    ? generation
                    : throw Bad("--dkga", parsed.GetValue(dkga), "DKGA02 or DKGA04"),
                Service = parsed.GetValue(service),
                At = Rfc3339.TryParse(parsed.GetValue(at), out var time) ? time
                    : throw Bad("--at", parsed.GetValue(at), "a time such as 2024-11-20T10:00:00Z"),
            };
            var bits = choice.DecoderKeyGenerationAlgorithm == DecoderKeyGenerationAlgorithm.Dkga04 ? 160 : 64;
            if (Keys(bits, choice) is { } refusal)
                throw new CliException(refusal);
            var steps = DemoStory.Tell(choice);
            if (parsed.WantsJson())
                Console.Out.WriteLine(new JsonArray([.. steps.Select(Json)]).ToJsonString(JsonText.Readable));
            else
                Print(steps);
            return steps.All(s => s.IsAsExpected) ? ExitCode.Good : ExitCode.Negative;
        }).WithExamples(
            ("Follow a purchase from the key to the meter", "sts demo"),
            ("The same for a water meter with MISTY1", "sts demo --ea EA11 --service Water"));
    }

    private static string? Keys(int bits, DemoChoice choice) =>
        OpenSts.Keys.DecoderKeyGeneration.Check(bits, choice.EncryptionAlgorithm,
            choice.DecoderKeyGenerationAlgorithm) switch
        {
            OpenSts.Keys.DecoderKeyFault.None => null,
            OpenSts.Keys.DecoderKeyFault.EncryptionAlgorithm => choice.EncryptionAlgorithm.Refusal(),
            OpenSts.Keys.DecoderKeyFault.DecoderKeyGenerationAlgorithm =>
                choice.DecoderKeyGenerationAlgorithm.Refusal(),
            _ => "EA11 goes only with DKGA04",
        };

    private static MeterPan ReadPan(string text) => MeterPan.TryParse(text, out var pan, out var fault)
        ? pan
        : throw new CliException(
            $"--pan: '{Excerpt.Of(text)}' {fault.Describe()}; expected {MeterPan.Form}");

    private static string ReadAmount(string text) =>
        TransferAmount.TryParseTenths(text, out _) ? text : throw Bad("--amount", text, "a decimal, 0 to 1820162.4");

    private static CliException Bad(string option, string? held, string permitted) =>
        new($"{option}: '{Excerpt.Of(held)}' is not {permitted}");

    private static void Print(IReadOnlyList<DemoStep> steps)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            Commands.Out.MarkupLine(
                $"[bold]{i + 1,2}  {Markup.Escape(step.Title)}[/]{(step.Token is null ? "" : $"  [deepskyblue1]{step.Token}[/]")}");
            var colour = step.Answer is null ? "default" : !step.IsAsExpected ? "bold red" : step.Answer
                is TokenResult.UsedError or TokenResult.CrcError ? "yellow" : "green";
            Commands.Out.MarkupLine($"    [{colour}]{Markup.Escape(step.Told)}[/]");
        }
    }

    private static JsonObject Json(DemoStep step) => new()
    {
        ["step"] = step.Title,
        ["told"] = step.Told,
        ["token"] = step.Token,
        ["answer"] = step.Answer?.StandardName(),
        ["credit"] = step.Credit,
    };
}
