using System.CommandLine;
using System.Net;
using Microsoft.Extensions.Logging;
using OpenSts.Batch;
using OpenSts.Cli.Cosem;
using OpenSts.Cli.Terminal;
using OpenSts.Cosem.Hosting;
using OpenSts.Cosem.Meters;
using OpenSts.Meter;
using OpenSts.Meter.Carriers.LocalPort;
using OpenSts.Meter.Simulation;
using OpenSts.SerialPorts;

namespace OpenSts.Cli.Meters;

/// <summary><c>sts meter serve</c>: a meter in a file with its ports open and a load that draws. Ends by Ctrl-C and
/// SIGTERM.</summary>
internal static class MeterServeCommand
{
    private static readonly TimeSpan ReopenAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DelayOnALine = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var file = new MeterFileArguments();
        var line = new PortLine();
        var pty = new Option<bool>("--pty") { Description = "Make a pseudo-terminal and print its name" };
        var session = new Option<bool>("--require-session")
        {
            Description = "Answer commands only after an identity request"
        };
        var delay = new Option<int?>("--reply-delay")
        {
            Description = "Milliseconds before an answer, 0 to 1500 (default: 0 on TCP, 200 on a line)"
        };
        var load = new Option<string>("--load")
        {
            Description = "none, household, W (or litres an hour), or 24 hourly values with commas",
            DefaultValueFactory = _ => "none",
        };
        var speed = new Option<int>("--speed")
        {
            Description = "How much faster than real time the load draws, 1 to 86400",
            DefaultValueFactory = _ => 1
        };
        var cosem = new Option<string?>("--cosem")
        {
            Description = "Serve DLMS/COSEM on HOST:PORT, with the TCP wrapper"
        };
        var hdlc = new Option<string?>("--cosem-hdlc") { Description = "Serve DLMS/COSEM on HOST:PORT, with HDLC" };
        var certificates = new Option<string?>("--cosem-certificates")
        {
            Description = "Folder with the signature key and certificates of DLMS/COSEM (suites 1 and 2)",
        };
        var newCounters = new Option<bool>("--cosem-new-counter-file")
        {
            Description = "Create the counter file FILE.counters where a meter that was served before has lost it; give "
                + "it new keys first",
        };
        var cosemKeys = new CosemKeyOptions();
        var command = new Command(
            "serve", "Open a meter's ports: the local port on TCP, a serial line or a pseudo-terminal; DLMS/COSEM");
        file.AddTo(command);
        foreach (Option option in (Option[])[pty, session, delay, load, speed])
            command.Options.Add(option);
        line.AddTo(command);
        foreach (Option option in (Option[])[cosem, hdlc, certificates, newCounters])
            command.Options.Add(option);
        cosemKeys.AddTo(command);
        return command.Does(async (parsed, stop) =>
        {
            if (!LoadProfile.TryParse(parsed.GetValue(load), out var profile))
                throw new CliException(
                    $"--load: '{Excerpt.Of(parsed.GetValue(load))}' is not a load; use none, household, one number "
                        + $"or 24, each 0 to {LoadProfile.Largest}");
            if (parsed.GetValue(speed) is < 1 or > 86_400)
                throw new CliException($"--speed: {parsed.GetValue(speed)} is out of range; use 1 to 86400");
            if (parsed.GetValue(delay) is < 0 or > 1500)
                throw new CliException($"--reply-delay: {parsed.GetValue(delay)} is out of range; use 0 to 1500");
            var (wrapper, overHdlc) = (
                PortLine.EndPoint("--cosem", parsed.GetValue(cosem)),
                PortLine.EndPoint("--cosem-hdlc", parsed.GetValue(hdlc)));
            var path = file.Path(parsed);
            using var opened = file.Open(parsed);
            var host = wrapper is null && overHdlc is null ? null : new CosemHostOptions
            {
                Wrapper = wrapper?.ToString(),
                Hdlc = overHdlc?.ToString(),
                CounterFile = path + ".counters",
                // A meter that was never served over DLMS/COSEM has used no key yet.
                NewCounterFile = parsed.GetValue(newCounters) || !opened.Meter.Record.Settings.HasAccount,
                KeyStore = path + ".cosem-keys",
                Certificates = parsed.GetValue(certificates) is { } folder ? Path.GetFullPath(folder) : null,
                Keys = cosemKeys.Names(parsed),
            };
            var localPort = new LocalPortOptions(
                line.EndPoint(parsed), line.Serial(parsed), parsed.GetValue(pty), parsed.GetValue(delay),
                new LocalPortSettings { RequiresSession = parsed.GetValue(session) });
            localPort.Require(host is not null);
            using var logging = CommandLogging.Create();
            await RunAsync(
                opened.Meter, profile, parsed.GetValue(speed), localPort, host, logging.CreateLogger("sts.meter"),
                stop);
            return ExitCode.Good;
        }).WithExamples(
            (
                "Open the local port on TCP, with a household's load at 60 times its speed",
                "sts meter serve my.meter --tcp 127.0.0.1:5205 --load household --speed 60"),
            ("Open the local port on a pseudo-terminal", "sts meter serve my.meter --pty"),
            (
                "Serve DLMS/COSEM with the keys for laboratories",
                "sts meter serve my.meter --cosem 127.0.0.1:4059 --laboratory"));
    }

    private static async Task RunAsync(
        PaymentMeter meter,
        LoadProfile profile,
        int speed,
        LocalPortOptions localPort,
        CosemHostOptions? host,
        ILogger logger,
        CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var serving = host is null ? null : await CosemServing.StartAsync(new LiveMeter(meter), host);
        try
        {
            List<Task> parts = [
                SimulatedLoad.RunAsync(meter, profile, speed, TimeProvider.System, logger, ending.Token)];
            if (localPort.IsGiven)
                parts.Add(ServeLocalPortAsync(meter, localPort, logger, ending.Token));
            if (serving is not null)
                parts.Add(serving.Ended);
            var first = await Task.WhenAny(parts);
            var isCosemGone = serving is not null && serving.Ended.IsCompleted && !stop.IsCancellationRequested;
            await ending.CancelAsync();
            // The first to end may have failed: its exception ends the command, after the meter was saved.
            meter.Save();
            await first;
            await Task.WhenAll(parts.Where(part => part != serving?.Ended));
            if (isCosemGone)
                throw new CliException("the process that served DLMS/COSEM has ended");
        }
        finally
        {
            if (serving is not null)
                await serving.DisposeAsync();
        }
    }

    private static Task ServeLocalPortAsync(
        PaymentMeter meter, LocalPortOptions options, ILogger logger, CancellationToken stop)
    {
        if (options.Address is { } address)
            return ServeTcpAsync(meter, address, options, logger, stop);
        return ServeLineAsync(meter, options, logger, stop);
    }

    private static async Task ServeTcpAsync(
        PaymentMeter meter, IPEndPoint address, LocalPortOptions options, ILogger logger, CancellationToken stop)
    {
        using var server = new LocalPortServer(
            address, meter, options.Settings, options.Delay(TimeSpan.Zero), TimeProvider.System, logger);
        Console.Out.WriteLine($"serving {server.Address}");
        await server.RunAsync(stop);
    }

    private static async Task ServeLineAsync(
        PaymentMeter meter, LocalPortOptions options, ILogger logger, CancellationToken stop)
    {
        using var terminal = options.MakesPseudoTerminal ? PseudoTerminal.Create() : null;
        using var line = options.Serial is { } serial ? SerialLine.Open(serial) : null;
        var stream = terminal?.Stream ?? line!.Stream;
        var settings = options.Settings with
        {
            Parity = line is null ? ParityHandling.InTheEighthBit : PortLine.Parity(line)
        };
        Console.Out.WriteLine($"serving {terminal?.DeviceName ?? options.Serial!.PortName}");
        // A pseudo-terminal that nobody has open reads as an error: try again until somebody opens it.
        while (!stop.IsCancellationRequested)
        {
            await LocalPortPump.ServeAsync(
                stream, new LocalPortSession(meter, settings), TimeProvider.System, options.Delay(DelayOnALine),
                logger, stop);
            await Task.Delay(ReopenAfter, stop).ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private sealed record LocalPortOptions(
        IPEndPoint? Address,
        SerialPortSettings? Serial,
        bool MakesPseudoTerminal,
        int? DelayMilliseconds,
        LocalPortSettings Settings)
    {
        public bool IsGiven => Address is not null || Serial is not null || MakesPseudoTerminal;

        public TimeSpan Delay(TimeSpan usual) =>
            DelayMilliseconds is { } given ? TimeSpan.FromMilliseconds(given) : usual;

        public void Require(bool hasCosem)
        {
            if (MakesPseudoTerminal && (Serial is not null || Address is not null))
                throw new CliException(
                    $"{(Serial is not null ? "--serial" : "--tcp")} and --pty are both given; use one of them");
            if (!IsGiven && !hasCosem)
                throw new CliException(
                    "no port is given; use --tcp HOST:PORT, --serial DEVICE, --pty or --cosem HOST:PORT");
        }
    }
}
