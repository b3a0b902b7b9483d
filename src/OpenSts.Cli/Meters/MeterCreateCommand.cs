using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using OpenSts.Batch;
using OpenSts.Batch.Meters;
using OpenSts.Cli.Terminal;
using OpenSts.Meter;
using OpenSts.Meter.Storage;

namespace OpenSts.Cli.Meters;

/// <summary><c>sts meter create</c>: makes a meter that lives in a file.</summary>
internal static class MeterCreateCommand
{
    public static Command Create()
    {
        var file = MeterFiles.Argument();
        var key = new KeyOptions();
        var commodity = new Option<string?>("--commodity") { Description = "electricity, water, gas or time" };
        var phases = new Option<int?>("--phases") { Description = "1 or 3" };
        var manufactured = new Option<string?>("--manufactured-at") { Description = "Tokens made before this time are old (default: now)" };
        var memory = new Option<int?>("--token-memory") { Description = "Identifiers remembered, 1 to 200 (default: 50)" };
        var tokens = new Option<int?>("--key-change-tokens") { Description = "Key change tokens supported: 2 or 3, 4 for EA11" };
        var timeout = new Option<int?>("--key-change-timeout") { Description = "Seconds a key change set may take; 0: for ever (default: 600)" };
        var expiry = new Option<bool>("--no-key-expiry-check") { Description = "Take tokens made after the key expired" };
        var scope = new Option<string?>("--lockout-scope") { Description = "AllTokens or MeterSpecificOnly" };
        var price = new Option<string?>("--price") { Description = "Price of a unit, in the currency's base units; uses up currency credit" };
        var command = new Command("create", "Make a meter in a file; without a key option the demonstration meter")
        {
            file, commodity, phases, manufactured, memory, tokens, timeout, expiry, scope, price,
        };
        key.AddTo(command);
        return command.Does(parsed =>
        {
            var request = new JsonObject { ["op"] = "create" };
            key.Write(parsed, request);
            if (!key.HasKey(parsed))
                Demonstration(request);
            void Put(string name, JsonNode? value)
            {
                if (value is not null)
                    request[name] = value;
            }

            Put("commodity", parsed.GetValue(commodity));
            Put("phases", parsed.GetValue(phases));
            Put("manufacturedAt", parsed.GetValue(manufactured) ?? Rfc3339.Format(DateTimeOffset.UtcNow));
            Put("tokenMemorySize", parsed.GetValue(memory));
            Put("keyChangeTokensSupported", parsed.GetValue(tokens));
            Put("keyChangeTimeoutSeconds", parsed.GetValue(timeout));
            Put("keyExpiryCheck", parsed.GetValue(expiry) ? false : null);
            Put("lockoutScope", parsed.GetValue(scope));
            Put("pricePerUnit", parsed.GetValue(price));
            var record = Read(request).With(new MeterEvent(DateTimeOffset.UtcNow, MeterEventKind.Manufactured, ""));
            using var kept = MeterFile.Create(parsed.GetValue(file)!.FullName, record);
            Console.Out.WriteLine($"made {parsed.GetValue(file)!.FullName}");
            return ExitCode.Good;
        });
    }

    private static MeterRecord Read(JsonObject request)
    {
        var record = NewMeter.Read(Encoding.UTF8.GetBytes(request.ToJsonString()), out var error);
        return record ?? throw new CliException($"{error!.Code}: {error.Message}");
    }

    // The meter and key of the public test suite 531-1-07, which every other example uses too.
    private static void Demonstration(JsonObject request)
    {
        var meter = request["meter"]!.AsObject();
        meter["pan"] ??= "600727000000000009";
        meter["supplyGroupCode"] ??= "201457";
        request["vendingKey"] = "abababababababab949494949494949401234567";
        Console.Error.WriteLine("sts meter create: no key was given; the meter has a key of the public test suite and is worth nothing");
    }
}
