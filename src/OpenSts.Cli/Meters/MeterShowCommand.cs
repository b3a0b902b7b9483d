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

/// <summary><c>sts meter show</c>: what a meter knows, never its key.</summary>
internal static class MeterShowCommand
{
    public static Command Create()
    {
        var file = new MeterFileArguments();
        var log = new Option<bool>("--log") { Description = "Show the event log too" };
        var command = new Command("show", "Show a meter's registers");
        file.AddTo(command);
        command.Options.Add(log);
        return command.Does(parsed =>
        {
            using var opened = file.Open(parsed);
            if (parsed.WantsJson())
                Console.Out.WriteLine(Json(opened.Meter));
            else
                Print(opened.Meter.Record, parsed.GetValue(log));
            return ExitCode.Good;
        }).WithExamples(
            ("Show registers and event log", "sts meter show my.meter --log"),
            ("Show the credit alone", "sts meter show my.meter --json | jq .credit"));
    }

    private static string Json(PaymentMeter meter)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            MeterJson.WriteRegisters(json, meter, DateTimeOffset.UtcNow);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void Print(MeterRecord record, bool withLog)
    {
        var (settings, state) = (record.Settings, record.State);
        var block = Supply.Block(record);
        List<(string, string)> rows =
        [
            (
                "meter",
                settings.MeterPan == default
                    ? "(no MeterPAN)"
                    : $"{settings.MeterPan.ToGroupedString()}   {settings.EncryptionAlgorithm.Name()}, "
                        + $"{settings.Service}"),
            ("credit", MeterEnterCommand.Credit(record)),
        ];
        if (settings.CountsUnits && (state.CreditSteps != 0 || record.StepsPerUnit != 0))
            rows.Add(("currency credit", ExactDecimal.Format(state.CreditSteps, CurrencyAmount.Decimals)));
        if (record.StepsPerUnit != 0)
            rows.Add(
                (
                    "price",
                    $"{ExactDecimal.Format(record.StepsPerUnit, CurrencyAmount.Decimals)} for 1 "
                        + $"{Display.Unit(settings.Service)}"));
        rows.AddRange(
        [
            ("consumed", $"{ExactDecimal.Format(record.CumulativeMicro, 6)} {Display.Unit(settings.Service)}"),
            ("load switch", block == SupplyBlock.None ? "closed" : $"open: {block}"),
            ("key", $"{state.KeyType.Abbreviation()}, KRN {state.KeyRevisionNumber}, KEN {state.KeyExpiryNumber}, "
                + $"SGC {state.SupplyGroupCode}, TI {state.TariffIndex}, base date {record.BaseDate}"),
            ("power limit", state.MaximumPowerLimit is { } limit ? $"{limit} W" : "none"),
            ("tamper", state.Tamper.ToString()),
            ("wrong tokens", $"{state.Lockout.Failures} in a row"),
            (
                "last token",
                record.LastToken is { } last
                    ? $"{last.Result.StandardName()}, {Rfc3339.Format(last.At)}"
                    : "none"),
            ("power failures", $"{record.PowerFailures}"),
        ]);
        Tables.WritePairs(rows);
        if (!withLog)
            return;
        foreach (var item in record.Events)
            Console.Out.WriteLine($"{Rfc3339.Format(item.At)}  {item.Kind,-14}{item.Detail}");
    }
}
