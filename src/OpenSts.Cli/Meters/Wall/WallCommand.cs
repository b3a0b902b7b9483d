using System.CommandLine;
using OpenSts.Cli.Terminal;
using OpenSts.Meter;
using Spectre.Console;

namespace OpenSts.Cli.Meters.Wall;

/// <summary><c>sts meter wall</c>: many meters with customers behind them, live in the terminal; with --load as many as fit, measured.</summary>
internal static class WallCommand
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250);

    public static Command Create()
    {
        var meters = new Option<int>("--meters") { Description = "How many meters, 1 to 200", DefaultValueFactory = _ => 12 };
        var speed = new Option<int>("--speed") { Description = "How much faster than real time, 1 to 86400", DefaultValueFactory = _ => 3600 };
        var seconds = new Option<int>("--seconds") { Description = "How long to run; 0: until stopped", DefaultValueFactory = _ => 0 };
        var seed = new Option<int>("--seed") { Description = "The same seed tells the same story", DefaultValueFactory = _ => 1 };
        var load = new Option<int>("--load") { Description = "Measure: this many meters at once, 1000 to 10000000; what an entry and a meter cost", DefaultValueFactory = _ => 0 };
        var folder = new Option<DirectoryInfo?>("--folder") { Description = "The meters in this folder, which take what a vending server sells" };
        var feed = new Option<string>("--feed") { Description = "The vending server", DefaultValueFactory = _ => "http://127.0.0.1:8080" };
        var key = VendingServerOptions.KeyFile();
        return new Command("wall", "Watch many virtual meters, or measure a million") { meters, speed, seconds, seed, load, folder, feed, key }.Does(parsed =>
        {
            Require("--meters", parsed.GetValue(meters), 1, 200);
            Require("--speed", parsed.GetValue(speed), 1, 86_400);
            Require("--seconds", parsed.GetValue(seconds), 0, 86_400);
            if (parsed.GetValue(folder) is { } site)
                return WatchSite(site.FullName, VendingServerOptions.Address("--feed", parsed.GetValue(feed)!), parsed.GetValue(key), parsed.GetValue(speed));
            if (parsed.GetValue(load) != 0)
            {
                Require("--load", parsed.GetValue(load), 1_000, 10_000_000);
                return WallLoad.Run(parsed.GetValue(load), parsed.GetValue(seed), parsed.WantsJson());
            }

            Watch(parsed.GetValue(meters), parsed.GetValue(speed), parsed.GetValue(seconds), new Random(parsed.GetValue(seed)));
            return ExitCode.Good;
        });
    }

    private static int WatchSite(string folder, Uri server, FileInfo? keyFile, int speed)
    {
        var apiKey = VendingServerOptions.Key(keyFile);
        using var stop = new CancellationTokenSource();
        using var interrupted = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT, Stop);
        using var terminated = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, Stop);
        using var wall = new SiteWall(folder, server, apiKey);
        wall.Run(speed, stop.Token);
        return ExitCode.Good;

        void Stop(System.Runtime.InteropServices.PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static void Require(string option, int held, int minimum, int maximum)
    {
        if (held < minimum || held > maximum)
            throw new CliException($"{option} held {held}; permitted is {minimum} to {maximum}");
    }

    private static void Watch(int count, int speed, int seconds, Random random)
    {
        var start = DateTimeOffset.UtcNow;
        var meters = Enumerable.Range(0, count).Select(i => new WallMeter(1000 + i, start, random, LoadProfile.Household)).ToArray();
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        var end = seconds == 0 ? long.MaxValue : Environment.TickCount64 + (seconds * 1000L);
        void Step()
        {
            foreach (var meter in meters)
                meter.Step(Refresh * speed);
        }

        if (Console.IsOutputRedirected)
        {
            // Nobody watches: the time is simulated at once, and only the end is shown.
            for (var i = 0; i < Math.Max(1, seconds) * 4; i++)
                Step();
            Commands.Out.Write(Table(meters));
            return;
        }

        AnsiConsole.Live(Table(meters)).Start(live =>
        {
            while (!stop.IsCancellationRequested && Environment.TickCount64 < end)
            {
                Step();
                live.UpdateTarget(Table(meters));
                stop.Token.WaitHandle.WaitOne(Refresh);
            }
        });
    }

    private static Table Table(WallMeter[] meters)
    {
        var table = new Table().Border(TableBorder.Rounded)
            .AddColumn("meter").AddColumn(new TableColumn("credit").RightAligned()).AddColumn("").AddColumn(new TableColumn("load").RightAligned())
            .AddColumn("switch").AddColumn("last entry").AddColumn(new TableColumn("used").RightAligned());
        foreach (var meter in meters)
        {
            var record = meter.Meter.Record;
            var block = Supply.Block(record);
            var units = (int)Math.Min(record.State.CreditUnits, 200);
            table.AddRow(
                record.Settings.MeterPan.DecoderReferenceNumber.ToString(),
                $"{ExactDecimal.Format(record.State.CreditUnits, 1)} kWh",
                $"[{(units < 20 ? "red" : "green")}]{new string('█', units / 10)}[/]{new string('░', 20 - (units / 10))}",
                $"{(block == SupplyBlock.None ? record.Load : 0)} W",
                block == SupplyBlock.None ? "[green]closed[/]" : $"[red]{block}[/]",
                Markup.Escape(meter.LastEntry),
                $"{ExactDecimal.Format(record.CumulativeMicro / Consumption.MicroInUnit, 1)} kWh");
        }

        return table;
    }
}
