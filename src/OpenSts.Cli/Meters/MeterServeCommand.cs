using System.CommandLine;
using System.Net;
using System.Net.Sockets;
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

/// <summary><c>sts meter serve</c>: a meter in a file with its local port open and a load that draws.</summary>
internal static class MeterServeCommand
{
    private static readonly TimeSpan SaveEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var file = MeterFiles.Argument();
        var line = new PortLine();
        var pty = new Option<bool>("--pty") { Description = "Make a pseudo-terminal and say its name" };
        var session = new Option<bool>("--require-session") { Description = "Answer commands only after an identity request" };
        var delay = new Option<int?>("--reply-delay") { Description = "Milliseconds before an answer, 0 to 1500 (default: 0 on TCP, 200 on a line)" };
        var load = new Option<string>("--load") { Description = "none, household, W (or litres an hour), or 24 hourly values with commas", DefaultValueFactory = _ => "none" };
        var speed = new Option<int>("--speed") { Description = "How much faster than real time the load draws, 1 to 86400", DefaultValueFactory = _ => 1 };
        var command = new Command("serve", "Open a meter's ports: the local port on TCP, a serial line or a pseudo-terminal; DLMS/COSEM") { file, pty, session, delay, load, speed };
        var cosem = new Option<string?>("--cosem") { Description = "Serve DLMS/COSEM on HOST:PORT, with the TCP wrapper" };
        var hdlc = new Option<string?>("--cosem-hdlc") { Description = "Serve DLMS/COSEM on HOST:PORT, with HDLC" };
        var certificates = new Option<string?>("--cosem-certificates") { Description = "Folder with the signature key and certificates of DLMS/COSEM (suites 1 and 2)" };
        var newCounters = new Option<bool>("--cosem-new-counter-file") { Description = "Create the counter file METER.counters where it does not exist: for keys that were never used before" };
        var cosemKeys = new CosemKeyOptions();
        line.AddTo(command);
        command.Options.Add(cosem);
        command.Options.Add(hdlc);
        command.Options.Add(certificates);
        command.Options.Add(newCounters);
        cosemKeys.AddTo(command);
        return command.Does(parsed =>
        {
            if (!LoadProfile.TryParse(parsed.GetValue(load), out var profile))
                throw new CliException($"--load held '{Excerpt.Of(parsed.GetValue(load))}'; permitted is none, household, one number or 24, each 0 to {LoadProfile.Largest}");
            if (parsed.GetValue(speed) is < 1 or > 86_400)
                throw new CliException($"--speed held {parsed.GetValue(speed)}; permitted is 1 to 86400");
            if (parsed.GetValue(delay) is < 0 or > 1500)
                throw new CliException($"--reply-delay held {parsed.GetValue(delay)}; permitted is 0 to 1500");
            var endPoint = line.EndPoint(parsed);
            var (kept, meter) = MeterFiles.Open(parsed.GetValue(file)!, TimeProvider.System);
            using (kept)
            using (var stop = new CancellationTokenSource())
            {
                Console.CancelKeyPress += (_, pressed) =>
                {
                    pressed.Cancel = true;
                    stop.Cancel();
                };
                using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, signal =>
                {
                    signal.Cancel = true;
                    stop.Cancel();
                });
                var port = new LocalPortSettings { RequiresSession = parsed.GetValue(session) };
                var (wrapper, overHdlc) = (PortLine.EndPoint("--cosem", parsed.GetValue(cosem)), PortLine.EndPoint("--cosem-hdlc", parsed.GetValue(hdlc)));
                var live = wrapper is null && overHdlc is null ? null : CosemServing.StartAsync(new LiveMeter(meter), new CosemHostOptions
                {
                    Wrapper = wrapper?.ToString(),
                    Hdlc = overHdlc?.ToString(),
                    CounterFile = parsed.GetValue(file)!.FullName + ".counters",
                    NewCounterFile = parsed.GetValue(newCounters),
                    KeyStore = parsed.GetValue(file)!.FullName + ".cosem-keys",
                    Certificates = parsed.GetValue(certificates) is { } folder ? Path.GetFullPath(folder) : null,
                    Keys = cosemKeys.Names(parsed),
                }).GetAwaiter().GetResult();
                var hasPort = endPoint is not null || line.Serial(parsed) is not null || parsed.GetValue(pty);
                var serving = live is not null && !hasPort ? Task.Delay(Timeout.Infinite, stop.Token).ContinueWith(_ => { }, TaskScheduler.Default)
                    : endPoint is not null
                    ? ServeTcp(endPoint, meter, port, TimeSpan.FromMilliseconds(parsed.GetValue(delay) ?? 0), stop.Token)
                    : ServeLine(line.Serial(parsed), parsed.GetValue(pty), meter, port, TimeSpan.FromMilliseconds(parsed.GetValue(delay) ?? 200), stop.Token);
                var drawing = DrawAsync(meter, profile, parsed.GetValue(speed), stop.Token);
                Task.WhenAny(serving, drawing, live?.Ended ?? serving).GetAwaiter().GetResult().GetAwaiter().GetResult();
                var isAlone = live is not null && live.Ended.IsCompleted && !stop.IsCancellationRequested;
                stop.Cancel();
                drawing.GetAwaiter().GetResult();
                live?.DisposeAsync().AsTask().GetAwaiter().GetResult();
                meter.Save();
                if (isAlone)
                    throw new CliException("the process that served DLMS/COSEM has ended");
            }

            return ExitCode.Good;
        });
    }

    private static async Task ServeTcp(IPEndPoint endPoint, PaymentMeter meter, LocalPortSettings settings, TimeSpan delay, CancellationToken stop)
    {
        using var listener = new TcpListener(endPoint);
        listener.Start();
        Console.Out.WriteLine($"serving {listener.LocalEndpoint}");
        while (true)
        {
            TcpClient connection;
            try
            {
                connection = await listener.AcceptTcpClientAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            _ = ServeConnection(connection, meter, settings, delay, stop);
        }
    }

    private static async Task ServeConnection(TcpClient connection, PaymentMeter meter, LocalPortSettings settings, TimeSpan delay, CancellationToken stop)
    {
        using (connection)
        {
            try
            {
                await LocalPortPump.ServeAsync(connection.GetStream(), Server(meter, settings), TimeProvider.System, delay, Report, stop);
            }
            catch (Exception error) when (error is IOException or OperationCanceledException)
            {
                // The other side is gone, or the meter is being turned off.
            }
        }
    }

    private static async Task ServeLine(SerialPortSettings? serial, bool makePty, PaymentMeter meter, LocalPortSettings settings, TimeSpan delay, CancellationToken stop)
    {
        if (serial is null == !makePty)
            throw new CliException(makePty ? "--serial and --pty are both given; permitted is one" : "no port is given; --tcp HOST:PORT, --serial DEVICE, --pty or --cosem HOST:PORT names one");
        using var terminal = makePty ? PseudoTerminal.Create() : null;
        using var line = serial is null ? null : SerialLine.Open(serial);
        var stream = terminal?.Stream ?? line!.Stream;
        var parity = line is null ? ParityHandling.InTheEighthBit : PortLine.Parity(line);
        Console.Out.WriteLine($"serving {terminal?.DeviceName ?? serial!.PortName}");
        // A pseudo-terminal nobody has opened yet, or that was closed again, reads as an error: wait for the next.
        while (!stop.IsCancellationRequested)
        {
            var pump = LocalPortPump.ServeAsync(stream, Server(meter, settings with { Parity = parity }), TimeProvider.System, delay, Report, stop);
            if (await Task.WhenAny(pump, Task.Delay(Timeout.Infinite, stop)) != pump)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
        }
    }

    private static LocalPortSession Server(PaymentMeter meter, LocalPortSettings settings) => new(meter, () => meter.Record, () => meter.LockedFor, settings);

    private static void Report(IOException error) => Console.Error.WriteLine($"sts meter serve: a token was not accepted: {error.Message}");

    private static async Task DrawAsync(PaymentMeter meter, LoadProfile profile, int speed, CancellationToken stop)
    {
        var sinceSave = TimeSpan.Zero;
        using var timer = new PeriodicTimer(Tick);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                meter.Draw(profile.At(DateTimeOffset.Now), Tick * speed);
                sinceSave += Tick;
                if (sinceSave < SaveEvery)
                    continue;
                meter.Save();
                sinceSave = TimeSpan.Zero;
            }
        }
        catch (OperationCanceledException)
        {
            // Turned off.
        }
    }
}
