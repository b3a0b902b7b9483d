using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using OpenSts.Batch;
using OpenSts.Batch.Meters;
using OpenSts.Cli.Terminal;
using OpenSts.Meter;
using OpenSts.Metering;

namespace OpenSts.Cli.Meters;

/// <summary><c>sts meter enter</c>: tokens into a meter in a file; what is accepted is durable before it is answered.</summary>
internal static class MeterEnterCommand
{
    public static Command Create()
    {
        var file = MeterFiles.Argument();
        var tokens = new Argument<string[]>("token") { Description = "20 digits; groups may be apart; '-' reads one token a line from standard input", Arity = ArgumentArity.OneOrMore };
        var carrier = new Option<string>("--carrier") { Description = CarrierNames.Permitted, DefaultValueFactory = _ => "keypad" };
        return new Command("enter", "Enter tokens") { file, tokens, carrier }.Does(parsed =>
        {
            if (!CarrierNames.TryParse(parsed.GetValue(carrier), out var way))
                throw new CliException($"--carrier held '{Excerpt.Of(parsed.GetValue(carrier))}'; permitted is {CarrierNames.Permitted}");
            var (kept, meter) = MeterFiles.Open(parsed.GetValue(file)!, TimeProvider.System);
            using (kept)
            {
                var good = true;
                foreach (var token in Tokens(parsed.GetValue(tokens)!))
                {
                    var answer = meter.Enter(token, way);
                    Print(answer, meter, parsed.WantsJson());
                    good &= answer.Result.IsTaken();
                }

                return good ? ExitCode.Good : ExitCode.Negative;
            }
        });
    }

    private static IEnumerable<string> Tokens(string[] given)
    {
        if (given is not ["-"])
        {
            // Groups of four that the shell took apart are one token again.
            yield return string.Join(' ', given);
            yield break;
        }

        while (Console.In.ReadLine() is { } line)
        {
            if (line.Length > 0)
                yield return line;
        }
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
        }
        else
        {
            var record = meter.Record;
            Console.Out.WriteLine($"{answer.Result.StandardName()}  credit {ExactDecimal.Format(Consumption.UnitsLeft(record), 6)} {Display.Unit(record.Settings.Service)}");
            foreach (var item in answer.Display)
                Console.Out.WriteLine($"  {item.Name,-28}{item}");
        }
    }
}
