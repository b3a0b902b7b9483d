using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using OpenSts.Cli.Terminal;
using OpenSts.Cosem.Hosting;
using OpenSts.Cosem.Meters;
using OpenSts.Cosem.Server;
using OpenSts.Dlms.Listening;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Server;
using OpenSts.Keys;
using OpenSts.Metering;

namespace OpenSts.Cli.Cosem;

/// <summary><c>sts cosem serve</c>: a meter in memory as a DLMS/COSEM server, until it is interrupted.</summary>
internal static class ServeCommand
{
    private const string TestPan = "600727000000000009";
    private const string TestGroup = "201457";
    private const string TestVendingKey = "abababababababab949494949494949401234567";

    public static Command Create()
    {
        var bind = new Option<string>("--bind")
        {
            Description = "Address to listen on",
            DefaultValueFactory = _ => "127.0.0.1",
        };
        var port = new Option<int?>("--port") { Description = "TCP port for the wrapper; 0 for any that is free" };
        var hdlcPort = new Option<int?>("--hdlc-port") { Description = "TCP port for HDLC; 0 for any that is free" };
        var device = new Option<string?>("--device")
        {
            Description = "Serial device for HDLC, such as /dev/ttyUSB0 or /dev/ttyUSB0:9600,8N1"
        };
        var counters = new Option<string?>("--counter-file")
        {
            Description =
                "Where invocation counters are kept; without it a recording can be played again after a restart"
        };
        var newCounters = new Option<bool>("--new-counter-file")
        {
            Description = "Create the counter file where it does not exist: for keys that were never used before"
        };
        var keyStore = new Option<string?>("--key-store")
        {
            Description =
                "Where new keys are kept that come by key transfer or key agreement; without it, or without a master key, they are refused"
        };
        var certificates = new Option<string?>("--certificates")
        {
            Description = "Folder with root.pem, for key agreement and signatures in suites 1 and 2"
        };
        var window = new Option<int>("--block-window")
        {
            Description = "How many blocks of general block transfer the server takes before it answers, 1 to 63",
            DefaultValueFactory = _ => 8,
        };
        var pdu = new Option<int>("--pdu")
        {
            Description = "The longest APDU the server takes, 64 to 65535",
            DefaultValueFactory = _ => 1024,
        };
        var octetTimes = new Option<bool>("--octet-string-times")
        {
            Description = "112.11 and 113.10 as octet-string and not as date-time"
        };
        var push = new Option<string?>("--push")
        {
            Description = "Address and port, such as 127.0.0.1:4060, to which alarms are told"
        };
        var meter = new KeyOptions();
        var keys = new CosemKeyOptions();
        var command = new Command("serve", "Be a meter that forgets everything at its end, for trying clients")
        {
            bind,
            port,
            hdlcPort,
            device,
            counters,
            newCounters,
            keyStore,
            certificates,
            pdu,
            window,
            octetTimes,
            push,
        };
        meter.AddTo(command);
        keys.AddTo(command);
        return command.Does(parsed =>
        {
            if (parsed.GetValue(pdu) is not (>= 64 and <= ushort.MaxValue and var maximum))
                throw new CliException("--pdu: permitted are 64 to 65535");
            if (parsed.GetValue(window) is < 1 or > 63)
                throw new CliException("--block-window: permitted are 1 to 63");
            if (!IPAddress.TryParse(parsed.GetValue(bind), out var address))
                throw new CliException("--bind is not an IP address");
            IPEndPoint? told = null;
            if (parsed.GetValue(push) is { } text && !(IPEndPoint.TryParse(text, out told) && told.Port > 0))
                throw new CliException("--push is not an IP address and a port");
            using var meterKey = Meter(parsed, meter, out var attributes);
            var settings = new MeterSettings
            {
                MeterPan = attributes.MeterPan,
                EncryptionAlgorithm = attributes.EncryptionAlgorithm,
            };
            var inMemory = new InMemoryMeter(settings, MeterState.AtManufacture(meterKey, attributes, default),
                TimeProvider.System);
            var store = CosemServing.OpenCounters("--counter-file", parsed.GetValue(counters),
                parsed.GetValue(newCounters), "--new-counter-file");
            using var logging = CommandLogging.Create();
            var log = logging.CreateLogger("sts.cosem");
            using var served = Serve(inMemory, keys.Read(parsed), store, parsed.GetValue(keyStore),
                parsed.GetValue(certificates), usual => usual with
                {
                    MaximumPdu = (ushort)maximum,
                    BlockWindow = parsed.GetValue(window),
                    DateTimesAreOctetStrings = parsed.GetValue(octetTimes),
                    Push = told is null ? null : new PushOptions { Destination = told.ToString() },
                }, log);
            return RunAsync(inMemory, served.Server, served.Keys, log, address, parsed.GetValue(port),
                parsed.GetValue(hdlcPort), parsed.GetValue(device), told, parsed.WantsJson()).GetAwaiter().GetResult();
        });
    }

    private static MeterServer Serve(
        InMemoryMeter meter, CosemKeys keys, IInvocationCounterStore store, string? keyStore, string? certificates,
            Func<ServerOptions, ServerOptions> configure, ILogger log)
    {
        try
        {
            return new MeterServer(meter, keys, store, keyStore, certificates, configure, log);
        }
        catch (HostException error)
        {
            throw new CliException(error.Message);
        }
    }

    private static async Task<int> RunAsync(ICosemMeter meter, DlmsServer server, ServerKeys keys, ILogger log,
        IPAddress address, int? port, int? hdlcPort, string? device, IPEndPoint? told, bool json)
    {
        using var ending = new CancellationTokenSource();
        using var quiet = new IdleMemoryCompactor(TimeProvider.System);
        using var interrupt = System.Runtime.InteropServices.PosixSignalRegistration.Create(
            System.Runtime.InteropServices.PosixSignal.SIGINT, Stop);
        using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(
            System.Runtime.InteropServices.PosixSignal.SIGTERM, Stop);
        var listeners = new List<DlmsListener>();
        try
        {
            if (port is not null || (hdlcPort is null && device is null))
                Listen("wrapper", port ?? DlmsListener.UsualPort, () => new WrapperServerSession(server));
            if (hdlcPort is { } number)
                Listen("hdlc", number, () => new HdlcServerSession(server));
            if (told is not null)
                _ = new AlarmPush(server, meter, log)
                    .RunAsync(cancellation => ReachAsync(told, cancellation), TimeProvider.System, ending.Token);
            if (device is not null)
                await ServeDeviceAsync(server, device, json, log, ending.Token).ConfigureAwait(false);
            else
                await Task.Delay(Timeout.Infinite, ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Interrupted: the usual end.
        }
        catch (SocketException error)
        {
            throw new CliException(error.Message);
        }
        finally
        {
            foreach (var listener in listeners)
                await listener.DisposeAsync().ConfigureAwait(false);
            keys.Current.Counters.Settle();
        }

        return ExitCode.Good;

        void Stop(System.Runtime.InteropServices.PosixSignalContext context)
        {
            context.Cancel = true;
            ending.Cancel();
        }

        void Listen(string kind, int at, Func<IServerSession> open)
        {
            if (at is < 0 or > ushort.MaxValue)
                throw new CliException("ports are 0 to 65535");
            var listener = new DlmsListener(new IPEndPoint(address, at), open, logger: log);
            listeners.Add(listener);
            Say(json, kind, listener.Endpoint.ToString());
        }
    }

    private static async ValueTask<Stream> ReachAsync(IPEndPoint told, CancellationToken cancellation)
    {
        var socket = new Socket(told.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(told, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // A session that fails, or ends after a wrong password, is followed by a new one: the line is the only way to the
    // meter.
    private static async Task ServeDeviceAsync(DlmsServer server, string device, bool json, ILogger logger,
        CancellationToken ending)
    {
        var stream = CosemOptions.Device(device);
        await using (stream.ConfigureAwait(false))
        {
            Say(json, "hdlc", device);
            while (true)
            {
                using var session = new HdlcServerSession(server);
                if (!await ServerPump.RunAsync(stream, session, Timeout.InfiniteTimeSpan, logger, ending)
                    .ConfigureAwait(false))
                    return;
                await Task.Delay(TimeSpan.FromMilliseconds(100), ending).ConfigureAwait(false);
            }
        }
    }

    private static void Say(bool json, string kind, string where)
    {
        Console.Out.WriteLine(json ? new JsonObject
        {
            ["listening"] = kind,
            ["at"] = where,
        }.ToJsonString(JsonText.Readable) : $"listening for {kind} at {where}");
        Console.Out.Flush();
    }

    // The meter of the options, or the test meter of the compliance suites.
    private static DecoderKey Meter(ParseResult parsed, KeyOptions options, out DecoderKeyAttributes attributes)
    {
        var request = new JsonObject { ["op"] = "decoderKey" };
        if (options.HasKey(parsed))
        {
            options.Write(parsed, request);
        }
        else
        {
            options.Write(parsed, request,
                new JsonObject { ["meter"] = new JsonObject { ["pan"] = TestPan, ["supplyGroupCode"] = TestGroup } });
            request["vendingKey"] = TestVendingKey;
        }

        var key = Requests.ReadKey(request, out var found, out var error);
        if (key is null || found is null)
        {
            key?.Dispose();
            throw new CliException(error?.Message ?? "the meter needs --pan, --sgc and --ti");
        }

        attributes = found;
        return key;
    }
}
