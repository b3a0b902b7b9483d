using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OpenSts.Batch;
using OpenSts.Batch.Meters;
using OpenSts.Cli.Terminal;
using OpenSts.Meter;
using OpenSts.Metering;

namespace OpenSts.Cli.Meters;

/// <summary><c>sts meter enter</c>: tokens into a meter in a file; the effect of each is durable before it is
/// answered.</summary>
internal static class MeterEnterCommand
{
    private const string Time = "HH:mm:ss";

    public static Command Create()
    {
        var file = new MeterFileArguments();
        var tokens = new Argument<string[]>("token")
        {
            Description = "20 digits, in groups or not; '-' reads one token a line from standard "
                + "input",
            Arity = ArgumentArity.OneOrMore,
        };
        var carrier = new Option<string>("--carrier")
        {
            Description = CarrierNames.Permitted,
            DefaultValueFactory = _ => "keypad"
        };
        var command = new Command("enter", "Enter tokens");
        file.AddTo(command);
        command.Arguments.Add(tokens);
        command.Options.Add(carrier);
        return command.Does(parsed =>
        {
            if (!CarrierNames.TryParse(parsed.GetValue(carrier), out var entered))
                throw new CliException(
                    $"--carrier: '{Excerpt.Of(parsed.GetValue(carrier))}' is not a token carrier; use "
                        + $"{CarrierNames.Permitted}");
            using var opened = file.Open(parsed);
            var areTaken = true;
            foreach (var token in Tokens(parsed.GetValue(tokens)!))
            {
                var answer = opened.Meter.Enter(token, entered);
                Print(answer, opened.Meter, parsed.WantsJson());
                areTaken &= answer.Result.IsTaken();
            }

            return areTaken ? ExitCode.Good : ExitCode.Negative;
        }).WithExamples(
            (
                "Enter a published token into the demonstration meter",
                "sts meter enter my.meter 7063 0503 4700 2872 6114"),
            ("Enter the tokens of a key change set, one a line", "sts meter enter my.meter - < set.txt"));
    }

    /// <summary>Writes a meter's answer, for a person or as JSON.</summary>
    public static void Print(MeterAnswer answer, PaymentMeter meter, bool json)
    {
        if (json)
        {
            var output = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(output))
            {
                writer.WriteStartObject();
                MeterJson.WriteAnswer(writer, answer, meter, DateTimeOffset.UtcNow);
                writer.WriteEndObject();
            }

            Console.Out.WriteLine(Encoding.UTF8.GetString(output.WrittenSpan));
            return;
        }

        var record = meter.Record;
        Console.Out.WriteLine($"{answer.Result.StandardName()}  credit {Credit(record)}");
        foreach (var item in answer.Display)
            Console.Out.WriteLine($"  {item.Name,-28}{item}");
        if (!record.PendingKeyChange.IsEmpty && answer.Result != TokenResult.Accept && answer.Result.IsTaken())
            Console.Out.WriteLine($"  the key changes when every token of the set is entered{Until(record)}");
    }

    /// <summary>The credit to the last millionth; money where the meter counts currency only.</summary>
    public static string Credit(MeterRecord record) => record.Settings.CountsUnits
        ? $"{ExactDecimal.Format(Consumption.UnitsLeft(record), 6)} {Display.Unit(record.Settings.Service)}"
        : $"{ExactDecimal.Format(record.State.CreditSteps, CurrencyAmount.Decimals)} base units of currency";

    private static string Until(MeterRecord record)
    {
        if (record.Settings.KeyChangeTimeout == TimeSpan.Zero)
            return "";
        var end = record.PendingKeyChange[0].At + record.Settings.KeyChangeTimeout;
        return $", before {end.ToLocalTime().ToString(Time, CultureInfo.InvariantCulture)}";
    }

    private static IEnumerable<string> Tokens(string[] given)
    {
        if (given is not ["-"])
        {
            // Groups of four that the shell separated are one token.
            yield return string.Join(' ', given);
            yield break;
        }

        while (Console.In.ReadLine() is { } line)
        {
            if (line.Length > 0)
                yield return line;
        }
    }
}
