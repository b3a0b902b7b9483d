using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;
using OpenSts.Meter.Simulation;
using OpenSts.Meter.Simulation.Fleets;
using Spectre.Console;

namespace OpenSts.Cli.Meters.Fleets;

/// <summary><c>sts meter fleet</c>: many virtual meters, live in the terminal; with --load as many as fit,
/// measured.</summary>
internal static class FleetCommand
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250);

    /// <param name="name">fleet, or the name of the version before, wall, which the help does not show.</param>
    public static Command Create(string name)
    {
        var meters = new Option<int>("--meters")
        {
            Description = "How many meters, 1 to 200",
            DefaultValueFactory = _ => 12
        };
        var speed = new Option<int>("--speed")
        {
            Description = "How much faster than real time, 1 to 86400",
            DefaultValueFactory = _ => 3600
        };
        var seconds = new Option<int>("--seconds")
        {
            Description = "How long to run; 0: until stopped",
            DefaultValueFactory = _ => 0
        };
        var seed = new Option<int>("--seed")
        {
            Description = "The same seed gives the same run",
            DefaultValueFactory = _ => 1
        };
        var load = new Option<int>("--load")
        {
            Description = "Measure this many meters at once, 1000 to 10000000: memory of one, decisions per "
                + "second",
            DefaultValueFactory = _ => 0,
        };
        var folder = new Option<DirectoryInfo?>("--folder")
        {
            Description = "Run the meters in this folder, which take what a vending server sells"
        };
        var feed = new Option<string>("--feed")
        {
            Description = "The vending server",
            DefaultValueFactory = _ => "http://127.0.0.1:8080"
        };
        var key = VendingServerOptions.KeyFile();
        var command = new Command(name, "Watch many virtual meters, or measure a million")
        {
            meters, speed, seconds, seed, load, folder, feed, key
        };
        command.Hidden = name != "fleet";
        return command.Does(parsed =>
        {
            Require("--meters", parsed.GetValue(meters), 1, 200);
            Require("--speed", parsed.GetValue(speed), 1, 86_400);
            Require("--seconds", parsed.GetValue(seconds), 0, 86_400);
            if (parsed.GetValue(folder) is { } site)
            {
                var server = VendingServerOptions.Address("--feed", parsed.GetValue(feed)!);
                return RunFolder(
                    site.FullName, server, VendingServerOptions.Key(parsed.GetValue(key)), parsed.GetValue(speed));
            }

            if (parsed.GetValue(load) != 0)
            {
                Require("--load", parsed.GetValue(load), 1_000, 10_000_000);
                return Measure(parsed.GetValue(load), parsed.GetValue(seed), parsed.WantsJson());
            }

            Watch(
                parsed.GetValue(meters), parsed.GetValue(speed), parsed.GetValue(seconds),
                new Random(parsed.GetValue(seed)));
            return ExitCode.Good;
        }).WithExamples(
            ("Watch twelve meters with customers", "sts meter fleet"),
            ("Measure a million meters", "sts meter fleet --load 1000000"),
            (
                "Run the meters of a site that ./run made",
                "sts meter fleet --folder site/meters --api-key-file site/first-start.txt"));
    }

    private static int Measure(int count, int seed, bool json)
    {
        var measured = FleetBenchmark.Run(count, seed);
        if (json)
        {
            Commands.WriteJson(new JsonObject
            {
                ["meters"] = measured.Meters,
                ["bytesPerMeter"] = (long)Math.Round(measured.BytesPerMeter),
                ["entries"] = measured.Entries,
                ["entriesPerSecond"] = (long)Math.Round(measured.EntriesPerSecond),
                ["wrongAnswers"] = measured.WrongAnswers,
            });
        }
        else
        {
            Console.Out.WriteLine(
                $"{measured.Meters:N0} meters, {measured.BytesPerMeter:N0} bytes each; {measured.Entries:N0} entries, "
                + $"{measured.EntriesPerSecond:N0} a second on one core (half accepted, a quarter used, a quarter "
                    + "wrong); "
                + $"{measured.WrongAnswers} wrong answers");
        }

        return measured.WrongAnswers == 0 ? ExitCode.Good : ExitCode.Negative;
    }

    private static int RunFolder(string folder, Uri server, string apiKey, int speed)
    {
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var fleet = new StoredFleet(folder, TimeProvider.System);
        using var tokens = new VendingServerTokens(server, apiKey);
        using var readings = new VendingServerReadings(server, apiKey);
        if (Console.IsOutputRedirected)
        {
            Run(
                token =>
                    Console.Out.WriteLine(
                        $"{token.MeterPan} {token.Digits} {OpenSts.Metering.TokenResults.StandardName(token.Result)}"),
                () => { });
        }
        else
        {
            Table Show() =>
                FleetTable.Of(
                    fleet, tokens.Problem ?? readings.Problem ?? "sell to one of them and watch; Ctrl-C ends");
            AnsiConsole.Live(Show()).Start(live => Run(_ => { }, () => live.UpdateTarget(Show())));
        }

        return ExitCode.Good;

        void Run(Action<EnteredSoldToken> entered, Action stepped) =>
            fleet.RunAsync(
                speed, LoadProfile.Household, tokens, readings, entered, stepped, stop.Token).GetAwaiter().GetResult();

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static void Require(string option, int held, int minimum, int maximum)
    {
        if (held < minimum || held > maximum)
            throw new CliException($"{option}: {held} is out of range; use {minimum} to {maximum}");
    }

    private static void Watch(int count, int speed, int seconds, Random random)
    {
        var start = DateTimeOffset.UtcNow;
        var customers = Enumerable.Range(0, count).Select(
            i => new SimulatedCustomer(1000 + i, start, random, LoadProfile.Household)).ToArray();
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        var end = seconds == 0 ? long.MaxValue : Environment.TickCount64 + (seconds * 1000L);
        void Step()
        {
            foreach (var customer in customers)
                customer.Step(Refresh * speed);
        }

        if (Console.IsOutputRedirected)
        {
            // Nobody watches: the time is simulated at once, and only the end is shown.
            for (var i = 0; i < Math.Max(1, seconds) * 4; i++)
                Step();
            Commands.Out.Write(FleetTable.Of(customers));
            return;
        }

        AnsiConsole.Live(FleetTable.Of(customers)).Start(live =>
        {
            while (!stop.IsCancellationRequested && Environment.TickCount64 < end)
            {
                Step();
                live.UpdateTarget(FleetTable.Of(customers));
                stop.Token.WaitHandle.WaitOne(Refresh);
            }
        });
    }
}
