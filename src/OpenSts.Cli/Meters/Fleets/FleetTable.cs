using OpenSts.Meter;
using OpenSts.Meter.Simulation.Fleets;
using Spectre.Console;

namespace OpenSts.Cli.Meters.Fleets;

/// <summary>A fleet as a table in the terminal, one row for each meter.</summary>
internal static class FleetTable
{
    private const int BarLength = 20;

    /// <summary>Virtual meters with their customers.</summary>
    public static Table Of(SimulatedCustomer[] customers)
    {
        var table = new Table().Border(TableBorder.Rounded)
            .AddColumn("meter").AddColumn(Right("credit")).AddColumn("").AddColumn(Right("load")).AddColumn("switch")
                .AddColumn("last entry").AddColumn(Right("used"));
        foreach (var customer in customers)
        {
            var record = customer.Meter.Record;
            var block = Supply.Block(record);
            var units = (int)Math.Min(record.State.CreditUnits, BarLength * 10);
            table.AddRow(
                record.Settings.MeterPan.DecoderReferenceNumber.ToString(),
                $"{ExactDecimal.Format(record.State.CreditUnits, 1)} kWh",
                $"[{(units < 20 ? "red" : "green")}]{new string('█', units / 10)}[/]"
                    + new string('░', BarLength - (units / 10)),
                $"{(block == SupplyBlock.None ? record.Load : 0)} W",
                Switch(block),
                Markup.Escape(customer.LastEntry),
                $"{ExactDecimal.Format(record.CumulativeMicro / Consumption.MicroInUnit, 1)} kWh");
        }

        return table;
    }

    /// <summary>The meters of a folder.</summary>
    public static Table Of(StoredFleet fleet, string caption)
    {
        var table = new Table().Border(TableBorder.Rounded).Caption(caption)
            .AddColumn("meter").AddColumn(Right("credit")).AddColumn("switch").AddColumn("last token").AddColumn("key")
                .AddColumn(Right("used"));
        foreach (var meter in fleet.Meters)
        {
            var record = meter.Record;
            var settings = record.Settings;
            var unit = Display.Unit(settings.Service);
            table.AddRow(
                settings.MeterPan.DecoderReferenceNumber.ToString(),
                $"{ExactDecimal.Format(record.State.CreditUnits, 1)} {unit}",
                Switch(Supply.Block(record)),
                Markup.Escape(fleet.LastEntry(settings.MeterPan)),
                $"KRN {record.State.KeyRevisionNumber}",
                $"{ExactDecimal.Format(record.CumulativeMicro / Consumption.MicroInUnit, 1)} {unit}");
        }

        return table;
    }

    private static TableColumn Right(string name) => new TableColumn(name).RightAligned();

    private static string Switch(SupplyBlock block) =>
        block == SupplyBlock.None ? "[green]closed[/]" : $"[red]{block}[/]";
}
