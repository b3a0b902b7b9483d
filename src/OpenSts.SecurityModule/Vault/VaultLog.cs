using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using OpenSts.SecureStorage;

namespace OpenSts.SecurityModule.Vault;

/// <summary>The log of an open vault: appended only, chained, and written in groups that wait for the disk once.</summary>
/// <remarks>
/// Whoever appends gets a number and waits until it is durable. One thread writes: while the disk confirms a group, the next one
/// gathers. A group ends with a seal; what has no seal was never confirmed and is dropped at the next opening.
/// </remarks>
internal sealed class VaultLog : IDisposable
{
    private const int GreatestGroup = 1 << 20;
    private readonly Lock _gate = new();
    private readonly SafeFileHandle _file;
    private readonly VaultCipher _cipher;
    private readonly TimeProvider _time;
    private readonly LogChain _chain;
    private readonly Thread _writer;
    private readonly AutoResetEvent _work = new(initialState: false);
    private byte[] _gathering = new byte[1 << 16];
    private byte[] _flying = new byte[1 << 16];
    private int _gathered;
    private ulong _sequence;
    private ulong _durable;
    private ulong _flyingUntil;
    private long _length;
    private TaskCompletionSource _next = NewGroup();
    private TaskCompletionSource _now = NewGroup();
    private StorageException? _broken;
    private bool _stopping;

    /// <summary>Goes on behind <paramref name="end"/>; the file is cut there.</summary>
    public VaultLog(SafeFileHandle file, LogPosition end, VaultCipher cipher, TimeProvider time)
    {
        _file = file;
        _cipher = cipher;
        _time = time;
        _chain = new LogChain(end);
        _sequence = _durable = _flyingUntil = end.Sequence;
        _length = end.Length;
        if (RandomAccess.GetLength(file) != end.Length)
        {
            RandomAccess.SetLength(file, end.Length);
            RandomAccess.FlushToDisk(file);
        }

        _writer = new Thread(Write) { IsBackground = true, Name = "vault log" };
        _writer.Start();
    }

    /// <summary>Groups that reached the disk since the vault was opened.</summary>
    public long Groups { get; private set; }

    /// <summary>The number of the last entry that is on the disk.</summary>
    public ulong Durable
    {
        get
        {
            lock (_gate)
                return _durable;
        }
    }

    /// <summary>Appends an entry; it is durable when <see cref="WhenDurable"/> of its number completes.</summary>
    /// <exception cref="StorageException">An earlier write failed; nothing is taken any more.</exception>
    public ulong Append(LogEntryKind kind, int register, in VaultCounters counters, ulong generation, ReadOnlySpan<char> text)
    {
        if (text.Length * 3 > LogEntry.GreatestText && System.Text.Encoding.UTF8.GetByteCount(text) > LogEntry.GreatestText)
            throw new ArgumentException($"A text of the log has at most {LogEntry.GreatestText} octets.", nameof(text));
        var milliseconds = _time.GetUtcNow().ToUnixTimeMilliseconds();
        ulong sequence;
        bool wake;
        lock (_gate)
        {
            if (_broken is not null)
                throw _broken;
            ObjectDisposedException.ThrowIf(_stopping, this);
            // Nobody gathers faster than the disk confirms for long: wait for a group to leave.
            while (_gathered > GreatestGroup && _broken is null)
                WaitForRoom();
            wake = _gathered == 0;
            sequence = ++_sequence;
            Room(LogReader.GreatestFrame);
            var length = LogEntry.Encode(_gathering.AsSpan(_gathered + 4), sequence, milliseconds, kind, register, counters, generation, text);
            Close(length);
        }

        if (wake)
            _ = _work.Set();
        return sequence;
    }

    /// <summary>Completes when the entry is on the disk; fails with a <see cref="StorageException"/> when it will not be.</summary>
    public Task WhenDurable(ulong sequence)
    {
        lock (_gate)
        {
            if (sequence <= _durable)
                return Task.CompletedTask;
            if (_broken is not null)
                return Task.FromException(_broken);
            return sequence <= _flyingUntil ? _now.Task : _next.Task;
        }
    }

    /// <summary>Waits for everything appended so far and tells where the log then stands.</summary>
    public LogPosition Flush()
    {
        while (true)
        {
            Task pending;
            lock (_gate)
            {
                if (_broken is not null)
                    throw _broken;
                if (_gathered == 0 && _flyingUntil == _durable)
                    return new LogPosition { Sequence = _sequence, Length = _length, Chain = Convert.ToHexString(_chain.Value) };
                pending = _gathered == 0 ? _now.Task : _next.Task;
            }

            pending.GetAwaiter().GetResult();
        }
    }

    public void Dispose()
    {
        lock (_gate)
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

    private void WaitForRoom()
    {
        var group = _next.Task;
        _gate.Exit();
        try
        {
            group.Wait();
        }
        catch (AggregateException)
        {
            // The cause is in _broken, which the caller of this method reads next.
        }
        finally
        {
            _gate.Enter();
        }

        if (_broken is not null)
            throw _broken;
    }

    private void Room(int octets)
    {
        if (_gathering.Length - _gathered < octets)
            Array.Resize(ref _gathering, _gathering.Length * 2);
    }

    // Puts length, chain link and end to the body that was written behind the gathered octets.
    private void Close(int length)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_gathering.AsSpan(_gathered), (uint)length);
        _chain.Add(_gathering.AsSpan(_gathered + 4, length));
        _chain.Link.CopyTo(_gathering.AsSpan(_gathered + 4 + length));
        _gathered += 4 + length + LogEntry.LinkLength;
    }

    private void Seal()
    {
        Room(LogReader.GreatestFrame);
        var body = _gathering.AsSpan(_gathered + 4);
        var length = LogEntry.Encode(body, ++_sequence, _time.GetUtcNow().ToUnixTimeMilliseconds(), LogEntryKind.Seal, 0, default, 0, "");
        _cipher.MacOfLog(_chain.Value, body.Slice(length, LogEntry.MacLength));
        Close(length + LogEntry.MacLength);
    }

    private void Write()
    {
        while (true)
        {
            int length;
            TaskCompletionSource group;
            lock (_gate)
            {
                length = _gathered;
                if (length == 0 && _stopping)
                    return;
                if (length != 0)
                {
                    Seal();
                    length = _gathered;
                    (_gathering, _flying) = (_flying, _gathering);
                    _gathered = 0;
                    _flyingUntil = _sequence;
                    _now = _next;
                    _next = NewGroup();
                }

                group = _now;
            }

            if (length == 0)
            {
                _ = _work.WaitOne();
                continue;
            }

            try
            {
                RandomAccess.Write(_file, _flying.AsSpan(0, length), _length);
                RandomAccess.FlushToDisk(_file);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // After a failed flush nobody knows what is on the disk: the log ends here until the vault is opened again.
                var broken = new StorageException(StorageFault.Storage, "The log could not be written; nothing that waited for it may be answered.", error);
                TaskCompletionSource gathering;
                lock (_gate)
                {
                    _broken = broken;
                    gathering = _next;
                }

                group.SetException(broken);
                _ = group.Task.Exception;
                gathering.SetException(broken);
                _ = gathering.Task.Exception;
                return;
            }

            lock (_gate)
            {
                _length += length;
                _durable = _flyingUntil;
                Groups++;
            }

            group.SetResult();
        }
    }
}
