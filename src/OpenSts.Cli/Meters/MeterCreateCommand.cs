using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;
using OpenSts.Meter;
using OpenSts.Meter.Storage;

namespace OpenSts.Cli.Meters;

/// <summary><c>sts meter create</c>: makes a meter in a file.</summary>
internal static class MeterCreateCommand
{
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
            var record = MeterPropertyOptions.Read(request, names).With(
                new MeterEvent(DateTimeOffset.UtcNow, MeterEventKind.Manufactured, ""));
            record = record with { SaveAfterMicro = properties.ReadSaveAfter(parsed) };
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
