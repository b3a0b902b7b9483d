using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using OpenSts.Batch.Meters;
using OpenSts.Cli.Terminal;
using OpenSts.Meter;
using OpenSts.Metering;
using Spectre.Console;

namespace OpenSts.Cli.Meters;

/// <summary><c>sts meter show</c>: what a meter knows, never its key.</summary>
internal static class MeterShowCommand
{
    public static Command Create()
    {
        var file = MeterFiles.Argument();
        var log = new Option<bool>("--log") { Description = "Show the event log too" };
        return new Command("show", "Show a meter's registers") { file, log }.Does(parsed =>
        {
            var (kept, meter) = MeterFiles.Open(parsed.GetValue(file)!, TimeProvider.System);
            using (kept)
            {
                if (parsed.WantsJson())
                    Console.Out.WriteLine(Json(meter));
                else
                    Print(meter.Record, parsed.GetValue(log));
            }

            return ExitCode.Good;
        });
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
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("").AddColumn("");
        void Row(string name, string value) => table.AddRow(Markup.Escape(name), Markup.Escape(value));
        Row("meter", settings.MeterPan == default ? "(no MeterPAN)" : $"{settings.MeterPan.ToGroupedString()}   {settings.EncryptionAlgorithm.Name()}, {settings.Service}");
        Row("credit", $"{ExactDecimal.Format(Consumption.UnitsLeft(record), 6)} {Display.Unit(settings.Service)}");
        if (state.CreditSteps != 0 || record.StepsPerUnit != 0)
            Row("currency credit", ExactDecimal.Format(state.CreditSteps, CurrencyAmount.Decimals));
        Row("consumed", $"{ExactDecimal.Format(record.CumulativeMicro, 6)} {Display.Unit(settings.Service)}");
        Row("load switch", Supply.Block(record) == SupplyBlock.None ? "closed" : $"open: {Supply.Block(record)}");
        Row("key", $"{state.KeyType.Abbreviation()}, KRN {state.KeyRevisionNumber}, KEN {state.KeyExpiryNumber}, SGC {state.SupplyGroupCode}, TI {state.TariffIndex}, base date {record.BaseDate}");
        Row("power limit", state.MaximumPowerLimit is { } limit ? $"{limit} W" : "none");
        Row("tamper", state.Tamper.ToString());
        Row("wrong tokens", $"{state.Lockout.Failures} in a row");
        Row("last token", record.LastToken is { } last ? $"{last.Result.StandardName()}, {last.At:yyyy-MM-dd HH:mm:ss}" : "none");
        Row("power failures", $"{record.PowerFailures}");
        Commands.Out.Write(table);
        if (!withLog)
            return;
        foreach (var item in record.Events)
            Console.Out.WriteLine($"{item.At:yyyy-MM-dd HH:mm:ss}  {item.Kind,-14}{item.Detail}");
    }
}
