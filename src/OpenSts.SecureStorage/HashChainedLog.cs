using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace OpenSts.SecureStorage;

/// <summary>
/// A log file that is appended only, chained by hashes, and written in groups that wait for the disk once.
/// </summary>
/// <remarks>
/// Group commit: an entry gets its number at once and is durable when <see cref="WhenDurable"/> of that number
/// completes. One thread writes; entries that are appended while the disk confirms a group form the next group. A
/// group ends with a seal (HMAC over the chain); what has no seal was never confirmed and is cut off at the next
/// opening. Safe for several threads.
/// </remarks>
public sealed class HashChainedLog : IDisposable
{
    private const int GreatestGroup = 1 << 20;
    private readonly object _lock = new();
    private readonly SafeFileHandle _file;
    private readonly LogAuthentication _authenticate;
    private readonly TimeProvider _time;
    private readonly LogChain _chain;
    private readonly Thread _writer;
    private readonly AutoResetEvent _work = new(initialState: false);
    private readonly byte[] _writtenChain = new byte[32];
    private readonly byte[] _durableChain;
    private byte[] _pending = new byte[1 << 16];
    private byte[] _written = new byte[1 << 16];
    private int _pendingLength;
    private ulong _sequence;
    private ulong _durable;
    private ulong _writtenUntil;
    private long _length;
    private TaskCompletionSource _next = NewGroup();
    private TaskCompletionSource _now = NewGroup();
    private Action? _beforeNextWrite;
    private StorageException? _broken;
    private bool _stopping;

    /// <summary>Goes on behind a position; the file is cut there.</summary>
    /// <param name="file">Open for reading and writing; disposed with the log.</param>
    /// <param name="end">Where the last good group ends (<see cref="LogReport.End"/>).</param>
    /// <param name="authenticate">Makes the seals.</param>
    /// <param name="time">The clock of the entries.</param>
    /// <exception cref="IOException">The file cannot be cut.</exception>
    public HashChainedLog(SafeFileHandle file, LogPosition end, LogAuthentication authenticate, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(authenticate);
        ArgumentNullException.ThrowIfNull(time);
        _file = file;
        _authenticate = authenticate;
        _time = time;
        _chain = new LogChain(end);
        _durableChain = _chain.Value.ToArray();
        _sequence = _durable = _writtenUntil = end.Sequence;
        _length = end.Length;
        if (RandomAccess.GetLength(file) != end.Length)
        {
            RandomAccess.SetLength(file, end.Length);
            RandomAccess.FlushToDisk(file);
        }

        _writer = new Thread(Write) { IsBackground = true, Name = "hash-chained log" };
        _writer.Start();
    }

    /// <summary>Groups that reached the disk since the log was opened.</summary>
    public long Groups { get; private set; }

    /// <summary>The number of the last entry that is on the disk.</summary>
    public ulong Durable
    {
        get
        {
            lock (_lock)
                return _durable;
        }
    }

    /// <summary>Where the last group ends that is on the disk.</summary>
    public LogPosition DurablePosition
    {
        get
        {
            lock (_lock)
                return new LogPosition
                {
                    Sequence = _durable,
                    Length = _length,
                    Chain = Convert.ToHexString(_durableChain),
                };
        }
    }

    /// <summary>
    /// Appends an entry and returns its number; it is durable when <see cref="WhenDurable"/> of that number completes.
    /// </summary>
    /// <param name="kind">1 to 255; 0 is the seal's.</param>
    /// <param name="payload">At most <see cref="LogRecord.MaxPayloadLength"/> octets.</param>
    /// <exception cref="StorageException">An earlier write failed; nothing is taken any more.</exception>
    public ulong Append(byte kind, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(kind, LogRecord.SealKind);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, LogRecord.MaxPayloadLength, nameof(payload));
        var milliseconds = _time.GetUtcNow().ToUnixTimeMilliseconds();
        ulong sequence;
        bool wake;
        lock (_lock)
        {
            ThrowIfUnusable();
            // Entries come faster than the disk confirms them: wait until a group has left.
            while (_pendingLength > GreatestGroup)
                WaitForTheWriter();
            wake = _pendingLength == 0;
            sequence = ++_sequence;
            Room(LogReader.GreatestFrame);
            Close(LogRecord.Encode(_pending.AsSpan(_pendingLength + 4), sequence, milliseconds, kind, payload));
        }

        if (wake)
            _ = _work.Set();
        return sequence;
    }

    /// <summary>
    /// Completes when the entry is on the disk; fails with a <see cref="StorageException"/> when it never will be.
    /// </summary>
    public Task WhenDurable(ulong sequence)
    {
        lock (_lock)
        {
            if (sequence <= _durable)
                return Task.CompletedTask;
            if (_broken is not null)
                return Task.FromException(_broken);
            return sequence <= _writtenUntil ? _now.Task : _next.Task;
        }
    }

    /// <summary>Waits on this thread until an entry is on the disk.</summary>
    /// <exception cref="StorageException">It never will be.</exception>
    public void WaitUntilDurable(ulong sequence)
    {
        lock (_lock)
        {
            while (sequence > _durable)
            {
                if (_broken is not null)
                    throw _broken;
                WaitForTheWriter();
            }
        }
    }

    /// <summary>
    /// Waits until everything that was appended before the call is on the disk; returns where the log on the disk then
    /// ends.
    /// </summary>
    /// <exception cref="StorageException">It never will be.</exception>
    public LogPosition Flush()
    {
        lock (_lock)
        {
            WaitUntilDurable(_pendingLength == 0 ? _writtenUntil : _sequence);
            ThrowIfUnusable();
            return DurablePosition;
        }
    }

    /// <summary>
    /// Runs an action on the log's thread before the next group is written: no later entry is durable before it
    /// succeeded.
    /// </summary>
    /// <remarks>When it throws, the log takes nothing any more, as after a failed write.</remarks>
    public void RunBeforeNextWrite(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        lock (_lock)
            _beforeNextWrite += action;
    }

    /// <summary>Writes what is left and closes the file.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_stopping)
                return;
            _stopping = true;
        }

        _ = _work.Set();
        _writer.Join();
        _chain.Dispose();
        _work.Dispose();
        _file.Dispose();
    }

    private static TaskCompletionSource NewGroup() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void ThrowIfUnusable()
    {
        if (_broken is not null)
            throw _broken;
        ObjectDisposedException.ThrowIf(_stopping, this);
    }

    private void WaitForTheWriter()
    {
        _ = Monitor.Wait(_lock);
        if (_broken is not null)
            throw _broken;
    }

    private void Room(int octets)
    {
        if (_pending.Length - _pendingLength < octets)
            Array.Resize(ref _pending, _pending.Length * 2);
    }

    // Puts the length before the body that was written behind the pending octets, and the chain's link behind it.
    private void Close(int length)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_pending.AsSpan(_pendingLength), (uint)length);
        _chain.Add(_pending.AsSpan(_pendingLength + 4, length));
        _chain.Link.CopyTo(_pending.AsSpan(_pendingLength + 4 + length));
        _pendingLength += 4 + length + LogRecord.LinkLength;
    }

    private void Seal()
    {
        Room(LogReader.GreatestFrame);
        Span<byte> mac = stackalloc byte[LogRecord.MacLength];
        _authenticate(_chain.Value, mac);
        Close(LogRecord.Encode(_pending.AsSpan(_pendingLength + 4), ++_sequence, _time.GetUtcNow()
            .ToUnixTimeMilliseconds(), LogRecord.SealKind, mac));
        _chain.Value.CopyTo(_writtenChain);
    }

    private void Write()
    {
        while (true)
        {
            int length;
            TaskCompletionSource group;
            Action? before;
            lock (_lock)
            {
                length = _pendingLength;
                if (length == 0 && _stopping)
                    return;
                if (length != 0)
                {
                    Seal();
                    length = _pendingLength;
                    (_pending, _written) = (_written, _pending);
                    _pendingLength = 0;
                    _writtenUntil = _sequence;
                    _now = _next;
                    _next = NewGroup();
                }

                group = _now;
                before = length == 0 ? null : _beforeNextWrite;
                if (before is not null)
                    _beforeNextWrite = null;
            }

            if (length == 0)
            {
                _ = _work.WaitOne();
                continue;
            }

            try
            {
                before?.Invoke();
                RandomAccess.Write(_file, _written.AsSpan(0, length), _length);
                RandomAccess.FlushToDisk(_file);
            }
            catch (Exception error)
            {
                // After a failed flush nobody knows what is on the disk: the log ends here until it is opened again.
                // An exception that nobody foresaw ends it in the same way and not the process.
                Break(error, group);
                return;
            }

            lock (_lock)
            {
                _length += length;
                _durable = _writtenUntil;
                _writtenChain.CopyTo(_durableChain, 0);
                Groups++;
                Monitor.PulseAll(_lock);
            }

            group.SetResult();
        }
    }

    private void Break(Exception error, TaskCompletionSource group)
    {
        var broken = new StorageException(StorageFault.Storage,
            $"The log could not be written ({error.Message}); nothing that waited for it may be answered.", error);
        TaskCompletionSource pending;
        lock (_lock)
        {
            _broken = broken;
            pending = _next;
            Monitor.PulseAll(_lock);
        }

        group.SetException(broken);
        _ = group.Task.Exception;
        pending.SetException(broken);
        _ = pending.Task.Exception;
    }
}
