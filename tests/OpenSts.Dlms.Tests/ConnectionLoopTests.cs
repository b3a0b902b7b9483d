using System.Net;
using System.Net.Sockets;
using OpenSts.Cosem.Tests;
using OpenSts.Dlms.Listening;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Tests;

/// <summary>Connections that are slow, silent, greedy or too many, against both ways of serving them.</summary>
public class ConnectionLoopTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public static TheoryData<string> Ways => OperatingSystem.IsLinux() ? ["one thread", "tasks"] : ["tasks"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Connections_AskingAtOnce_EachHearTheirOwnAnswers(string way)
    {
        await using var served = new Served(way, () => new Echo());
        using var first = served.Connect();
        using var second = served.Connect();
        for (var i = 0; i < 50; i++)
        {
            first.Send([(byte)i]);
            second.Send([(byte)(100 + i)]);
            Assert.Equal([(byte)i], Read(first, 1));
            Assert.Equal([(byte)(100 + i)], Read(second, 1));
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Meter_ThatTakesItsTime_HoldsUpItsOwnConnectionAlone(string way)
    {
        var meter = new TaskCompletionSource();
        var sessions = new Queue<IServerSession>([new Echo(meter.Task), new Echo()]);
        await using var served = new Served(way, sessions.Dequeue);
        using var slow = served.Connect();
        await served.UntilOpen(1);
        using var quick = served.Connect();
        slow.Send([1]);
        quick.Send([2]);
        Assert.Equal([2], Read(quick, 1));
        slow.Send([3]);
        Assert.Equal(0, slow.Available);
        meter.SetResult();
        Assert.Equal([1, 3], Read(slow, 2));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Peer_ThatDoesNotTakeItsAnswers_HoldsUpNobodyAndLosesNothing(string way)
    {
        // Far more than the system's buffers of two sockets hold.
        var large = new byte[32 * 1024 * 1024];
        new Random(7).NextBytes(large);
        var sessions = new Queue<IServerSession>([new Echo(answer: large), new Echo()]);
        await using var served = new Served(way, sessions.Dequeue);
        using var greedy = served.Connect();
        await served.UntilOpen(1);
        using var other = served.Connect();
        greedy.Send([1]);
        other.Send([2]);
        Assert.Equal([2], Read(other, 1));
        Assert.Equal(large, Read(greedy, large.Length));
        greedy.Send([1]);
        Assert.Equal(large, Read(greedy, large.Length));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Silence_LongerThanPatience_EndsTheConnection(string way)
    {
        var session = new Echo();
        await using var served = new Served(way, () => session, idleTimeout: TimeSpan.FromMilliseconds(200));
        using var silent = served.Connect();
        Assert.Empty(Read(silent, 1));
        await served.UntilOpen(0);
        Assert.True(session.IsDisposed);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Peer_ThatNeverTakesItsAnswer_IsGivenUp(string way)
    {
        await using var served = new Served(way, () => new Echo(answer: new byte[32 * 1024 * 1024]),
            idleTimeout: TimeSpan.FromMilliseconds(300));
        using var greedy = served.Connect();
        greedy.Send([1]);
        await served.UntilOpen(0);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Connections_BeyondTheMost_AreClosedAtOnceAndAPlaceIsUsedAgain(string way)
    {
        await using var served = new Served(way, () => new Echo(), most: 2);
        using var first = served.Connect();
        using var second = served.Connect();
        await served.UntilOpen(2);
        using var third = served.Connect();
        Assert.Empty(Read(third, 1));
        first.Dispose();
        await served.UntilOpen(1);
        // The place is free a moment after the count says so.
        for (var end = DateTime.UtcNow + Limit; ;)
        {
            using var fourth = served.Connect();
            fourth.Send([9]);
            if (Read(fourth, 1) is [9])
                break;
            Assert.True(DateTime.UtcNow < end);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Session_ThatFailsOrEnds_EndsItsConnectionAlone(string way)
    {
        var sessions = new Queue<IServerSession>([new Echo(),
            new Echo(Task.FromException(new IOException("no room for counters"))), new Echo(goesOn: false),
            new Echo(Late())]);
        await using var served = new Served(way, sessions.Dequeue);
        using var good = served.Connect();
        await served.UntilOpen(1);
        using (var failing = served.Connect())
        {
            failing.Send([1]);
            Assert.Empty(Read(failing, 1));
        }

        using (var ending = served.Connect())
        {
            ending.Send([2]);
            Assert.Equal([2], Read(ending, 2));
        }

        using (var failingLater = served.Connect())
        {
            failingLater.Send([3]);
            Assert.Empty(Read(failingLater, 1));
        }

        good.Send([4]);
        Assert.Equal([4], Read(good, 1));
        Assert.Equal(["no room for counters", "the meter's process has ended"],
            served.Log.Errors.Select(each => each.Message).Order());

        static async Task Late()
        {
            await Task.Delay(50);
            throw new IOException("the meter's process has ended");
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task End_WithConnectionsOpen_EndsThemAndTheirWaits(string way)
    {
        var sessions = new Queue<Echo>([new Echo(), new Echo(new TaskCompletionSource().Task)]);
        var (idle, waiting) = (sessions.First(), sessions.Last());
        var served = new Served(way, sessions.Dequeue);
        using var first = served.Connect();
        await served.UntilOpen(1);
        using var second = served.Connect();
        second.Send([1]);
        await waiting.Asked.WaitAsync(Limit, TestContext.Current.CancellationToken);
        await served.DisposeAsync();
        Assert.Empty(Read(first, 1));
        Assert.Empty(Read(second, 1));
        Assert.True(idle.IsDisposed && waiting.IsDisposed);
        using var late = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _ = Assert.Throws<SocketException>(() => late.Connect(served.Endpoint));
    }

    // What comes until there are so many octets, or until the end.
    private static byte[] Read(Socket socket, int count)
    {
        var octets = new byte[count];
        var at = 0;
        try
        {
            while (at < count && socket.Receive(octets.AsSpan(at)) is > 0 and var read)
                at += read;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            // An end as well.
        }

        return octets[..at];
    }

    private sealed class Served : IAsyncDisposable
    {
        private readonly IConnectionLoop _serving;

        public Served(string way, Func<IServerSession> open, int most = 100, TimeSpan? idleTimeout = null)
        {
            var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            Endpoint = (IPEndPoint)listener.LocalEndPoint!;
            _serving = way == "one thread" && OperatingSystem.IsLinux()
                ? new EpollConnectionLoop(listener, open, most, idleTimeout ?? Limit, Log)
                : new TaskConnectionLoop(listener, open, most, idleTimeout ?? Limit, Log);
        }

        public CollectingLogger Log { get; } = new();

        public IPEndPoint Endpoint { get; }

        public Socket Connect()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            {
                NoDelay = true,
                ReceiveTimeout = (int)Limit.TotalMilliseconds,
            };
            socket.Connect(Endpoint);
            return socket;
        }

        public async Task UntilOpen(int count)
        {
            for (var end = DateTime.UtcNow + Limit; _serving.Count != count; await Task.Delay(5))
                Assert.True(DateTime.UtcNow < end, $"{_serving.Count} connections are open");
        }

        public ValueTask DisposeAsync() => _serving.DisposeAsync();
    }

    /// <summary>Answers what it hears, or always the same, once its meter is done.</summary>
    private sealed class Echo(Task? meter = null, byte[]? answer = null, bool goesOn = true) : IServerSession
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public bool IsDisposed { get; private set; }

        public async ValueTask<bool> ReceiveAsync(ReadOnlyMemory<byte> octets, WireWriter destination,
            CancellationToken cancellation)
        {
            var heard = octets.ToArray();
            _asked.TrySetResult();
            if (meter is not null)
                await meter.WaitAsync(cancellation);
            destination.Bytes(answer ?? heard);
            return goesOn;
        }

        public void Dispose() => IsDisposed = true;
    }
}
