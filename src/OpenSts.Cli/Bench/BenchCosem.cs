using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OpenSts.Cli.Cosem;
using OpenSts.Cli.Terminal;
using OpenSts.Cosem.Client;
using OpenSts.Cosem.Hosting;
using OpenSts.Cosem.Objects;
using OpenSts.Dlms.Acse;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Security;
using OpenSts.Dlms.Values;

namespace OpenSts.Cli.Bench;

/// <summary><c>sts bench cosem</c>: measures how many requests a server on this machine answers.</summary>
internal static class BenchCosem
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);
    private static readonly MethodCall EnterToken = new(new MemberReference(115, PaymentObis.TokenGateway, 1),
        CosemValue.OctetString([.. Enumerable.Repeat((byte)'1', 20)]));

    private enum Work
    {
        Enter,
        Session,
        Idle,
    }

    public static Command Create()
    {
        var port = new Option<int>("--port")
        {
            Description = "TCP port of the server on this machine",
            DefaultValueFactory = _ => 4059,
        };
        var connections = new Option<int>("--connections")
        {
            Description = "Connections at once, each with a system title of its own",
            DefaultValueFactory = _ => 1,
        };
        var seconds = new Option<int>("--seconds") { Description = "How long", DefaultValueFactory = _ => 5 };
        var work = new Option<Work>("--work")
        {
            Description =
                "Enter: protected calls of enter. Session: associate, enter, release. Idle: hold public associations",
            DefaultValueFactory = _ => Work.Enter,
        };
        var keys = new CosemKeyOptions();
        var command = new Command("cosem", "Measure the requests per second of a running 'sts cosem serve'")
        {
            port,
            connections,
            seconds,
            work,
        };
        keys.AddTo(command);
        return command.Does(parsed =>
        {
            if (parsed.GetValue(connections) is not (>= 1 and <= 4000 and var count) || parsed.GetValue(seconds)
                is not (>= 1 and <= 3600 and var time))
                throw new CliException(
                    $"--connections {parsed.GetValue(connections)}, --seconds {parsed.GetValue(seconds)}: out of range"
                        + "; use 1 to 4000 connections and 1 to 3600 seconds");
            using var read = keys.Read(parsed);
            if (read.Encryption is null)
                throw new CliException(
                    "the server's keys are missing: give --encryption-key-file and --authentication-key-file, or "
                        + "--laboratory");
            try
            {
                return RunAsync(new IPEndPoint(IPAddress.Loopback, parsed.GetValue(port)), read, count,
                    TimeSpan.FromSeconds(time), parsed.GetValue(work), parsed.WantsJson()).GetAwaiter().GetResult();
            }
            catch (Exception error) when (error is DlmsException or SocketException)
            {
                Console.Error.WriteLine($"sts bench cosem: {error.Message}");
                return ExitCode.Negative;
            }
        }).WithExamples(("Measure entering tokens on four connections", "sts bench cosem --laboratory --connections 4 "
            + "--seconds 10"));
    }

    private static async Task<int> RunAsync(IPEndPoint server, CosemKeys keys, int connections, TimeSpan time,
        Work work, bool json)
    {
        var counter = await MeterClient.ReadCounterAsync(await ConnectAsync(server, 16).ConfigureAwait(false))
            .ConfigureAwait(false);
        var watch = Stopwatch.StartNew();
        // One thread sends the calls of every connection. A session has a thread of its own, whose reads block. Idle
        // connections need no thread.
        var counts = work == Work.Enter
            ? [Enter(server, keys, connections, counter + 1, watch, time)]
            : await Task.WhenAll(Enumerable.Range(0, connections).Select(number => work == Work.Idle
                ? IdleAsync(server, time)
                : Task.Factory.StartNew(() => SessionsAsync(server, Settings(keys, number, counter + 1), watch, time)
                    .GetAwaiter().GetResult(), TaskCreationOptions.LongRunning)))
                .ConfigureAwait(false);
        var elapsed = watch.Elapsed.TotalSeconds;
        var rate = counts.Sum() / elapsed;
        Console.Out.WriteLine(json
            ? string.Create(CultureInfo.InvariantCulture,
                $$"""{"work":"{{work}}","connections":{{connections}},"count":{{counts.Sum()}},"perSecond":{{rate:F0}}}""")
            : string.Create(CultureInfo.InvariantCulture,
                $"{work.ToString().ToLowerInvariant()} on {connections} connection(s): {counts.Sum()} in {elapsed:F1} s, {rate:F0}/s"));
        return ExitCode.Good;
    }

    private static ClientOptions Settings(CosemKeys keys, int number, uint counter) => new()
    {
        Mechanism = AuthenticationMechanism.HighLevelGmac,
        Suite = keys.Suite,
        EncryptionKey = keys.Encryption,
        AuthenticationKey = keys.Authentication,
        // The server keeps the invocation counters of 64 clients.
        Title = SystemTitle.Create("BCH", (ulong)(number % 32)),
        FirstCounter = counter,
    };

    private static long Enter(IPEndPoint server, CosemKeys keys, int connections, uint counter, Stopwatch watch,
        TimeSpan time)
    {
        var opened = new Dictionary<Socket, BenchConnection>();
        try
        {
            for (var number = 0; number < connections; number++)
            {
                var settings = Settings(keys, number, counter);
                var connection = new BenchConnection(server, settings, EnterToken, AnswerTimeout);
                opened.Add(connection.Socket, connection);
            }

            foreach (var connection in opened.Values)
                connection.Send();
            long count = 0;
            var ready = new List<Socket>();
            for (var outstanding = connections; outstanding > 0;)
            {
                Wait(opened, ready);
                var isRunning = watch.Elapsed < time;
                foreach (var socket in ready)
                {
                    var connection = opened[socket];
                    if (!connection.TryReceive())
                        continue;
                    count++;
                    if (isRunning)
                        connection.Send();
                    else
                        outstanding--;
                }
            }

            foreach (var connection in opened.Values)
                connection.Release();
            return count;
        }
        finally
        {
            foreach (var connection in opened.Values)
                connection.Dispose();
        }
    }

    private static void Wait(Dictionary<Socket, BenchConnection> opened, List<Socket> ready)
    {
        ready.Clear();
        ready.AddRange(opened.Keys);
        // A response takes some ten microseconds. One connection is polled for it; with several, another response is
        // usually there already.
        if (ready is [var alone] && PollingStream.TryPoll(alone))
            return;
        Socket.Select(ready, null, null, AnswerTimeout);
        if (ready.Count == 0)
            throw new DlmsException(DlmsFault.Connection, "the server did not answer within 30 seconds");
    }

    private static async Task<long> SessionsAsync(IPEndPoint server, ClientOptions settings, Stopwatch watch,
        TimeSpan time)
    {
        long count = 0;
        while (watch.Elapsed < time)
        {
            var client = await DlmsClient.OpenAsync(Connect(server), settings).ConfigureAwait(false);
            await using (client.ConfigureAwait(false))
            {
                _ = await client.CallAsync(EnterToken).ConfigureAwait(false);
                count++;
                settings = settings with { FirstCounter = client.NextCounter };
            }
        }

        return count;
    }

    private static async Task<long> IdleAsync(IPEndPoint server, TimeSpan time)
    {
        var client = await DlmsClient.OpenAsync(await ConnectAsync(server, 16).ConfigureAwait(false),
            new ClientOptions()).ConfigureAwait(false);
        await using (client.ConfigureAwait(false))
            await Task.Delay(time).ConfigureAwait(false);
        return 1;
    }

    private static WrapperTransport Connect(IPEndPoint server)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(server);
            socket.ReceiveTimeout = socket.SendTimeout = (int)AnswerTimeout.TotalMilliseconds;
            return new WrapperTransport(new PollingStream(socket, Thread.CurrentThread), 1);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<IDlmsTransport> ConnectAsync(IPEndPoint server, ushort sap)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server).ConfigureAwait(false);
            return new WrapperTransport(new NetworkStream(socket, ownsSocket: true), sap);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
