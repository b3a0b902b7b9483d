using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using OpenSts.Batch;
using OpenSts.Batch.Meters;
using OpenSts.Cli.Terminal;
using OpenSts.Meter;
using OpenSts.Meter.Storage;

namespace OpenSts.Cli.Meters;

/// <summary><c>sts meter create</c>: makes a meter in a file.</summary>
internal static class MeterCreateCommand
{
    private const int MicroDecimals = 6;
    private const long LargestSaveAfter = 1_000_000_000_000;

    public static Command Create()
    {
        var file = new MeterFileArguments();
        var key = new KeyOptions();
        var properties = new MeterPropertyOptions();
        var command = new Command("create", "Make a meter in a file; without a key option the demonstration meter");
        file.AddTo(command);
        properties.AddTo(command);
        key.AddTo(command);
        return command.Does(parsed =>
        {
            var request = new JsonObject { ["op"] = "create" };
            key.Write(parsed, request);
            var isDemonstration = !key.HasKey(parsed);
            if (isDemonstration)
                WriteDemonstration(request);
            properties.Write(parsed, request, isDemonstration);
            var names = properties.AddNames(key.AddNames(new OptionNames(), parsed));
            if (NewMeter.Read(Encoding.UTF8.GetBytes(request.ToJsonString()), out var error) is not { } record)
                throw new CliException($"{error!.Code}: {names.Translate(error.Message)}", error.Code);
            record = record.With(new MeterEvent(DateTimeOffset.UtcNow, MeterEventKind.Manufactured, "")) with
            {
                SaveAfterMicro = SaveAfter(parsed, properties)
            };
            using var fileKey = file.ReadKey(parsed);
            MeterFile.Create(file.Path(parsed), record, fileKey).Dispose();
            Console.Out.WriteLine($"made {file.Path(parsed)}");
            return ExitCode.Good;
        }).WithExamples(
            ("Make the demonstration meter", "sts meter create my.meter"),
            (
                "Make a water meter for a DRN under a vending key",
                "sts meter create water.meter --commodity water --pan 600727000000000017 --sgc 201457 "
                    + "--vending-key-file vending.key"),
            (
                "Make a meter that counts money only, 2.50 a kWh",
                "sts meter create money.meter --credit-registers currency --price 2.5"),
            (
                "Make a meter whose decoder key is sealed in its file",
                "sts meter create my.meter --key-file meters.key"));
    }

    private static long SaveAfter(ParseResult parsed, MeterPropertyOptions properties)
    {
        if (parsed.GetValue(properties.SaveAfter) is not { } text)
            return Consumption.MicroInUnit;
        return ExactDecimal.TryReadRoundedUp(text, MicroDecimals, out var micro) && micro >= 1
            && micro <= LargestSaveAfter
            ? (long)micro
            : throw new CliException(
                $"{properties.SaveAfter.Name}: '{Excerpt.Of(text)}' is not an amount; use 0.000001 to 1000000 kWh, "
                    + "m3 or minutes");
    }

    // The meter and key of the public test suite 531-1-07, which every other example uses too.
    private static void WriteDemonstration(JsonObject request)
    {
        var meter = request["meter"]!.AsObject();
        meter["pan"] ??= "600727000000000009";
        meter["supplyGroupCode"] ??= "201457";
        request["vendingKey"] = "abababababababab949494949494949401234567";
        Console.Error.WriteLine(
            "sts meter create: no key was given; the meter has a key of the public test suite and is worth nothing");
    }
}
