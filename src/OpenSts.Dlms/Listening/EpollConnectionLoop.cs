using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using OpenSts.Dlms.Server;
using OpenSts.Dlms.Wire;

namespace OpenSts.Dlms.Listening;

/// <summary>
/// Serves all connections of a listening socket on one thread of its own, which waits for all of them at once.
/// </summary>
/// <remarks>
/// A meter answers one request at a time, so further threads would wait for each other. A peer that sends slowly, or
/// does not take its answers, costs nothing but its place; a session that waits for its meter lets the others go on.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class EpollConnectionLoop : IConnectionLoop
{
    private const int ReadyAtOnce = 32;
    private const int BufferOctets = 16 * 1024;
    private const int StackOctets = 512 * 1024;
    private const int AcceptPause = 20;
    private const int MostPassed = 16;
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(2);
    private static readonly long LookFor = Stopwatch.Frequency / 20_000;
    private readonly Socket _listener;
    private readonly int _listening;
    private readonly Func<IServerSession> _open;
    private readonly int _maximumConnections;
    private readonly long _idleTimeout;
    private readonly ILogger _logger;
    private readonly int _sweepEvery;
    private readonly int _wait;
    private readonly int _bell;
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<int, Connection> _connections = [];
    private readonly ConcurrentQueue<(Connection Connection, WireWriter Answer, bool GoesOn)> _answered = [];
    private byte[] _buffer = new byte[BufferOctets];
    private WireWriter _answer = new();
    private int _count;
    private int _waiting;
    private long _now;
    private long _lastSweep;
    private long _acceptsFrom;
    private int _lastServed;
    private int _missed;
    private int _toPass;

    /// <summary>Begins to serve.</summary>
    /// <param name="listener">The listening socket; it is the loop's from now on.</param>
    /// <param name="open">A session for each connection.</param>
    /// <param name="maximumConnections">Further connections are closed at once.</param>
    /// <param name="idleTimeout">How long a connection stays open that neither sends nor takes its answers.</param>
    /// <param name="logger">Takes the exceptions of sessions.</param>
    /// <exception cref="IOException">The system has no descriptor left.</exception>
    public EpollConnectionLoop(Socket listener, Func<IServerSession> open, int maximumConnections,
        TimeSpan idleTimeout, ILogger logger)
    {
        _listener = listener;
        _listener.Blocking = false;
        // Accepted sockets take it over.
        _listener.NoDelay = true;
        _listening = (int)listener.Handle;
        _open = open;
        _maximumConnections = maximumConnections;
        _idleTimeout = idleTimeout == Timeout.InfiniteTimeSpan ? -1 : (long)idleTimeout.TotalMilliseconds;
        _logger = logger;
        _sweepEvery = (int)Math.Clamp(_idleTimeout / 8, 10, 5000);
        _wait = LinuxSockets.OpenWait();
        _bell = LinuxSockets.OpenBell();
        LinuxSockets.Watch(_wait, _bell, Readiness.Read);
        LinuxSockets.Watch(_wait, _listening, Readiness.Read);
        new Thread(Run, StackOctets) { IsBackground = true, Name = "COSEM connections" }.Start();
    }

    /// <summary>How many connections are open.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>
    /// Ends every connection and stops listening. A session that waits for its meter is given two seconds.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_ending.IsCancellationRequested)
            return;
        await _ending.CancelAsync().ConfigureAwait(false);
        LinuxSockets.Ring(_bell);
        await _ended.Task.ConfigureAwait(false);
        _listener.Dispose();
        _ending.Dispose();
    }

    private void Run()
    {
        Span<int> ready = stackalloc int[ReadyAtOnce];
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                Turn(ready);
            }
            catch (Exception error)
            {
                // The fault of one turn must not end the thread that serves everybody.
                ListenerEvents.LoopFailed(_logger, error);
            }
        }

        foreach (var connection in _connections.Values.Where(each => !each.IsWaiting).ToArray())
            Close(connection);
        var end = Environment.TickCount64 + (long)EndTimeout.TotalMilliseconds;
        while (_waiting > 0 && Environment.TickCount64 < end)
            Turn(ready);
        // A wait that is still on would ring a bell that is somebody else's descriptor by then.
        if (_waiting == 0)
            LinuxSockets.Close(_bell);
        LinuxSockets.Close(_wait);
        Array.Clear(_buffer);
        _ended.SetResult();
    }

    private void Turn(Span<int> ready)
    {
        var count = Look(ready);
        if (count == 0)
            count = LinuxSockets.Wait(_wait, ready, WaitFor());
        _now = Environment.TickCount64;
        _lastServed = count == 1 ? ready[0] : 0;
        foreach (var descriptor in ready[..count])
        {
            if (descriptor == _listening)
                Accept();
            else if (descriptor == _bell)
                TakeAnswers();
            else if (_connections.TryGetValue(descriptor, out var connection))
                Serve(connection);
        }

        if (_acceptsFrom > 0 && _now >= _acceptsFrom)
            AcceptAgain();
        if (_now - _lastSweep >= _sweepEvery)
            Sweep();
    }

    // One request follows the other within some ten microseconds on a fast line, and to be woken costs as much as the
    // answer. So where one connection has the word, a moment is looked before the thread sleeps; where that was in
    // vain, more seldom.
    private int Look(Span<int> ready)
    {
        if (_lastServed == 0 || _lastServed == _listening || _lastServed == _bell)
            return 0;
        if (_toPass > 0)
        {
            _toPass--;
            return 0;
        }

        var end = Stopwatch.GetTimestamp() + LookFor;
        do
        {
            var count = LinuxSockets.Wait(_wait, ready, 0);
            if (count > 0)
            {
                _toPass = _missed = 0;
                return count;
            }

            _ = Thread.Yield();
        }
        while (Stopwatch.GetTimestamp() < end);
        _toPass = _missed = Math.Min(_missed + 1, MostPassed);
        return 0;
    }

    private int WaitFor()
    {
        if (_ending.IsCancellationRequested || _acceptsFrom > 0)
            return AcceptPause;
        return _idleTimeout < 0 || _connections.Count == 0 ? -1 : _sweepEvery;
    }

    private void Accept()
    {
        var descriptor = LinuxSockets.Accept(_listening);
        if (descriptor < 0)
        {
            if (LinuxSockets.Error is LinuxSockets.WouldBlock or LinuxSockets.Interrupted or LinuxSockets.Aborted)
                return;
            // No descriptor left: a moment later there may be one.
            ListenerEvents.AcceptFailed(_logger, LinuxSockets.Error);
            LinuxSockets.Unwatch(_wait, _listening);
            _acceptsFrom = _now + AcceptPause;
            return;
        }

        if (_connections.Count >= _maximumConnections || _ending.IsCancellationRequested)
        {
            LinuxSockets.Close(descriptor);
            return;
        }

        IServerSession session;
        try
        {
            session = _open();
        }
        catch (Exception error)
        {
            ListenerEvents.SessionNotOpened(_logger, error);
            LinuxSockets.Close(descriptor);
            return;
        }

        var connection = new Connection(descriptor, session) { LastMoved = _now };
        _connections.Add(descriptor, connection);
        Volatile.Write(ref _count, _connections.Count);
        _ = TryWatch(connection);
    }

    private void Serve(Connection connection)
    {
        if (!connection.Unsent.IsEmpty)
        {
            SendRest(connection);
            return;
        }

        var count = LinuxSockets.Receive(connection.Descriptor, _buffer);
        if (count < 0 && LinuxSockets.Error is LinuxSockets.WouldBlock or LinuxSockets.Interrupted)
            return;
        if (count <= 0)
        {
            Close(connection);
            return;
        }

        connection.LastMoved = _now;
        _answer.Clear();
        ValueTask<bool> receiving;
        try
        {
            receiving = connection.Session.ReceiveAsync(_buffer.AsMemory(0, count), _answer, _ending.Token);
        }
        catch (Exception error)
        {
            receiving = ValueTask.FromException<bool>(error);
        }

        if (!receiving.IsCompleted)
        {
            AwaitMeter(connection, receiving);
            return;
        }

        // It may have held a password.
        _buffer.AsSpan(0, count).Clear();
        if (receiving.IsCompletedSuccessfully)
            Send(connection, _answer, receiving.Result);
        else
            CloseFailed(connection, receiving);
    }

    private void CloseFailed(Connection connection, ValueTask<bool> receiving)
    {
        try
        {
            _ = receiving.GetAwaiter().GetResult();
        }
        catch (Exception error)
        {
            Log(error);
        }

        Close(connection);
    }

    private void Log(Exception error)
    {
        if (error is not OperationCanceledException)
            ListenerEvents.SessionFailed(_logger, error);
    }

    // The buffers are the session's until it has answered; the loop goes on with others.
    private void AwaitMeter(Connection connection, ValueTask<bool> receiving)
    {
        // Not even an end is listened for: it would make the descriptor ready again and again.
        LinuxSockets.Unwatch(_wait, connection.Descriptor);
        connection.IsWaiting = true;
        _waiting++;
        var (buffer, answer) = (_buffer, _answer);
        (_buffer, _answer) = (new byte[BufferOctets], new WireWriter());
        _ = Await();

        async Task Await()
        {
            var goesOn = false;
            try
            {
                goesOn = await receiving.ConfigureAwait(false);
            }
            catch (Exception error)
            {
                answer.Clear();
                Log(error);
            }
            finally
            {
                // An exception ends this connection and no other.
                Array.Clear(buffer);
                _answered.Enqueue((connection, answer, goesOn));
                LinuxSockets.Ring(_bell);
            }
        }
    }

    private void TakeAnswers()
    {
        LinuxSockets.Silence(_bell);
        while (_answered.TryDequeue(out var answered))
        {
            var (connection, answer, goesOn) = answered;
            connection.IsWaiting = false;
            _waiting--;
            connection.LastMoved = _now;
            if (TryWatch(connection))
                Send(connection, answer, goesOn && !_ending.IsCancellationRequested);
        }
    }

    private void Send(Connection connection, WireWriter answer, bool goesOn)
    {
        var sent = answer.Length == 0 ? 0 : LinuxSockets.Send(connection.Descriptor, answer.Written);
        if (sent == answer.Length)
        {
            if (!goesOn)
                Close(connection);
            return;
        }

        if (sent < 0 && LinuxSockets.Error is not (LinuxSockets.WouldBlock or LinuxSockets.Interrupted))
        {
            Close(connection);
            return;
        }

        // The peer takes nothing more for now: no further request is read until it does.
        connection.Unsent = answer.Written[Math.Max(sent, 0)..].ToArray();
        connection.EndsWhenSent = !goesOn;
        LinuxSockets.Rewatch(_wait, connection.Descriptor, Readiness.Write);
    }

    private void SendRest(Connection connection)
    {
        var sent = LinuxSockets.Send(connection.Descriptor, connection.Unsent.Span);
        if (sent < 0)
        {
            if (LinuxSockets.Error is not (LinuxSockets.WouldBlock or LinuxSockets.Interrupted))
                Close(connection);
            return;
        }

        connection.LastMoved = _now;
        connection.Unsent = connection.Unsent[sent..];
        if (!connection.Unsent.IsEmpty)
            return;
        connection.Unsent = default;
        if (connection.EndsWhenSent)
            Close(connection);
        else
            LinuxSockets.Rewatch(_wait, connection.Descriptor, Readiness.Read);
    }

    private void AcceptAgain()
    {
        _acceptsFrom = 0;
        LinuxSockets.Watch(_wait, _listening, Readiness.Read);
    }

    private void Sweep()
    {
        _lastSweep = _now;
        if (_idleTimeout < 0)
            return;
        List<Connection>? silent = null;
        foreach (var connection in _connections.Values)
        {
            if (!connection.IsWaiting && _now - connection.LastMoved > _idleTimeout)
                (silent ??= []).Add(connection);
        }

        // Nobody there any more.
        foreach (var connection in silent ?? [])
            Close(connection);
    }

    private bool TryWatch(Connection connection)
    {
        try
        {
            LinuxSockets.Watch(_wait, connection.Descriptor, Readiness.Read);
            return true;
        }
        catch (IOException)
        {
            // No room in the kernel for one more: the end of one connection is no matter of the others.
            Close(connection);
            return false;
        }
    }

    private void Close(Connection connection)
    {
        _ = _connections.Remove(connection.Descriptor);
        LinuxSockets.Close(connection.Descriptor);
        connection.Session.Dispose();
        Volatile.Write(ref _count, _connections.Count);
    }
}
