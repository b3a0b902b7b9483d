using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenSts.SecureStorage;
using OpenSts.SecurityModule.Transport;
using OpenSts.SecurityModule.Vault;
using OpenSts.SerialPorts;
using OpenSts.Sts6;
using OpenSts.Sts6.Client;
using OpenSts.Sts6.Tests;

namespace OpenSts.SecurityModule.Tests.Transport;

/// <summary>The module on sockets and lines: hosts that behave, hosts that do not, and the client against it.</summary>
public sealed class ServerTests
{
    private const string Published = "SM?VCN1~P600727000000000009~N1~N11~N2~N0~H0001~H014EEC~";
    private const string Answer = "SM!VC00P32D98A5616345BE2E~P58625789986991357486~26E2";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_EveryRequest_IsAnswered()
    {
        await using var served = new Served();
        await using var client = new SecurityModuleClient(new ModuleEndpoint { Host = "127.0.0.1", Port = served.Port });
        var credit = PublishedRequests.Credit;
        Assert.Equal("58625789986991357486", (await client.VendCreditAsync(credit, Cancel)).Value.ToString());
        Assert.Equal(ResponseCode.KeyExpired, (await client.VendCreditAsync(credit with { Register = 7, TokenIdentifier = TokenIdentifier.FromNumber(0x560000) }, Cancel)).Code);
        await PublishedRequests.AskAsync(client, Cancel);
        Assert.Equal("2014", (await client.ReadRegisterAsync(1, Cancel)).Value!.Items["BDT"][..4]);
        Assert.Equal("OPENSTS1", (await client.ReadStatusAsync(Cancel)).Value!.FirmwareId);
    }

    [Fact]
    public async Task Failover_FirstModuleTamperedWith_SecondAnswers()
    {
        await using var first = new Served();
        await using var second = new Served();
        await using var client = new FailoverSecurityModule([new SecurityModuleClient(new ModuleEndpoint { Host = "127.0.0.1", Port = first.Port }), new SecurityModuleClient(new ModuleEndpoint { Host = "127.0.0.1", Port = second.Port })]);
        Assert.Equal(ResponseCode.Successful, (await client.ReadRegisterAsync(1, Cancel)).Code);
        first.Module.Tamper();
        Assert.Equal(ResponseCode.Successful, (await client.ReadRegisterAsync(1, Cancel)).Code);
        second.Module.Tamper();
        Assert.Equal(ResponseCode.TamperedState, (await client.ReadRegisterAsync(1, Cancel)).Code);
    }

    [Fact]
    public async Task Pipeline_ThousandRequestsInOnePiece_AnsweredInOrder()
    {
        await using var served = new Served();
        using var socket = await Served.ConnectAsync(served.LinePort);
        const int count = 1000;
        var all = Enumerable.Range(0, count).SelectMany(i => Line(string.Create(CultureInfo.InvariantCulture, $"GL?EC00004{i:D4}"))).ToArray();
        await socket.SendAsync(all, Cancel);
        for (var i = 0; i < count; i++)
            Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"GL!EC00004{i:D4}"), await ReadLineAsync(socket), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipeline_AnswersWaitForTheDisk_RequestsDoNot()
    {
        using var journal = new SlowJournal();
        await using var served = new Served(journal);
        using var socket = await Served.ConnectAsync(served.LinePort);
        for (var i = 0; i < 5; i++)
        {
            await socket.SendAsync(Line(string.Create(CultureInfo.InvariantCulture, $"SM?VCN1~P600727000000000009~N1~N11~N2~N0~H0001~H014E{i:X2}~")), Cancel);
            await Task.Delay(50, Cancel);
        }

        Assert.Equal(5, journal.Recorded);
        Assert.Equal(0, socket.Available);
        journal.Release(null);
        for (var i = 0; i < 5; i++)
            Assert.StartsWith("SM!VC00", await ReadLineAsync(socket), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drain_RequestsThatArrived_AreAnsweredBeforeTheConnectionEnds()
    {
        using var slow = new SlowJournal();
        await using var served = new Served(slow);
        using var host = await Served.ConnectAsync(served.LinePort);
        await host.SendAsync(Line("SM?VCN1~P600727000000000009~N1~N11~N2~N0~H0001~H014EEC~"), Cancel);
        Assert.True(SpinWait.SpinUntil(() => slow.Recorded > 0, TimeSpan.FromSeconds(10)));
        var drained = served.Server.DrainAsync(TimeSpan.FromSeconds(30));
        Assert.False(drained.IsCompleted);
        slow.Release(null);
        Assert.Equal("SM!VC00P32D98A5616345BE2E~P58625789986991357486~26E2", await ReadLineAsync(host));
        await drained;
        Assert.Equal(0, served.Server.Connections);
        Assert.Equal(0, await host.ReceiveAsync(new byte[1], Cancel));
        await Assert.ThrowsAsync<SocketException>(() => Served.ConnectAsync(served.LinePort));
    }

    [Fact]
    public async Task Disk_Fails_NothingIsAnsweredAndTheModuleSaysSo()
    {
        using var journal = new SlowJournal();
        await using var served = new Served(journal);
        using var socket = await Served.ConnectAsync(served.LinePort);
        await socket.SendAsync(Line(Published), Cancel);
        journal.Release(new StorageException(StorageFault.Storage, "The disk is full."));
        Assert.Equal(0, await socket.ReceiveAsync(new byte[100], Cancel));
        using var next = await Served.ConnectAsync(served.LinePort);
        await next.SendAsync(Line("SM?DI"), Cancel);
        Assert.StartsWith("GL!ER58", await ReadLineAsync(next), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HalfOpen_ManyConnections_OthersAreServed()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("SERVER_HALF_OPEN") ?? "1000", CultureInfo.InvariantCulture);
        await using var served = new Served(limits: new ServerLimits { Connections = count + 100, RequestTime = TimeSpan.FromMinutes(5) });
        var sockets = new List<Socket>();
        try
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            for (var i = 0; i < count; i++)
            {
                var socket = await Served.ConnectAsync(i % 2 == 0 ? served.Port : served.LinePort);
                sockets.Add(socket);
                // A third says nothing, a third begins a frame, a third ends its side.
                if (i % 3 == 1)
                    await socket.SendAsync(new byte[] { 0, 60, 1, 2 }, Cancel);
                else if (i % 3 == 2)
                    socket.Shutdown(SocketShutdown.Send);
            }

            using var good = await Served.ConnectAsync(served.LinePort);
            await good.SendAsync(Line(Published), Cancel);
            Assert.Equal(Answer, await ReadLineAsync(good));
            var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / count;
            TestContext.Current.TestOutputHelper?.WriteLine($"{count} connections, {each} octets each with the test's own end, {served.Server.Connections} open");
            Assert.InRange(each, 0, 16_000);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    [Fact(Timeout = 20_000)]
    public async Task Stranger_BrowserWithAGoodRequestInItsBody_SellsNothing()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var journal = new SlowJournal();
        await using var served = new Served(journal);
        foreach (var port in (int[])[served.LinePort, served.Port])
        {
            using var socket = await Served.ConnectAsync(port);
            var line = Line(Published);
            // On the port for frames a body that begins where the length in "PO" ends.
            byte[] request = [.. "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"u8, .. line];
            byte[] padded = [.. request, .. new byte[2 + 0x504F - request.Length], 0, (byte)(line.Length + 6), 0, 0, 0, 0, 0, 0, .. line];
            await socket.SendAsync(padded, cancel);
            var answer = new byte[4096];
            var length = 0;
            try
            {
                for (int read; (read = await socket.ReceiveAsync(answer.AsMemory(length), cancel)) > 0;)
                    length += read;
            }
            catch (SocketException)
            {
                // Closed with octets of ours unread.
            }

            Assert.DoesNotContain("SM!", Encoding.ASCII.GetString(answer, 0, length), StringComparison.Ordinal);
        }

        Assert.Equal(0, journal.Recorded);
    }

    [Fact]
    public async Task HalfRequest_Dawdles_IsClosed()
    {
        await using var served = new Served(limits: new ServerLimits { RequestTime = TimeSpan.FromMilliseconds(300) });
        using var silent = await Served.ConnectAsync(served.LinePort);
        using var slow = await Served.ConnectAsync(served.LinePort);
        var watch = Stopwatch.StartNew();
        // An octet now and then does not prolong it.
        var closed = false;
        while (!closed && watch.Elapsed < TimeSpan.FromSeconds(5))
        {
            try
            {
                await slow.SendAsync("S"u8.ToArray(), Cancel);
                closed = slow.Poll(50_000, SelectMode.SelectRead) && slow.Available == 0;
            }
            catch (SocketException)
            {
                closed = true;
            }
        }

        Assert.True(closed);
        // Who has not begun may stay.
        await silent.SendAsync(Line("SM?DI"), Cancel);
        Assert.StartsWith("SM!DI00", await ReadLineAsync(silent), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SlowReader_NeverReads_IsClosedAndHoldsUpNobody()
    {
        await using var served = new Served(limits: new ServerLimits { AnswerTime = TimeSpan.FromMilliseconds(500) });
        using var slow = await Served.ConnectAsync(served.LinePort);
        slow.ReceiveBufferSize = 4096;
        var flood = Enumerable.Repeat(Line("SM?QI"), 2000).SelectMany(line => line).ToArray();
        var flooding = Task.Run(async () =>
        {
            try
            {
                for (var i = 0; i < 5000; i++)
                    await slow.SendAsync(flood, Cancel);
                return false;
            }
            catch (SocketException)
            {
                return true;
            }
        }, Cancel);
        using var good = await Served.ConnectAsync(served.LinePort);
        for (var i = 0; i < 20; i++)
        {
            var watch = Stopwatch.StartNew();
            await good.SendAsync(Line("SM?DI"), Cancel);
            Assert.StartsWith("SM!DI00", await ReadLineAsync(good), StringComparison.Ordinal);
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        }

        Assert.True(await flooding);
    }

    [Fact]
    public async Task TooMany_TheLongestSilentOne_IsClosed()
    {
        await using var served = new Served(limits: new ServerLimits { Connections = 3 });
        var first = await Served.ConnectAsync(served.LinePort);
        await Task.Delay(30, Cancel);
        var others = new List<Socket>();
        for (var i = 0; i < 3; i++)
        {
            var other = await Served.ConnectAsync(served.LinePort);
            await other.SendAsync(Line("SM?DI"), Cancel);
            _ = await ReadLineAsync(other);
            others.Add(other);
            await Task.Delay(30, Cancel);
        }

        Assert.Equal(0, await first.ReceiveAsync(new byte[1], Cancel));
        foreach (var other in others)
        {
            await other.SendAsync(Line("SM?DI"), Cancel);
            Assert.StartsWith("SM!DI00", await ReadLineAsync(other), StringComparison.Ordinal);
            other.Dispose();
        }

        first.Dispose();
    }

    [Fact]
    public async Task Tls_WithoutItBeyondThisMachine_Refused()
    {
        await using var served = new Served();
        Assert.Throws<InvalidOperationException>(() => served.Server.ListenTcp(new IPEndPoint(IPAddress.Any, 0), SessionFraming.Wrapped));
        Assert.Throws<InvalidOperationException>(() => served.Server.ListenTcp(new IPEndPoint(IPAddress.IPv6Any, 0), SessionFraming.Lines));
    }

    [Fact]
    public async Task Tls_CertificateOfTheAuthority_IsServedAndNoOther()
    {
        using var authority = new TestAuthority();
        using var foreign = new TestAuthority();
        using var module = Tls(authority, authority.Make("module", isServer: true));
        using var host = Tls(authority, authority.Make("host", isServer: false));
        using var impostor = Tls(authority, authority.Make("impostor", isServer: true));
        using var stranger = Tls(authority, foreign.Make("stranger", isServer: false));
        using var misled = Tls(foreign, authority.Make("misled", isServer: false));
        await using var served = new Served();
        var port = served.Server.ListenTcp(new IPEndPoint(IPAddress.Any, 0), SessionFraming.Wrapped, module);
        Assert.Equal(Answer, await AskAsync(port, host, "module"));
        // A module's certificate is no host's, a stranger's is nobody's, and the host checks the module as well: its authority and its name.
        foreach (var (tls, name) in new[] { (impostor, "module"), (stranger, "module"), (misled, "module"), (host, "another") })
            Assert.True(await Record.ExceptionAsync(() => AskAsync(port, tls, name)) is SecurityModuleException);
        // Without TLS nothing is answered.
        using var plain = await Served.ConnectAsync(port);
        await plain.SendAsync(Line("SM?DI"), Cancel);
        var nothing = await Record.ExceptionAsync(async () => Assert.DoesNotContain("SM!", await ReadLineAsync(plain), StringComparison.Ordinal));
        Assert.NotNull(nothing);
    }

    [Fact]
    public async Task Unix_Socket_IsOursAloneAndAStaleOneIsReplaced()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("ostssock").FullName, "module");
        using (var stale = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            stale.Bind(new UnixDomainSocketEndPoint(path));
        await using (var served = new Served())
        {
            served.Server.ListenUnix(path);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            await using (var asker = await LineAsker.ConnectAsync(new ModuleEndpoint { Transport = ModuleTransport.Unix, Path = path }, Cancel))
                Assert.Equal(Answer, await asker.AskAsync(Published, Cancel));
            Assert.Throws<IOException>(() => served.Server.ListenUnix(path));
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Unix_TheClientOverASocket_VendsAndAnotherUserIsTurnedAway()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("ostssock").FullName, "module");
        File.SetUnixFileMode(Path.GetDirectoryName(path)!, (UnixFileMode)0x1FF);
        await using var served = new Served();
        var reports = served.Reports;
        // Somebody else is permitted: the mode is open and the system's word on who connects decides.
        served.Server.ListenUnix(path, [65_533]);
        await using (var client = new SecurityModuleClient(new ModuleEndpoint { Transport = ModuleTransport.Unix, Path = path }))
            Assert.Equal(ResponseCode.Successful, (await client.VendCreditAsync(PublishedRequests.Credit, Cancel)).Code);
        // Only the superuser can act as another user.
        if (UnixUsers.Current != 0)
            return;
        foreach (var (user, answered) in new[] { (65_534, false), (65_533, true) })
        {
            var start = new System.Diagnostics.ProcessStartInfo("setpriv", [$"--reuid={user}", "--regid=65534", "--clear-groups", "/usr/bin/perl", "-MIO::Socket::UNIX", "-e",
                "my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die; print $s 'SM?DI9A51' . chr(13); $s->flush; sysread($s, my $answer, 200); print $answer", path])
            { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = System.Diagnostics.Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(Cancel);
            await process.WaitForExitAsync(Cancel);
            Assert.Equal(answered, output.StartsWith("SM!DI00", StringComparison.Ordinal));
        }

        Assert.Contains(reports, line => line.Contains("65534", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Serial_PseudoTerminal_AnswersLines()
    {
        using var terminal = PseudoTerminal.Create();
        await using var served = new Served();
        served.Server.OpenSerial(terminal.DeviceName);
        for (var i = 0; i < 3; i++)
        {
            await terminal.Stream.WriteAsync(Line(Published), Cancel);
            Assert.Equal(Answer + "\r", await ReadLineAsync(terminal.Stream));
        }

        await terminal.Stream.WriteAsync("SM?DI9A50\r"u8.ToArray(), Cancel);
        Assert.Equal("GL!ER20A624\r", await ReadLineAsync(terminal.Stream));
    }

    private static async Task<string> ReadLineAsync(Stream stream)
    {
        var line = new List<byte>();
        var octet = new byte[1];
        while (line.Count == 0 || line[^1] != '\r')
        {
            Assert.Equal(1, await stream.ReadAsync(octet, Cancel));
            line.Add(octet[0]);
        }

        return Encoding.ASCII.GetString([.. line]);
    }

    private static MutualTls Tls(TestAuthority believed, (string Certificate, string Key) own) => MutualTls.FromFiles(own.Certificate, own.Key, believed.Authority);

    private static async Task<string> AskAsync(int port, MutualTls tls, string name)
    {
        var endpoint = new ModuleEndpoint { Transport = ModuleTransport.Tls, Host = "127.0.0.1", Port = port, CertificateName = name, Tls = tls };
        await using var asker = await LineAsker.ConnectAsync(endpoint, cancellation: Cancel);
        return await asker.AskAsync(Published, Cancel);
    }

    private static byte[] Line(string request)
    {
        var line = Encoding.ASCII.GetBytes(request);
        var check = new byte[4];
        LineCheck.Write(line, check);
        return [.. line, .. check, (byte)'\r'];
    }

    private static async Task<string> ReadLineAsync(Socket socket)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        var line = new StringBuilder();
        var octet = new byte[1];
        while (true)
        {
            if (await socket.ReceiveAsync(octet, limit.Token) == 0)
                throw new IOException("The module hung up.");
            if (octet[0] == '\r')
                return line.ToString();
            _ = line.Append((char)octet[0]);
        }
    }

    /// <summary>The test registers in test mode, on two ports.</summary>
    private sealed class Served : IAsyncDisposable
    {
        private readonly SoftwareSecurityModule _module;
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _reports = new();

        public Served(ITokenIssueLog? journal = null, ServerLimits? limits = null)
        {
            var settings = new ModuleSettings { TestMode = true };
            _module = journal is null ? SoftwareSecurityModule.WithTestRegisters(settings) : new SoftwareSecurityModule(settings, TestRegisters.Create(), journal);
            Server = new ModuleServer(_module, limits: limits, logger: new ReportingLogger(_reports));
            Port = Server.ListenTcp(new IPEndPoint(IPAddress.Loopback, 0), SessionFraming.Wrapped);
            LinePort = Server.ListenTcp(new IPEndPoint(IPAddress.Loopback, 0), SessionFraming.Lines);
        }

        public ModuleServer Server { get; }

        public IReadOnlyCollection<string> Reports => _reports;

        public SoftwareSecurityModule Module => _module;

        public int Port { get; }

        public int LinePort { get; }

        public static async Task<Socket> ConnectAsync(int port)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port, Cancel);
            return socket;
        }

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            _module.Dispose();
            Assert.DoesNotContain(_reports, line => line.Contains("ended with", StringComparison.Ordinal));
        }
    }

    /// <summary>A disk that confirms nothing until it is told how it ended.</summary>
    private sealed class SlowJournal : ITokenIssueLog, IDisposable
    {
        private readonly TaskCompletionSource _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _recorded;

        public int Recorded => Volatile.Read(ref _recorded);

        public void Release(Exception? error)
        {
            if (error is null)
                _durable.SetResult();
            else
                _durable.SetException(error);
        }

        public ulong Record(int register, in VaultCounters after, ReadOnlySpan<char> text) => (ulong)Interlocked.Increment(ref _recorded);

        public Task WhenDurable(ulong entry) => _durable.Task;

        public IReadOnlyList<string> Read(ulong from, int count, out ulong next)
        {
            next = from;
            return [];
        }

        public void Dispose() => _durable.TrySetCanceled();
    }
}
